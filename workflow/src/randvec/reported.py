"""Whether Snakemake's report would tell the settings that results were made with.

Its texts are filled in from the configuration, and Snakemake does not look whether results are up
to date when it makes a report.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from randvec.errors import InputError, first_of
from randvec.evaluation.agreement import check_configured
from randvec.experiments import MAIN
from randvec.study import Study

OPTIONS = ("--report", "--reporter")
REMEDY = "Set the configuration back, or run it without --report first"

#: Settings that say where the data lie, and not what they are.
PLACES = ("dataset.folder", "dataset.series", "dataset.descriptor_table")


def check_reported(arguments: Sequence[str], made_from: dict, study: Study) -> None:
    """Refuse a report of results that were made with other settings than the configuration has.

    Parameters
    ----------
    arguments : sequence of str
        Of the command line, which says whether a report is asked for, and of which parts.
    made_from : dict
        As `randvec.data.made_from.made_from` gives it.
    study : Study

    Raises
    ------
    InputError
        Naming the file and what differs.
    """
    asked = any(argument.partition("=")[0] in OPTIONS for argument in arguments)
    if not asked or "--report-after-run" in arguments:
        return
    record = Path(study.folder, "made_from.json")
    made = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else made_from
    differing = {key for key in {**made, **made_from} if made.get(key) != made_from.get(key)}
    if keys := sorted(differing.difference(PLACES)):
        raise InputError(
            f"{record}: the tables were made with another {first_of(keys, 3)} than the "
            f"configuration has, of which the report would tell. {REMEDY}"
        )
    targets = {"main_comparison" if part == MAIN else part: part for part in study.parts}
    parts = [part for target, part in targets.items() if target in arguments]
    for named in dict.fromkeys(n for part in parts or study.parts for n in study.parts[part]):
        for path in study.members_of(*named, f"{study.member}/settings.json"):
            if Path(path).is_file():
                check_configured(path, study.configured(*named), REMEDY)
