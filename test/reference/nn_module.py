"""Messages, printed forms and walks of nn.Module. Recorded by `nn_module.py > test/fixtures/nnModule.json`."""

import torch
import torch.nn as nn
from nn_common import bits, error_of, show


class Child(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.register_buffer("mean", torch.zeros(2))


class Parent(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Child()
        self.w = nn.Parameter(torch.ones(3))
        self.b = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        self.a_again = self.a


class Extra(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 1)

    def extra_repr(self):
        return "one=1\ntwo=2"


def load(change, **options):
    model = Parent()
    state = model.state_dict()
    change(state)
    return error_of(lambda: model.load_state_dict(state, **options))


def wrong(state):
    del state["a.fc.weight"]
    del state["w"]
    state["b.0.weight"] = torch.zeros(4, 2)
    state["b.0.more"] = torch.zeros(1)
    state["other"] = torch.zeros(1)
    state["zip.zap"] = torch.zeros(1)
    state["a.mean"] = torch.zeros(2, 1)


model = Parent()
rnn = nn.LSTM(3, 4)
projected = nn.LSTM(3, 4, proj_size=2)
layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Tanh()), nn.Linear(2, 2)])
found = {
    "load": load(wrong),
    "load missing": load(lambda state: state.pop("w")),
    "load unexpected": load(lambda state: state.update({"other": torch.zeros(1)})),
    "load size": load(lambda state: state.update({"w": torch.zeros(2)}), strict=False),
    "names": [name for name, _ in model.named_parameters()],
    "names with duplicates": [name for name, _ in model.named_parameters(remove_duplicate=False)],
    "names with prefix": [name for name, _ in model.named_parameters(prefix="x", recurse=False)],
    "modules": [name for name, _ in model.named_modules()],
    "modules with duplicates": [name for name, _ in model.named_modules(remove_duplicate=False)],
    "children": [name for name, _ in model.named_children()],
    "buffers": [name for name, _ in model.named_buffers()],
    "state": list(model.state_dict(prefix="net.").keys()),
    "repr": repr(model),
    "repr extra": repr(Extra()),
    "repr list": repr(layers),
    "repr empty": [repr(nn.ModuleList()), repr(nn.Sequential()), repr(nn.ModuleDict()), repr(Child())],
    "repr dict": repr(nn.ModuleDict({"x": nn.Linear(1, 2, bias=False), "y": nn.ModuleList([nn.Identity()])})),
    "repr parameters": repr(nn.ParameterList([torch.zeros(2, 3), nn.Parameter(torch.zeros(1))])),
    "repr named": repr(nn.Sequential(__import__("collections").OrderedDict(fc=nn.Linear(1, 1), act=nn.ReLU()))),
    "repr sublist": repr(layers[1:]),
    "submodule": error_of(lambda: model.get_submodule("a.nothing")),
    "submodule of a parameter": error_of(lambda: model.get_submodule("w")),
    "parameter": error_of(lambda: model.get_parameter("a.mean")),
    "buffer": error_of(lambda: model.get_buffer("a.fc.weight")),
    "buffer name": error_of(lambda: model.register_buffer("a.b", None)),
    "buffer taken": error_of(lambda: model.register_buffer("w", None)),
    "buffer empty": error_of(lambda: model.register_buffer("", None)),
    "module name": error_of(lambda: model.add_module("a.b", None)),
    "module taken": error_of(lambda: model.add_module("w", nn.ReLU())),
    "parameter taken": error_of(lambda: model.register_parameter("a", None)),
    "to": error_of(lambda: model.to(torch.int64)),
    "forward": error_of(lambda: nn.Module()()),
    "padding": error_of(lambda: nn.Embedding(3, 2, padding_idx=3)),
    "dropout": error_of(lambda: nn.Dropout(1.5)),
    "groups": error_of(lambda: nn.GroupNorm(2, 3)),
    "bilinear": error_of(lambda: nn.Bilinear(0, 1, 1)),
    "pretrained": error_of(lambda: nn.Embedding.from_pretrained(torch.zeros(3))),
    "index": error_of(lambda: layers[7]),
    "lstm dims": error_of(lambda: rnn(torch.zeros(3))),
    "lstm size": error_of(lambda: rnn(torch.zeros(2, 1, 4))),
    "lstm dtype": error_of(lambda: rnn(torch.zeros(2, 1, 3, dtype=torch.float64))),
    "lstm state dims": error_of(lambda: rnn(torch.zeros(2, 1, 3), (torch.zeros(1, 4), torch.zeros(1, 4)))),
    "lstm unbatched state": error_of(lambda: rnn(torch.zeros(2, 3), (torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)))),
    "lstm state": error_of(lambda: rnn(torch.zeros(2, 1, 3), (torch.zeros(2, 1, 4), torch.zeros(1, 1, 4)))),
    "lstm cell state": error_of(lambda: projected(torch.zeros(2, 1, 3), (torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)))),
    "lstm dropout": error_of(lambda: nn.LSTM(3, 4, dropout=2)),
    "lstm projection": error_of(lambda: nn.LSTM(3, 4, proj_size=4)),
    "gru dims": error_of(lambda: nn.GRU(3, 4)(torch.zeros(3))),
    "gru state": error_of(lambda: nn.GRU(3, 4)(torch.zeros(2, 1, 3), torch.zeros(1, 2, 4))),
    "gru state dims": error_of(lambda: nn.GRU(3, 4)(torch.zeros(2, 1, 3), torch.zeros(1, 4))),
    "rnn dims": error_of(lambda: nn.RNN(3, 4)(torch.zeros(3))),
    "rnn nonlinearity": error_of(lambda: nn.RNN(3, 4, nonlinearity="exp")),
    "cell dims": error_of(lambda: nn.GRUCell(3, 4)(torch.zeros(1, 1, 3))),
    "lstm cell dims": error_of(lambda: nn.LSTMCell(3, 4)(torch.zeros(3), (torch.zeros(1, 1, 4), torch.zeros(4)))),
    "dropout1d": error_of(lambda: nn.Dropout1d()(torch.zeros(3))),
    "group norm dims": error_of(lambda: nn.GroupNorm(1, 3)(torch.zeros(3))),
    "group norm values": error_of(lambda: nn.GroupNorm(3, 3)(torch.zeros(1, 3))),
    "reduction": error_of(lambda: nn.MSELoss(reduction="max")(torch.zeros(1), torch.zeros(1))),
    "bce size": error_of(lambda: nn.BCELoss()(torch.zeros(2), torch.zeros(1))),
    "bce logits size": error_of(lambda: nn.BCEWithLogitsLoss()(torch.zeros(2), torch.zeros(1))),
    "cross entropy": error_of(lambda: nn.CrossEntropyLoss()(torch.zeros(2, 3), torch.tensor([0, 3]))),
}

# Another dtype keeps the parameter objects, and what the optimizer holds.
cast = nn.Sequential(nn.Linear(2, 2), nn.BCEWithLogitsLoss(pos_weight=torch.ones(2)))
torch.manual_seed(5)
for parameter in cast.parameters():
    nn.init.uniform_(parameter)
cast[0](torch.ones(1, 2)).sum().backward()
cast.double()
found["cast"] = [bits(value) for value in cast.state_dict().values()] + [bits(p.grad) for p in cast.parameters()]
show(found)
