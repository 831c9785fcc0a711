"""Virtual catchments: weather, landscape and runoff made from a seed, as CAMELS text files.

docs/virtual.md gives the equations and their sources.
"""
