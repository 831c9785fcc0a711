"""Data sets, real or virtual, to tables."""
