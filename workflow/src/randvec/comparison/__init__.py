"""What is held against what: pairs, medians and tests, analysis of variance, published results."""
