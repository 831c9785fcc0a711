"""Units of the official text files that have to be converted."""

CUBIC_MM_IN_CUBIC_FOOT = 28316846.592
