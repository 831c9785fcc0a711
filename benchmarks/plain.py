"""The reference: cut windows in memory, a DataLoader, and an LSTM that goes day by day.

This is how the code behind the published results is built, written anew: it too keeps the hidden
states of all days and uses the last. Where a window predicts several days, it uses that many. In
its favour, all windows lie in memory without compression, and numbers too small to matter are
flushed to zero here as well.
"""

import copy

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset

from benchmarks.cases import Case
from benchmarks.data import Data, settings
from randvec.models.build import from_settings
from randvec.training.forward import BATCH
from randvec.training.loss import NSE_EPSILON
from randvec.training.static_vectors import by_basin


class CutWindows(Dataset):
    """Every window on its own, as it would be read from a file of windows.

    Parameters
    ----------
    data : Data
    cube : Cube
        Where to cut.
    positions : Tensor
        Basin * days of the record + day, of the last day of each window.
    case : Case
    """

    def __init__(self, data, cube, positions, case):
        scaler = data.scaler
        forcing = (cube.forcing - np.array(scaler.forcing_mean)) / np.array(scaler.forcing_std)
        forcing = forcing.astype(np.float32).reshape(-1, forcing.shape[2])
        discharge = (cube.discharge - scaler.discharge_mean) / scaler.discharge_std
        discharge = discharge.astype(np.float32).ravel()
        ends = positions.numpy()
        self.forcing = torch.empty(len(ends), case.days, forcing.shape[1])
        self.discharge = torch.empty(len(ends), case.predicted_days)
        for window, targets, end in zip(self.forcing, self.discharge, ends, strict=True):
            window.copy_(torch.from_numpy(forcing[end - case.days + 1 : end + 1]))
            targets.copy_(torch.from_numpy(discharge[end - case.predicted_days + 1 : end + 1]))
        self.basin = ends // cube.discharge.shape[1]
        self.statics = by_basin(data.vectors, cube.basins, "cpu")
        self.std = torch.tensor([scaler.basin_std[b] for b in cube.basins], dtype=torch.float32)

    def __len__(self):
        return len(self.forcing)

    def __getitem__(self, index):
        basin = self.basin[index]
        return self.forcing[index], self.statics[basin], self.discharge[index], self.std[basin]


class PlainNetwork(nn.Module):
    """The same network, one day after the other, differentiated by autograd.

    Parameters
    ----------
    architecture : str
        A key of `randvec.models.ARCHITECTURES`.
    network : torch.nn.Module
        The network of this name, whose weights are copied.
    predicted_days : int
        How many of the last days are predicted.
    """

    def __init__(self, architecture, network, predicted_days):
        super().__init__()
        network = copy.deepcopy(network)
        self.architecture = architecture
        self.predicted_days = predicted_days
        self.embedding = network.embedding if architecture == "sr_lstm_ea" else None
        self.modulation = network.modulation if architecture == "fm_lstm" else None
        network = network.ea_lstm if architecture == "sr_lstm_ea" else network
        input_weight, bias = network.input_weight, network.bias
        self.hidden = network.recurrent_weight.shape[1]
        self.static_gate = architecture in ("ea_lstm", "sr_lstm_ea")
        if self.static_gate:
            self.static_weight = nn.Parameter(network.static_weight.t().contiguous())
            self.static_bias = nn.Parameter(bias[: self.hidden].clone())
            bias = bias[self.hidden :]
        if architecture == "ct_lstm":
            input_weight = torch.cat((input_weight, network.static_weight), dim=1)
        self.input_weight = nn.Parameter(input_weight.t().contiguous())
        self.recurrent_weight = nn.Parameter(network.recurrent_weight.t().contiguous())
        self.bias = nn.Parameter(bias.clone())
        self.dropout = nn.Dropout(network.dropout.share)
        self.head = network.head

    def forward(self, forcing, statics):
        """Forcing [batch, days, forcings] and statics [batch, d] to discharge [batch, days]."""
        if self.embedding is not None:
            statics = self.embedding(statics).relu()
        if self.static_gate:
            static_gate = torch.sigmoid(torch.addmm(self.static_bias, statics, self.static_weight))
        h = c = forcing.new_zeros(len(forcing), self.hidden)
        states = []
        for inputs in forcing.unbind(1):
            if self.architecture == "ct_lstm":
                inputs = torch.cat((inputs, statics), dim=1)
            gates = torch.addmm(self.bias, inputs, self.input_weight)
            gates = gates + torch.mm(h, self.recurrent_weight)
            *i, f, o, g = gates.split(self.hidden, dim=1)
            i = static_gate if self.static_gate else torch.sigmoid(i[0])
            c = torch.sigmoid(f) * c + i * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        states = torch.stack(states)
        if self.modulation is not None:
            states = torch.sigmoid(self.modulation(statics)) * states
        return self.head(self.dropout(states[-self.predicted_days :])).squeeze(2).t()


class Plain:
    """The reference on the windows of a round."""

    def __init__(self, case: Case, data: Data):
        torch.manual_seed(1)
        self.data = data
        self.settings = settings(case)
        network = from_settings(case.architecture, case.static_size, self.settings)
        network = PlainNetwork(case.architecture, network, case.predicted_days)
        self.network = network.to(data.device)
        self.optimizer = torch.optim.Adam(
            self.network.parameters(), lr=self.settings["learning_rate"][0]["rate"]
        )
        trained = CutWindows(data, data.cube, data.samples, case)
        chosen = Subset(trained, data.chosen.tolist())
        self.trained = DataLoader(chosen, batch_size=case.batch, shuffle=True)
        days = torch.arange(len(data.cube.dates))[data.cube.days(*data.period)]
        ends = days[case.predicted_days - 1 :: case.predicted_days]
        basins = torch.arange(len(data.evaluated.basins))
        positions = (basins[:, None] * len(data.cube.dates) + ends).flatten()
        evaluated = CutWindows(data, data.evaluated, positions, case)
        self.evaluated = DataLoader(evaluated, batch_size=BATCH)

    def train(self) -> int:
        """Updates on the windows of a round; returns their number."""
        self.network.train()
        for batch in self.trained:
            forcing, statics, discharge, std = (part.to(self.data.device) for part in batch)
            self.optimizer.zero_grad()
            simulated = self.network(forcing, statics)
            errors = (simulated - discharge) ** 2 / (std[:, None] + NSE_EPSILON) ** 2
            loss = errors[discharge.isfinite()].mean()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), self.settings["gradient_clip"])
            self.optimizer.step()
            loss.item()
        return len(self.trained.dataset)

    def evaluate(self) -> int:
        """Predict the basins of a round; returns how many windows."""
        return len(self.predict())

    def predict(self) -> np.ndarray:
        """Discharge [mm/day] of the basins of a round, [basin and window, day]."""
        self.network.eval()
        with torch.no_grad():
            parts = [
                self.network(forcing.to(self.data.device), statics.to(self.data.device))
                for forcing, statics, _, _ in self.evaluated
            ]
        simulated = torch.cat(parts).cpu().numpy()
        scaler = self.data.scaler
        return (simulated * scaler.discharge_std + scaler.discharge_mean).clip(min=0)
