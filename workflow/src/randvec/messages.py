"""What Snakemake prints when a job starts."""

from pathlib import Path

from randvec.jobs import seeds_of

#: By the name of the script, with the fields that Snakemake fills in for each job.
MESSAGES = {
    "fetch": "Fetch what is missing of the data set",
    "virtual_catchments": "Make virtual catchments",
    "series": "Read and check the data",
    "static_vector": "Make the static vector {wildcards.vector}",
    "train": (
        "Train {wildcards.model}, {members} (scenario {wildcards.scenario}); time left: see {log}"
    ),
    "predict": "Simulate with {wildcards.model}, {members} (scenario {wildcards.scenario})",
    "ensemble": "Average and score {wildcards.model} (scenario {wildcards.scenario})",
    "simulate": "Simulate other periods or basins: {rule}",
    "figure": "Draw {output.png}",
}


def message_of(rule: str, script: str | None, log: list[str]) -> str:
    """The message of a rule.

    Parameters
    ----------
    rule : str
        Its name.
    script : str or None
        Path of its script; None for a target, which only collects files.
    log : list of str
        Its log files. That of members tells their seeds (`randvec.jobs.job_name`).

    Returns
    -------
    str
        With fields in braces, for Snakemake to fill in.
    """
    if script is None:
        return f"Target {rule} is complete"
    text = MESSAGES.get(Path(script).stem, "Write {output}")
    if "{members}" not in text:
        return text
    seeds = seeds_of(Path(log[0]).stem)
    members = f"members {' '.join(map(str, seeds))}" if seeds else "member {wildcards.seed}"
    return text.replace("{members}", members)
