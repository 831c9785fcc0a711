"""What every script shares: the package on the path, and a log that is worth reading."""

import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from randvec.errors import InputError

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log(path):
    """Send logging, warnings and an uncaught error to a job's log file.

    The terminal has a line of it about once a minute. Of an `InputError` both the log and the
    terminal, where the logs of failed jobs may be shown, have the message alone.
    """
    logging.basicConfig(
        filename=path, filemode="w", level=logging.INFO, format=FORMAT, encoding="utf-8"
    )
    terminal = logging.StreamHandler()
    terminal.setFormatter(logging.Formatter(f"{path}: %(message)s"))
    terminal.addFilter(OnceAMinute())
    logging.getLogger().addHandler(terminal)
    logging.captureWarnings(True)
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # a page for each PDF
    sys.excepthook = _log_error


class OnceAMinute(logging.Filter):
    """Lets a line pass when none has for a minute, also not in the first; no error.

    What is logged with ``extra={"terminal": True}`` passes at once.
    """

    def __init__(self):
        super().__init__()
        self.last = time.monotonic()

    def filter(self, record):
        if getattr(record, "terminal", False):
            return True
        if time.monotonic() - self.last < 60 or record.levelno == logging.CRITICAL:
            return False
        self.last = time.monotonic()
        return True


def _log_error(kind, error, traceback):
    log = logging.getLogger("randvec")
    if issubclass(kind, InputError):
        log.critical("%s", error)
        print(f"\nInput error: {error}\n", file=sys.stderr)
    else:
        log.critical("%s", error, exc_info=(kind, error, traceback))
        sys.__excepthook__(kind, error, traceback)
