"""Other periods and other basins, simulated with members that are there."""
