"""What of a job's log is printed on the terminal as well."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "workflow/scripts"

#: A job on a clock of its own, that logs every 20 seconds for three minutes and then fails.
JOB = """
import logging, sys, time
sys.path.insert(0, sys.argv[1])
now = 0
time.monotonic = lambda: now
from script_log import open_log
open_log(sys.argv[2])
logging.getLogger("randvec.job").warning("at once", extra={{"terminal": True}})
for now in range(0, 191, 20):
    logging.getLogger("randvec.job").info("after %d s", now)
raise {error}
"""


def run(tmp_path, error):
    log = tmp_path / "job.log"
    command = [sys.executable, "-c", JOB.format(error=error), str(SCRIPTS), str(log)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return log, done.stderr


def test_a_line_a_minute_is_printed_and_all_are_logged(tmp_path):
    log, said = run(tmp_path, "KeyError('lost')")
    printed = [line for line in said.splitlines() if line.startswith(f"{log}: ")]
    told = ["at once", *(f"after {seconds} s" for seconds in (60, 120, 180))]
    assert printed == [f"{log}: {line}" for line in told]
    assert log.read_text().count("randvec.job: after") == 10


def test_an_error_is_printed_once(tmp_path):
    for error in ("KeyError('lost')", "__import__('script_log').InputError('lost')"):
        log, said = run(tmp_path, error)
        assert said.count("lost") == 1, said
        assert "lost" in log.read_text()
