"""For every case: a module made from one seed, run in training and in evaluation, with its gradients, as bits.

`nn_layers.py structure > test/fixtures/nnLayers.json` records what does not depend on the machine: names and printed forms.
"""

import sys
import warnings

import torch
import torch.nn as nn
from nn_common import bits, show, tensors
from torch.nn.utils.rnn import pack_padded_sequence

warnings.simplefilter("ignore")
torch.set_num_threads(1)


def floats(*shape, dtype=None):
    return torch.randn(shape, dtype=dtype, requires_grad=True)


def ids(high, *shape):
    return torch.randint(high, shape)


def packed(*lengths, sort=False, width=5, batch_first=True):
    shape = (len(lengths), max(lengths), width) if batch_first else (max(lengths), len(lengths), width)
    return pack_padded_sequence(torch.randn(shape), list(lengths), batch_first=batch_first, enforce_sorted=sort)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6, padding_idx=0)
        self.blocks = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])
        self.heads = nn.ModuleDict({"start": nn.Linear(6, 1), "end": nn.Linear(6, 1)})
        self.scale = nn.Parameter(torch.ones(6))
        self.norm = nn.LayerNorm(6)
        self.drop = nn.Dropout(0.3)
        self.register_buffer("offset", torch.full((6,), 0.25))
        self.register_buffer("scratch", torch.zeros(2), persistent=False)
        self.tied = self.blocks[0]

    def forward(self, x):
        h = self.drop(self.embed(x)) * self.scale * 1 + self.offset
        for block in self.blocks:
            h = torch.relu(block(h))
        h = self.norm(self.tied(h))
        return self.heads["start"](h).squeeze(-1), self.heads["end"](h).squeeze(-1)


def log_probabilities(*shape):
    return torch.randn(shape, requires_grad=True).log_softmax(-1).detach().requires_grad_()


def probabilities(*shape):
    return torch.rand(shape).requires_grad_()


