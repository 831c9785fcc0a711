"""`make verify`: says which files of a run are not those of its tables/provenance.csv."""

import sys

import script_log  # noqa: F401  the package on the path

from randvec.errors import InputError
from randvec.report.verify import verify

results = sys.argv[1]
try:
    count, faults = verify(results)
except InputError as error:
    sys.exit(str(error))
print(f"{count - len(faults)} of {count} files are those of {results}/tables/provenance.csv")
sys.exit("\n".join(faults) or None)
