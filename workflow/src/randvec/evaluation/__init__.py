"""Predictions, ensembles, metrics and tables."""
