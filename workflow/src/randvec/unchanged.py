"""Whether a run goes on with the configuration and the code that it began with.

A job on another machine reads both when it starts, which may be hours later; one on this machine
has the configuration of the beginning and the code of now.
"""

import json
import os
from hashlib import sha256

from randvec.errors import InputError
from randvec.provenance import code_digest


def check_config(config: dict, results: str, in_job: bool) -> None:
    """Refuse a job whose configuration is another than that of the run that submitted it.

    Members of two configurations would else stand in one folder, and Snakemake would note the first
    one for all of them. The environment tells a job what the run began with; an executor that does
    not hand it on leaves the job unchecked.

    Parameters
    ----------
    config : dict
        As `randvec.config_schema.complete` gives it.
    results : str
        ``results/<dataset>``.
    in_job : bool
        Whether this is a job on another machine, not the run itself.

    Raises
    ------
    InputError
        If the configuration changed.
    """
    name = f"RANDVEC_CONFIG_{_digest(results)}"
    own = _digest(json.dumps(config, sort_keys=True))
    if not in_job:
        os.environ[name] = own
    elif os.environ.get(name, own) != own:
        raise InputError(
            f"config: the configuration of {results} was changed while the run was on, and this "
            "job would read the new one; put the old one back, or end the run and start it with "
            "the new one (give another dataset.name to keep what is there)"
        )


def check_code(digest: str, *modules: str) -> None:
    """Refuse sources that are no longer those of the digest, of `code_digest` of these modules."""
    if code_digest(*modules) != digest:
        raise InputError(
            f"the code of {' and '.join(modules)}, or what it imports, was changed while the run "
            "was on, so that results would be noted for the code of before; start the run again"
        )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
