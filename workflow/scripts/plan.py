"""`make plan`: jobs, members and expected hours of a run, before anything starts."""

import argparse
import math
import subprocess
import sys
from pathlib import Path

import script_log  # noqa: F401  the package on the path

from randvec.config import read
from randvec.config_file import read_yaml
from randvec.plan import describe, error_of

REPOSITORY = Path(__file__).resolve().parents[2]


def speed(text: str) -> float:
    """The rate that was given, a number above 0."""
    rate = float(text)
    if not 0 < rate < math.inf:
        raise ValueError(text)
    return rate


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--configfile", default=str(REPOSITORY / "config/config.yaml"))
    asked.add_argument("--rate", type=speed, help="samples per second of one member")
    given = asked.parse_args()
    if not Path(given.configfile).is_file():
        sys.exit(f"{given.configfile}: no such file; CONFIG names a configuration")
    command = [sys.executable, "-m", "snakemake", "--snakefile", REPOSITORY / "Snakefile"]
    command += ["--configfile", given.configfile, "--dry-run"]
    command += ["--workflow-profile", REPOSITORY / "profiles/default"]
    shown = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if shown.returncode:
        sys.exit(error_of(shown.stdout + shown.stderr))
    # Snakemake has checked the configuration; here its defaults are filled in once more.
    config, schema = (
        read_yaml(path)
        for path in (given.configfile, REPOSITORY / "workflow/schemas/config.schema.yaml")
    )
    config = read(config, schema)
    results = Path("results", config["dataset"]["name"])
    lines = (shown.stdout + shown.stderr).splitlines()
    print(describe(config, lines, results, given.rate))


if __name__ == "__main__":
    main()
