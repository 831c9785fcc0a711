"""What every script shares: the package on the path, and a log that is worth reading."""

import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from randvec.errors import InputError

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log(path):
    """Send logging, warnings and an uncaught error to a job's log file.

    An `InputError` reaches the terminal as its message alone; the log has the traceback as well.
    """
    logging.basicConfig(
        filename=path, filemode="w", level=logging.INFO, format=FORMAT, encoding="utf-8"
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_error


def _log_error(kind, error, traceback):
    logging.getLogger("randvec").critical("%s", error, exc_info=(kind, error, traceback))
    if issubclass(kind, InputError):
        print(f"\nInput error: {error}\n", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)