CASES = {
    "Linear": (lambda: nn.Linear(4, 3), lambda: [floats(2, 5, 4)]),
    "Linear without bias": (lambda: nn.Linear(4, 3, bias=False), lambda: [floats(4)]),
    "Linear in float64": (lambda: nn.Linear(4, 3, dtype=torch.float64), lambda: [floats(2, 4, dtype=torch.float64)]),
    "Bilinear": (lambda: nn.Bilinear(3, 4, 2), lambda: [floats(5, 3), floats(5, 4)]),
    "Identity": (lambda: nn.Identity(54, unused=0.1), lambda: [floats(2, 3)]),
    "Embedding": (lambda: nn.Embedding(9, 4), lambda: [ids(9, 3, 5)]),
    "Embedding with padding": (lambda: nn.Embedding(9, 4, padding_idx=2), lambda: [ids(9, 20)]),
    "Embedding with negative padding": (lambda: nn.Embedding(9, 4, padding_idx=-1), lambda: [ids(9, 20)]),
    "Embedding with max_norm": (lambda: nn.Embedding(9, 4, max_norm=1.5, norm_type=1.0), lambda: [ids(9, 6)]),
    "Embedding by frequency": (lambda: nn.Embedding(4, 3, scale_grad_by_freq=True), lambda: [ids(4, 12)]),
    "Embedding, sparse": (lambda: nn.Embedding(30, 3, sparse=True), lambda: [ids(30, 6)]),
    "Embedding.from_pretrained": (
        lambda: nn.Embedding.from_pretrained(torch.randn(7, 3), freeze=False, padding_idx=1),
        lambda: [ids(7, 9)],
    ),
    "Dropout": (lambda: nn.Dropout(0.4), lambda: [floats(7, 9)]),
    "Dropout1d": (lambda: nn.Dropout1d(), lambda: [floats(3, 6, 4)]),
    "Dropout1d, unbatched": (lambda: nn.Dropout1d(0.3), lambda: [floats(6, 4)]),
    "Dropout2d": (lambda: nn.Dropout2d(0.3), lambda: [floats(3, 6, 4, 2)]),
    "Dropout3d": (lambda: nn.Dropout3d(0.3), lambda: [floats(2, 6, 2, 2, 2)]),
    "Dropout3d, unbatched": (lambda: nn.Dropout3d(0.3), lambda: [floats(6, 2, 2, 2)]),
    "AlphaDropout": (lambda: nn.AlphaDropout(0.3), lambda: [floats(7, 9)]),
    "FeatureAlphaDropout": (lambda: nn.FeatureAlphaDropout(0.3), lambda: [floats(3, 6, 4)]),
    "LayerNorm": (lambda: nn.LayerNorm(6), lambda: [floats(4, 6)]),
    "LayerNorm of two dimensions": (lambda: nn.LayerNorm((3, 6), eps=1e-3), lambda: [floats(4, 3, 6)]),
    "LayerNorm without bias": (lambda: nn.LayerNorm(6, bias=False), lambda: [floats(4, 6)]),
    "LayerNorm without weights": (lambda: nn.LayerNorm([6], elementwise_affine=False), lambda: [floats(4, 6)]),
    "RMSNorm": (lambda: nn.RMSNorm(6), lambda: [floats(4, 6)]),
    "RMSNorm with eps": (lambda: nn.RMSNorm([2, 6], eps=1e-4, elementwise_affine=False), lambda: [floats(4, 2, 6)]),
    "GroupNorm": (lambda: nn.GroupNorm(2, 6), lambda: [floats(4, 6, 3)]),
    "GroupNorm without weights": (lambda: nn.GroupNorm(3, 6, affine=False), lambda: [floats(4, 6)]),
    "ReLU": (lambda: nn.ReLU(), lambda: [floats(3, 4)]),
    "GELU": (lambda: nn.GELU(), lambda: [floats(3, 4)]),
    "GELU with tanh": (lambda: nn.GELU(approximate="tanh"), lambda: [floats(3, 4)]),
    "Tanh": (lambda: nn.Tanh(), lambda: [floats(3, 4)]),
    "Sigmoid": (lambda: nn.Sigmoid(), lambda: [floats(3, 4)]),
    "LogSigmoid": (lambda: nn.LogSigmoid(), lambda: [floats(3, 4)]),
    "Tanhshrink": (lambda: nn.Tanhshrink(), lambda: [floats(3, 4)]),
    "Softsign": (lambda: nn.Softsign(), lambda: [floats(3, 4)]),
    "SiLU": (lambda: nn.SiLU(), lambda: [floats(3, 4)]),
    "ELU": (lambda: nn.ELU(alpha=0.7), lambda: [floats(3, 4)]),
    "LeakyReLU": (lambda: nn.LeakyReLU(0.2), lambda: [floats(3, 4)]),
    "Softplus": (lambda: nn.Softplus(beta=2.0, threshold=1.0), lambda: [floats(3, 4)]),
    "Softmax": (lambda: nn.Softmax(dim=-1), lambda: [floats(3, 4)]),
    "Softmax without dim": (lambda: nn.Softmax(), lambda: [floats(3, 4)]),
    "LogSoftmax": (lambda: nn.LogSoftmax(dim=1), lambda: [floats(3, 4, 2)]),
    "Softmin": (lambda: nn.Softmin(dim=0), lambda: [floats(3, 4)]),
    "Sequential": (
        lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(8, 2)),
        lambda: [floats(6, 4)],
    ),
    "a module of modules": (lambda: Net(), lambda: [ids(11, 4, 7)]),
    "LSTM": (lambda: nn.LSTM(5, 4), lambda: [floats(6, 3, 5)]),
    "LSTM, deep": (
        lambda: nn.LSTM(5, 4, num_layers=3, batch_first=True, dropout=0.3, bidirectional=True),
        lambda: [floats(3, 6, 5)],
    ),
    "LSTM with state": (
        lambda: nn.LSTM(5, 4, num_layers=2),
        lambda: [floats(6, 3, 5), (floats(2, 3, 4), floats(2, 3, 4))],
    ),
    "LSTM with projection": (
        lambda: nn.LSTM(5, 4, num_layers=2, bidirectional=True, proj_size=2),
        lambda: [floats(6, 3, 5)],
    ),
    "LSTM, unbatched": (lambda: nn.LSTM(5, 4, bias=False), lambda: [floats(6, 5), (floats(1, 4), floats(1, 4))]),
    "LSTM, packed": (
        lambda: nn.LSTM(5, 4, num_layers=2, batch_first=True, dropout=0.3, bidirectional=True),
        lambda: [packed(3, 6, 1, 6)],
    ),
    "LSTM, packed and sorted": (
        lambda: nn.LSTM(5, 4),
        lambda: [packed(5, 3, 2, sort=True, batch_first=False), (floats(1, 3, 4), floats(1, 3, 4))],
    ),
    "LSTM, packed, with state": (
        lambda: nn.LSTM(5, 4),
        lambda: [packed(2, 5, 3), (floats(1, 3, 4), floats(1, 3, 4))],
    ),
    "LSTM in float64": (lambda: nn.LSTM(5, 4, dtype=torch.float64), lambda: [floats(6, 3, 5, dtype=torch.float64)]),
    "GRU": (lambda: nn.GRU(5, 4), lambda: [floats(6, 3, 5)]),
    "GRU, deep": (
        lambda: nn.GRU(5, 4, num_layers=2, batch_first=True, dropout=0.3, bidirectional=True),
        lambda: [floats(3, 6, 5), floats(4, 3, 4)],
    ),
    "GRU, unbatched": (lambda: nn.GRU(5, 4, batch_first=True), lambda: [floats(6, 5), floats(1, 4)]),
    "GRU, packed": (lambda: nn.GRU(5, 4, bidirectional=True), lambda: [packed(3, 6, 1), floats(2, 3, 4)]),
    "RNN": (lambda: nn.RNN(5, 4, num_layers=2), lambda: [floats(6, 3, 5)]),
    "RNN with relu": (lambda: nn.RNN(5, 4, nonlinearity="relu", bias=False), lambda: [floats(6, 3, 5), floats(1, 3, 4)]),
    "RNN, packed": (lambda: nn.RNN(5, 4, nonlinearity="relu"), lambda: [packed(3, 6, 1)]),
    "LSTMCell": (lambda: nn.LSTMCell(5, 4), lambda: [floats(3, 5)]),
    "LSTMCell with state": (lambda: nn.LSTMCell(5, 4), lambda: [floats(3, 5), (floats(3, 4), floats(3, 4))]),
    "LSTMCell, unbatched": (lambda: nn.LSTMCell(5, 4, bias=False), lambda: [floats(5), (floats(4), floats(4))]),
    "GRUCell": (lambda: nn.GRUCell(5, 4), lambda: [floats(3, 5), floats(3, 4)]),
    "GRUCell, unbatched": (lambda: nn.GRUCell(5, 4), lambda: [floats(5)]),
    "RNNCell": (lambda: nn.RNNCell(5, 4), lambda: [floats(3, 5)]),
    "RNNCell with relu": (lambda: nn.RNNCell(5, 4, nonlinearity="relu"), lambda: [floats(3, 5), floats(3, 4)]),
    "CrossEntropyLoss": (lambda: nn.CrossEntropyLoss(), lambda: [floats(6, 4), ids(4, 6)]),
    "CrossEntropyLoss with options": (
        lambda: nn.CrossEntropyLoss(torch.rand(4), ignore_index=2, label_smoothing=0.1, reduction="sum"),
        lambda: [floats(6, 4), ids(4, 6)],
    ),
    "CrossEntropyLoss of probabilities": (
        lambda: nn.CrossEntropyLoss(reduction="none"),
        lambda: [floats(6, 4), torch.randn(6, 4).softmax(1)],
    ),
    "NLLLoss": (lambda: nn.NLLLoss(torch.rand(4), ignore_index=1), lambda: [log_probabilities(6, 4), ids(4, 6)]),
    "MSELoss": (lambda: nn.MSELoss(), lambda: [floats(6, 4), torch.randn(6, 4)]),
    "MSELoss, broadcast": (lambda: nn.MSELoss(reduction="sum"), lambda: [floats(6, 4), torch.randn(4)]),
    "L1Loss": (lambda: nn.L1Loss(), lambda: [floats(6, 4), torch.randn(6, 4)]),
    "SmoothL1Loss": (lambda: nn.SmoothL1Loss(beta=0.5), lambda: [floats(6, 4), torch.randn(6, 4)]),
    "SmoothL1Loss without beta": (lambda: nn.SmoothL1Loss(beta=0.0), lambda: [floats(6, 4), torch.randn(6, 4)]),
    "HuberLoss": (lambda: nn.HuberLoss(delta=0.7, reduction="none"), lambda: [floats(6, 4), torch.randn(6, 4)]),
    "BCELoss": (lambda: nn.BCELoss(torch.rand(4)), lambda: [probabilities(6, 4), torch.rand(6, 4)]),
    "BCEWithLogitsLoss": (
        lambda: nn.BCEWithLogitsLoss(pos_weight=torch.rand(4), weight=torch.rand(6, 1)),
        lambda: [floats(6, 4), torch.rand(6, 4)],
    ),
    "KLDivLoss": (
        lambda: nn.KLDivLoss(reduction="batchmean"),
        lambda: [log_probabilities(6, 4), torch.randn(6, 4).softmax(1)],
    ),
    "KLDivLoss of logarithms": (
        lambda: nn.KLDivLoss(log_target=True),
        lambda: [log_probabilities(6, 4), torch.randn(6, 4).log_softmax(1)],
    ),
}


