"""One command that proves and measures training on a GPU, and on a CPU proves what it can."""
