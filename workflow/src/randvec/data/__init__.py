"""CAMELS text files, real or virtual, to tables."""
