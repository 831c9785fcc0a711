"""What was found, row by row, and the two files that hold it."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.report import markdown
from randvec.training.torch_setup import is_out_of_memory

CASE = [
    "architecture", "static_size", "hidden", "predicted_days", "members", "form", "precision",
    "batch_size",
]  # fmt: skip
COLUMNS = ["part", *CASE, "quantity", "value", "limit", "result"]
HOLDS, FAILS, MEASURED, SKIPPED = "holds", "FAILS", "measured", "skipped: no time was left"
NO_ROOM = "skipped: it does not fit into memory"
#: Parts that measure and judge nothing, so that they may be skipped.
NOT_JUDGED = ("matrix products", "speed")

TEXT = """# Check of the device

{state}By `make gpu-check` on {date}, commit {commit}, on {device}, driver {driver}, torch {torch},
in {seconds:.0f} s. {size}

Errors are the largest difference from a float64 reference over the largest number of it, in the
tensor where that is worst; that of the whole gradient is the norm of the difference over the norm.
A value above its limit fails. On a CPU the form cudnn is torch's own LSTM.

{tables}
"""


class Record:
    """The rows of the table.

    Parameters
    ----------
    folder : Path
        Where gpu_check.csv and gpu_check.md are written, all the while: a limit of time may end it.
    about : mapping of str to str
        What stands in every row of the file.
    size : str
        A sentence on how much is measured.
    start_until : float
        After so many seconds a measurement is not started any more.
    """

    def __init__(
        self, folder: Path, about: Mapping[str, str], size: str, start_until: float
    ) -> None:
        self.folder = folder
        self.about = about
        self.size = size
        self.start_until = start_until
        self.started = time.monotonic()
        self.rows = []
        self.told = ""

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.started

    def attempt(
        self, part: str, measure: Callable[..., Mapping[str, tuple]], *given, **case
    ) -> None:
        """Measure, if there is time for it, and write down what was found or why it failed.

        Parameters
        ----------
        part : str
            Part of the table.
        measure : callable
            Called with `given` and `case`; returns by quantity its value and limit, or None for
            one that is measured and not judged.
        """
        self._tell(f"{part} {case.get('architecture', '')}")
        if self.seconds > self.start_until:
            self._add(part, case, result=SKIPPED)
            return
        try:
            found = measure(*given, **case)
        except Exception as error:  # whatever it is, the other rows are still wanted
            about = (str(error).strip() or "no message").splitlines()[-1]
            excused = part in NOT_JUDGED and is_out_of_memory(error)
            self._add(
                part,
                case,
                result=NO_ROOM if excused else f"{FAILS}: {type(error).__name__}: {about}",
            )
            return
        for quantity, (value, limit) in found.items():
            result = MEASURED if limit is None else HOLDS if value <= limit else FAILS
            self._add(part, case, quantity=quantity, value=value, limit=limit, result=result)

    def _tell(self, doing: str) -> None:
        if doing != self.told:
            self.told = doing
            self.write()
            print(f"{self.seconds:4.0f} s  {doing}", flush=True)

    def _add(self, part: str, case: Mapping, **row) -> None:
        self.rows.append({"part": part, **case, **row})

    @property
    def failed(self) -> list[dict]:
        """The rows that failed, and those that would have been judged and were skipped."""
        return [
            row
            for row in self.rows
            if row["result"].startswith(FAILS)
            or (row["result"] == SKIPPED and row["part"] not in NOT_JUDGED)
        ]

    def write(self, finished: bool = False) -> None:
        """Write the rows so far, and whether they are all."""
        table = pd.DataFrame(self.rows).reindex(columns=COLUMNS)
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = table.astype(
            dict.fromkeys(set(CASE) - {"architecture", "form", "precision"}, "Int64")
        )
        kept = whole.assign(**self.about)
        kept.to_csv(self.folder / "gpu_check.csv", index=False, float_format="%.4g")
        parts = whole.groupby("part", sort=False)
        tables = "\n\n".join(f"## {part}\n\n{_shown(rows)}" for part, rows in parts)
        state = "" if finished else "**Not finished.** "
        text = TEXT.format(
            **self.about, state=state, seconds=self.seconds, size=self.size, tables=tables
        )
        (self.folder / "gpu_check.md").write_text(text, encoding="utf-8")


def _shown(rows: pd.DataFrame) -> str:
    """Rows of a part as Markdown, without columns that are empty there."""
    rows = rows.drop(columns="part").dropna(axis=1, how="all")
    numbers = {"value", "limit"} & set(rows)
    rows = rows.assign(**{name: rows[name].map("{:.4g}".format) for name in numbers})
    return markdown(rows.astype("string").fillna("").replace("nan", ""))


def driver() -> str:
    """Version of the driver of the card, `none` without one."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return "none"
    return (shown.stdout.split() or ["none"])[0]
