"""Whether Snakemake's report would tell the settings that results were made with.

Its texts are filled in from the configuration, and Snakemake does not look whether results are up
to date when it makes a report.
"""

import json
from collections.abc import Collection
from pathlib import Path

from randvec.errors import InputError, first_of
from randvec.evaluation.agreement import check_configured
from randvec.study import Study


def check_reported(arguments: Collection[str], made_from: dict, study: Study) -> None:
    """Refuse a report of results that were made with other settings than the configuration has.

    Parameters
    ----------
    arguments : collection of str
        Of the command line; nothing is looked at unless ``--report`` is among them.
    made_from : dict
        As `randvec.data.made_from.made_from` gives it.
    study : Study

    Raises
    ------
    InputError
        Naming the file and what differs.
    """
    if "--report" not in arguments:
        return
    record = Path(study.folder, "made_from.json")
    made = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else made_from
    if keys := sorted(k for k in {**made, **made_from} if made.get(k) != made_from.get(k)):
        raise InputError(
            f"{record}: the tables were made with another {first_of(keys, 3)} than the "
            "configuration has, of which the report would tell; set the configuration back, or "
            "run it without --report first"
        )
    for named in study.ensembles:
        for path in study.members_of(*named, f"{study.member}/settings.json"):
            if Path(path).is_file():
                check_configured(path, study.configured(*named))