def record(make, inputs):
    torch.manual_seed(1234)
    module = make()
    found = {
        "repr": repr(module),
        "state": {key: bits(value) for key, value in module.state_dict().items()},
        "parameters": [name for name, _ in module.named_parameters()],
        "buffers": [name for name, _ in module.named_buffers()],
        "modules": [name for name, _ in module.named_modules()],
    }
    given = inputs()
    outputs = tensors(module(*given))
    found["train"] = [bits(output) for output in outputs]
    loss = None
    for output in outputs:
        if output.requires_grad:
            term = (output * torch.randn_like(output)).sum()
            loss = term if loss is None else loss + term
    if loss is not None:
        loss.backward()
    leaves = [*module.parameters(), *[leaf for leaf in tensors(given) if leaf.requires_grad]]
    found["grads"] = [None if leaf.grad is None else bits(leaf.grad) for leaf in leaves]
    module.eval()
    found["eval"] = [bits(output) for output in tensors(module(*given))]
    found["next"] = bits(torch.rand(3))
    return found


def structure(found):
    names = {key: found[key] for key in ("repr", "parameters", "buffers", "modules")}
    return {**names, "keys": list(found["state"])}


everything = {name: record(*case) for name, case in CASES.items()}
if sys.argv[1:] == ["structure"]:
    everything = {name: structure(found) for name, found in everything.items()}
show(everything)
