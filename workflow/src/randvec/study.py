"""What a configuration trains, compares and shows, and in which files: all that the rules read."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from randvec import figures, matrix, scenarios
from randvec.comparison.pairs import of_the_question, pairs
from randvec.comparison.published import applies
from randvec.config import MAIN, ensembles, kept_epochs, parts, training_of, training_period
from randvec.data.sources import SOURCES, asked_basins, precipitation_of
from randvec.errors import InputError
from randvec.experiments import ANSWER, KINDS
from randvec.figures import files
from randvec.jobs import Job, jobs
from randvec.models import ARCHITECTURES
from randvec.report import contents
from randvec.scenarios import FULL, Ensemble
from randvec.simulation.section import Simulation, simulations

#: What rules and pages are called, or how their names begin. No experiment may be called so, as it
#: is a target and has a page.
RULES = re.compile(
    "all|data|config|resolved_config|virtual_catchments|series|fetch|vectors|"
    "static_vector|members|ensemble|tables|performance|published|figures|summary|run_times|versions|"
    "provenance|pages|main|main_comparison|"
    "(train|predict|table|comparisons|figure|page|simulate|simulated)(_.*)?"
)


class Study:
    """Everything that follows from a configuration before anything is computed.

    Parameters
    ----------
    config : dict
        As `randvec.config.read` gives it, and checked.

    Attributes
    ----------
    folder : str
        ``results/<dataset>``.
    member, ensemble : str
        Folders of a member and of an ensemble, with wildcards.
    seeds : list of int
        Sorted.
    groups : dict of str to list of str
        Names of the descriptors by group.
    real : bool
        Whether the basins are real ones.
    parts : dict of str to list of (scenario, model)
        The main comparison, ``main``, and every experiment.
    ensembles : list of (scenario, model)
        All of them, each once.
    models : dict of str to Model
    scenarios : dict of str to Scenario

    Raises
    ------
    InputError
        If an experiment has a name that a rule, a figure or a table has already.
    """

    def __init__(self, config: dict):
        self.config = config
        self.folder = f"results/{config['dataset']['name']}"
        self.member = f"{self.folder}/members/{{scenario}}/{{model}}/seed{{seed}}"
        self.ensemble = f"{self.folder}/ensembles/{{scenario}}/{{model}}"
        self.seeds = sorted(config["seeds"])
        self.real = SOURCES[config["dataset"]["source"]].real
        self.groups = config["dataset"]["descriptors"]
        self.parts = parts(config)
        self.ensembles = ensembles(config)
        self.models = {code: matrix.parse(code) for _, code in self.ensembles}
        names = dict.fromkeys([FULL, *(name for name, _ in self.ensembles)])
        self.scenarios = {name: scenarios.parse(name) for name in names}
        tables = [table for name in self.experiments for table in self.tables_of_part(name)]
        for name in self.experiments:
            if RULES.fullmatch(name) or name in figures.FIGURES or tables.count(name) > 1:
                raise InputError(
                    f"config: experiments.{name}: a rule, a figure or a table of the workflow has "
                    "this name; choose another"
                )

    @cached_property
    def published(self) -> bool:
        """Whether published results are of these very basins."""
        return applies(self.config["dataset"]["source"], asked_basins(self.config["dataset"]))

    def figure_descriptors(self) -> dict:
        """What figures have to know of descriptors, forcings and vectors, for `FigureInputs`."""
        dataset = self.config["dataset"]
        return {
            "count": self.count_descriptors(),
            "precipitation": precipitation_of(dataset),
            "climate": figures.climate_of(dataset),
            "vector_seed": self.config.get("vector_seed"),
        }

    @property
    def citation(self) -> str:
        """Of the data; empty for virtual catchments."""
        return SOURCES[self.config["dataset"]["source"]].citation

    @property
    def experiments(self) -> dict[str, str]:
        """Name and kind of every experiment."""
        return {name: part["kind"] for name, part in self.config["experiments"].items()}

    @cached_property
    def compared(self) -> dict[str, list[tuple[Ensemble, Ensemble]]]:
        """What each part compares; left out are experiments with nothing to compare or to show."""
        described = {MAIN: self.config, **self.config["experiments"]}
        found = {
            name: pairs(self.parts[name], part.get("references", []))
            for name, part in described.items()
        }
        shown = {name for name, entry in self.figures.items() if "comparisons" in entry.needs}
        return {name: made for name, made in found.items() if made or name in {MAIN, *shown}}

    @cached_property
    def figures(self) -> dict[str, figures.Entry]:
        """The figures that apply, by name."""
        return figures.of_configuration(self.config)

    @cached_property
    def tables(self) -> dict[str, contents.Shown]:
        """The tables and texts of the report, by name: each has a page."""
        return contents.tables_of(
            self.folder, self.experiments, self.compared, self.answered, self.published
        )

    @cached_property
    def jobs(self) -> list[Job]:
        """What one rule each trains."""
        return jobs(self.seeds, self.scenarios, self.config["members_together"])

    @cached_property
    def simulations(self) -> list[Simulation]:
        """What the target simulate makes."""
        return simulations(self.config, self.folder, self.member.replace("{scenario}", FULL))

    @property
    def epochs(self) -> list[str]:
        """The files of a member that hold the weights after an epoch."""
        kept = kept_epochs(self.config["training"])
        return [f"{self.member}/epochs/{epoch}.safetensors" for epoch in kept]

    @property
    def vectors(self) -> list[str]:
        """Names of all static vector tables."""
        found = {self.vector(*named, seed) for named in self.ensembles for seed in self.seeds}
        return sorted(found - {None})

    def count_descriptors(self) -> int:
        """Number of descriptors."""
        return sum(map(len, self.groups.values()))

    def members_of(self, scenario: str, model: str, pattern: str) -> list[str]:
        """The pattern for the members of an ensemble, in the order of the seeds."""
        return [
            pattern.format(
                scenario=scenarios.trained_under(self.scenarios[scenario], seed),
                model=model,
                seed=seed,
            )
            for seed in self.seeds
        ]

    def each_member(self, pattern: str) -> list[str]:
        """The pattern for every member of the run, each once."""
        found = [path for named in self.ensembles for path in self.members_of(*named, pattern)]
        return list(dict.fromkeys(found))

    def each_ensemble(self, pattern: str, chosen: Iterable[Ensemble] | None = None) -> list[str]:
        """The pattern for every ensemble of some, of the whole run by default."""
        chosen = self.ensembles if chosen is None else chosen
        return [pattern.format(scenario=scenario, model=model) for scenario, model in chosen]

    def vector(self, scenario: str, model: str, seed: int) -> str | None:
        """Name of the static vector table of a member; None for a model without statics."""
        seed = self.config.get("vector_seed", seed)
        return scenarios.vector_name(
            self.models[model], self.scenarios[scenario], seed, self.count_descriptors()
        )

    def model_seeds(self, seeds: Sequence[int]) -> list[int]:
        """Seeds of the weights of members."""
        return [self.config.get("model_seed", seed) for seed in seeds]

    def vector_tables(self, scenario: str, model: str, seeds: Iterable[int]) -> list[str]:
        """The static vector tables of members, each once; none for a model without statics."""
        names = dict.fromkeys(self.vector(scenario, model, seed) for seed in seeds)
        return [f"{self.folder}/vectors/{name}.parquet" for name in names if name]

    def configured(self, scenario: str, model: str) -> dict:
        """What follows from the configuration for settings.json of each member of an ensemble."""
        fixed = {"seed": self.config["model_seed"]} if "model_seed" in self.config else {}
        return {
            **fixed,
            "architecture": self.models[model].architecture,
            "training": training_of(self.config, self.models[model]),
            "train_period": training_period(self.config, scenario),
            "basins": self.scenarios[scenario].basins,
        }

    def described(self) -> list[tuple]:
        """Scenario, model, architecture, vector and its length, for every ensemble."""
        return [
            (
                scenario,
                code,
                self.models[code].architecture,
                self.models[code].vector,
                scenarios.dimension(self.models[code], self.scenarios[scenario], self.groups),
            )
            for scenario, code in self.ensembles
        ]

    def network(self, model: str) -> str:
        """The module of a model's network."""
        return ARCHITECTURES[self.models[model].architecture].module

    def files_of_part(self, part: str) -> list[str]:
        """The tables and figures of an experiment, or of the main comparison."""
        tables = [shown.path for shown in self.tables.values() if shown.part == part]
        drawn = [name for name, entry in self.figures.items() if (entry.experiment or MAIN) == part]
        return tables + self.figure_files(drawn)

    def figure_files(self, names: Iterable[str]) -> list[str]:
        """The files of some figures."""
        return [f"{self.folder}/figures/{name}.{end}" for name in names for end in ("png", "pdf")]

    def figure_needs(self, name: str) -> list[str]:
        """What a figure reads."""
        entry, shown = self.figures[name], self._shown(name)
        return files.files_needed(entry, self.folder, shown, self.seeds, self.vector)

    def figure_models(self, name: str) -> list[str]:
        """The models that a figure shows, each once."""
        return files.models_drawn(self.figures[name], self._shown(name))

    def figure_losses(self, name: str) -> tuple[str, ...]:
        """The losses that the models of a figure are trained with, each once."""
        models = [self.models[code] for code in self.figure_models(name)]
        return tuple(sorted({training_of(self.config, model)["loss"] for model in models}))

    def figure_group(self, name: str) -> str:
        """The SLURM jobs that a figure shares: no group may mix readers of the data with others."""
        return "figures_of_basins" if files.reads_data(self.figures[name]) else "report"

    def figures_drawn_from(self) -> dict[str, list[Ensemble]]:
        """The ensembles behind each figure that shows models."""
        return {
            name: files.ensembles_drawn(entry, self._shown(name))
            for name, entry in self.figures.items()
            if files.shows_models(entry)
        }

    def figure_category(self, name: str) -> str:
        """The part of the report's menu that has a figure."""
        own = contents.ANSWER if name == "answer" else contents.FIGURES
        return contents.menu(self.experiments)[self.figures[name].experiment or own]

    def figure_records(self, name: str) -> str:
        """Entries of the registries that a figure depends on, as text."""
        kind = self.figures[name].kind
        return self.records(self.figure_models(name)) + (repr(KINDS[kind]) if kind else "")

    def records(self, models: Iterable[str]) -> str:
        """Entries of the registries on some models, as text."""
        found = [self.models[code] for code in models]
        return repr([(ARCHITECTURES[model.architecture], model.statics) for model in found])

    @property
    def answered(self) -> bool:
        """Whether the main comparison has what it takes to say how much is recovered."""
        return len(of_the_question(self.config["models"])) == 3

    def rows(self, part: str) -> list[Ensemble]:
        """Ensembles in the tables of a part: of the main comparison those of its question."""
        asked = of_the_question(self.config["models"])
        return [named for named in self.parts[part] if part != MAIN or named[1] in asked]

    def tables_of_part(self, name: str) -> dict[str, str]:
        """The tables of a part but for its comparisons, and the module that writes each."""
        if name == MAIN:
            return {"answer": ANSWER.module} if self.answered else {}
        tables = KINDS[self.experiments[name]].tables
        return {f"{name}_{end}" if end else name: table.module for end, table in tables.items()}

    def paragraphs(self) -> list[str]:
        """Modules that write what the summary says of experiments."""
        found = [KINDS[kind].paragraph for kind in self.experiments.values()]
        return sorted({module for module in found if module})

    def _shown(self, name: str) -> list[Ensemble]:
        return self.parts[self.figures[name].experiment or MAIN]
