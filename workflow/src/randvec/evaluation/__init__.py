"""What members are tested with: simulation, ensembles, metrics, and the table of performance."""
