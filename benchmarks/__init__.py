"""Speed and memory of training and evaluation, against a plain loop and against neuralhydrology."""
