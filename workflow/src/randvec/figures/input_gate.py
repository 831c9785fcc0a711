"""What EA-LSTMs learnt about the basins: their input gates, embedded in two dimensions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import expit

from randvec.figures import aridity_colours, style
from randvec.figures.inputs import FigureInputs


def make(inputs: FigureInputs) -> Figure:
    """Draw the figure from the results folder, for the first member of either model."""
    seed = inputs.seeds[0]
    gates = {
        model: input_gate(inputs.weights(model, seed), inputs.vectors(model, seed))
        for model in inputs.pair()
    }
    aridity = inputs.aridity()
    return gate_embedding(gates, aridity, seed)


def input_gate(weights: Mapping[str, np.ndarray], vectors: pd.DataFrame) -> pd.DataFrame:
    """Input gate of an EA-LSTM, which the static vector alone sets.

    i = sigmoid(W_s x_s + b_i), as in Kratzert et al. (2019), doi:10.5194/hess-23-5089-2019.

    Parameters
    ----------
    weights : mapping of str to np.ndarray
        Holds static_weight [hidden, d] and bias [4 * hidden], that of the input gate first.
    vectors : pd.DataFrame
        Static vectors: basin and d columns.

    Returns
    -------
    pd.DataFrame
        One row a basin, one column a hidden unit; shares from 0 (closed) to 1 (open).
    """
    static_weight, bias = weights["static_weight"], weights["bias"]
    table = vectors.set_index("basin")
    gate = expit(table.to_numpy(np.float64) @ static_weight.T + bias[: len(static_weight)])
    return pd.DataFrame(gate, index=table.index)


def principal_components(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first two principal components (Pearson 1901, doi:10.1080/14786440109462720).

    Parameters
    ----------
    table : np.ndarray
        [row, column]

    Returns
    -------
    scores : np.ndarray
        [row, 2]. The sign is free; it is chosen so that the column that weighs most has a positive
        weight.
    shares : np.ndarray
        Shares of the variance, [2]; 0 where all rows are equal.
    """
    left, sizes, right = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)
    largest = np.abs(right).argmax(axis=1)
    signs = np.sign(right[np.arange(len(right)), largest])
    scores = left * sizes * signs
    shares = sizes**2 / max((sizes**2).sum(), np.finfo(float).tiny)
    # A table with fewer than two rows or columns has fewer than two components.
    missing = max(2 - sizes.size, 0)
    return np.pad(scores, ((0, 0), (0, missing)))[:, :2], np.pad(shares, (0, missing))[:2]


@style.journal
def gate_embedding(gates: Mapping[str, pd.DataFrame], aridity: pd.Series, seed: int) -> Figure:
    """Draw the basins where their input gates put them.

    Parameters
    ----------
    gates : mapping of model code to pd.DataFrame
        As `input_gate` gives them.
    aridity : pd.Series
        PET / P by basin.
    seed : int
        Of the members, for the titles.

    Returns
    -------
    Figure
        One panel per model; basins with similar gates lie close together.
    """
    figure = Figure(figsize=(style.WIDTH, 2.9), layout="constrained")
    axes = figure.subplots(1, len(gates), squeeze=False)[0]
    for ax, (model, gate) in zip(axes, gates.items(), strict=True):
        scores, shares = principal_components(gate.to_numpy())
        points = aridity_colours.scatter(ax, *scores.T, aridity[gate.index], s=12)
        ax.set_title(f"{model}, member {seed}: {gate.shape[1]} gates")
        names = [f"Component {k}: {share:.0%} of the variance" for k, share in enumerate(shares, 1)]
        ax.set(xlabel=names[0], ylabel=names[1])
        # Equal scales, or distances would mislead; equal panels all the same.
        ax.set_aspect("equal", adjustable="datalim")
    style.letters(axes)
    aridity_colours.colourbar(figure, points, list(axes))
    return figure
