"""Functions of nn.functional, nn.init and nn.utils from one seed, as bits."""

import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
from nn_common import bits, error_of, show, tensors
from torch.nn.utils import rnn

warnings.simplefilter("ignore")
torch.set_num_threads(1)
init, utils = nn.init, nn.utils


def x(*shape, dtype=None):
    return torch.randn(shape, dtype=dtype, requires_grad=True)


def rows_with_zeros():
    rows = torch.randn(5, 4)
    rows[1] = 0
    rows[3] *= 1e-20
    return rows.requires_grad_()


def parameters(dtypes=(None, None, None)):
    """Parameters with gradients, one of them without."""
    made = [nn.Parameter(torch.zeros(shape, dtype=dtype)) for shape, dtype in zip(((3, 4), (5,), (2, 2)), dtypes)]
    for parameter in made:
        parameter.grad = torch.randn(parameter.shape).to(parameter.dtype)
    return [*made, nn.Parameter(torch.zeros(1))]


def clipped(clip, **options):
    made = parameters(**options)
    total = clip(made)
    return [total, *[p.grad for p in made if p.grad is not None]]


def non_finite():
    made = parameters()
    made[0].grad[0, 0] = float("inf")
    return made


def lengths():
    return torch.tensor([2, 5, 3])


def unpacked():
    padded, sizes = rnn.pad_packed_sequence(
        rnn.pack_padded_sequence(x(3, 5, 2), lengths(), batch_first=True, enforce_sorted=False),
        batch_first=True,
        padding_value=7.0,
        total_length=6,
    )
    return [padded, sizes]


FUNCTIONS = {
    "normalize": lambda: F.normalize(rows_with_zeros()),
    "normalize p": lambda: F.normalize(rows_with_zeros(), p=1.0, dim=0, eps=1e-3),
    "normalize inf": lambda: F.normalize(rows_with_zeros(), p=float("inf"), dim=-1),
    "normalize dims": lambda: F.normalize(x(2, 3, 4), p=3, dim=(1, 2)),
    "normalize double": lambda: F.normalize(x(4, 3, dtype=torch.float64), dim=1),
    "linear": lambda: F.linear(x(2, 3), x(4, 3), x(4)),
    "bilinear": lambda: F.bilinear(x(2, 3), x(2, 4), x(5, 3, 4)),
    "embedding": lambda: F.embedding(torch.tensor([1, 0, 2]), x(3, 2), padding_idx=0),
    "one hot": lambda: F.one_hot(torch.tensor([0, 2, 1])),
    "one hot of more": lambda: F.one_hot(torch.tensor([0, 2, 1]), 5),
    "pad": lambda: F.pad(x(2, 3), (1, 2), value=4.5),
    "pad two": lambda: F.pad(x(2, 3, 4), (1, 2, -1, 1)),
    "pad reflect": lambda: F.pad(x(1, 2, 4), (2, 1), mode="reflect"),
    "pad circular": lambda: F.pad(x(1, 2, 4), (2, 1), "circular"),
    "cosine similarity": lambda: F.cosine_similarity(x(3, 4), x(3, 4)),
    "cosine similarity dim": lambda: F.cosine_similarity(x(3, 4), x(1, 4), dim=-1, eps=1e-3),
    "pairwise distance": lambda: F.pairwise_distance(x(3, 4), x(3, 4), p=1.0, keepdim=True),
    "dropout": lambda: F.dropout(x(40), 0.3),
    "dropout off": lambda: F.dropout(x(40), 0.3, training=False),
    "dropout in place": lambda: F.dropout(torch.ones(40), p=0.3, inplace=True),
    "alpha dropout": lambda: F.alpha_dropout(x(40), 0.3, True),
    "relu in place": lambda: F.relu(torch.randn(9), inplace=True),
    "elu": lambda: F.elu(x(9)),
    "leaky relu": lambda: F.leaky_relu(x(9), 0.2),
    "softplus": lambda: F.softplus(x(9)),
    "softmax in float64": lambda: F.softmax(x(3, 4), dim=1, dtype=torch.float64),
    "log softmax": lambda: F.log_softmax(x(3, 4), -1),
    "log sigmoid": lambda: F.logsigmoid(x(9)),
    "layer norm": lambda: F.layer_norm(x(3, 4), (4,), x(4)),
    "rms norm": lambda: F.rms_norm(x(3, 4), (4,), x(4), 1e-3),
    "group norm": lambda: F.group_norm(x(3, 4), 2, x(4), x(4)),
    "cross entropy": lambda: F.cross_entropy(x(5, 3), torch.tensor([0, 1, 2, 1, 0])),
    "cross entropy options": lambda: F.cross_entropy(
        x(5, 3), torch.tensor([0, 1, 2, 1, -1]), torch.rand(3), ignore_index=-1, reduction="none", label_smoothing=0.2
    ),
    "mse weighted": lambda: F.mse_loss(x(5, 3), torch.randn(5, 3), weight=torch.rand(5, 3)),
    "l1 weighted": lambda: F.l1_loss(x(5, 3), torch.randn(5, 3), weight=torch.rand(5, 3), reduction="sum"),
    "cosine embedding": lambda: F.cosine_embedding_loss(x(3, 4), x(3, 4), torch.tensor([1.0, -1, 1]), margin=0.2),
    "margin ranking": lambda: F.margin_ranking_loss(x(3), x(3), torch.tensor([1.0, -1, 1]), margin=0.2),
    "triplet": lambda: F.triplet_margin_loss(x(3, 4), x(3, 4), x(3, 4), swap=True),
    "kl": lambda: F.kl_div(x(3, 4).log_softmax(1), torch.rand(3, 4), reduction="batchmean"),
    "init uniform": lambda: init.uniform_(torch.empty(3, 4), -1, 2),
    "init normal": lambda: init.normal_(torch.empty(30, 4), 1, 2),
    "init generator": lambda: init.normal_(torch.empty(3, 4), generator=torch.Generator().manual_seed(3)),
    "init constant": lambda: init.constant_(torch.empty(3), 0.3),
    "init eye": lambda: init.eye_(torch.empty(3, 4)),
    "init trunc normal": lambda: init.trunc_normal_(torch.empty(30, 4), std=1.5),
    "init trunc normal, tail": lambda: init.trunc_normal_(torch.empty(30, 4), a=1.0, b=2.0),
    "init trunc normal, far": lambda: init.trunc_normal_(torch.empty(30, 4, dtype=torch.float64), 0.1, 2.0, 3.0, 9.0),
    "init xavier uniform": lambda: init.xavier_uniform_(torch.empty(3, 4, 2), gain=init.calculate_gain("tanh")),
    "init xavier normal": lambda: init.xavier_normal_(torch.empty(3, 4)),
    "init kaiming uniform": lambda: init.kaiming_uniform_(torch.empty(3, 4), nonlinearity="relu"),
    "init kaiming normal": lambda: init.kaiming_normal_(torch.empty(3, 4), a=0.3, mode="fan_out"),
    "init orthogonal": lambda: init.orthogonal_(torch.empty(3, 5), gain=2.0),
    "init orthogonal, tall": lambda: init.orthogonal_(torch.empty(6, 2, 2)),
    "init sparse": lambda: init.sparse_(torch.empty(9, 3), 0.4, std=0.5),
    "clip norm": lambda: clipped(lambda p: utils.clip_grad_norm_(p, 0.7)),
    "clip norm, large": lambda: clipped(lambda p: utils.clip_grad_norm_(iter(p), 70)),
    "clip norm p": lambda: clipped(lambda p: utils.clip_grad_norm_(p, 0.7, norm_type=3.5)),
    "clip norm inf": lambda: clipped(lambda p: utils.clip_grad_norm_(p, 0.7, float("inf"))),
    "clip norm one by one": lambda: clipped(lambda p: utils.clip_grad_norm_(p, 0.7, foreach=False)),
    "clip norm in two dtypes": lambda: clipped(
        lambda p: utils.clip_grad_norm_(p, 0.7), dtypes=(torch.float64, torch.float64, torch.float64)
    ),
    "clip norm of nothing": lambda: utils.clip_grad_norm_([], 0.7),
    "clip norm of one": lambda: clipped(lambda p: utils.clip_grad_norm_(p[0], 0.1)),
    "total norm": lambda: utils.get_total_norm([x(3), x(2, 2)]),
    "clip value": lambda: clipped(lambda p: utils.clip_grad_value_(p, 0.5)),
    "clip value one by one": lambda: clipped(lambda p: utils.clip_grad_value_(p, 0.5, foreach=False)),
    "to vector": lambda: utils.parameters_to_vector([x(2, 3), x(4)]),
    "pack": lambda: list(rnn.pack_padded_sequence(x(5, 3, 2), [5, 4, 1])),
    "pack unsorted": lambda: list(rnn.pack_padded_sequence(x(3, 5, 2), lengths(), True, enforce_sorted=False)),
    "unpack": unpacked,
    "pad sequence": lambda: rnn.pad_sequence([x(2, 3), x(4, 3), x(1, 3)], batch_first=True, padding_value=-1.0),
    "pad sequence left": lambda: rnn.pad_sequence([x(2), x(4), x(1)], padding_side="left"),
    "pack sequence": lambda: list(rnn.pack_sequence([x(2, 3), x(4, 3), x(1, 3)], enforce_sorted=False)),
    "unpack sequence": lambda: rnn.unpack_sequence(rnn.pack_sequence([x(2, 3), x(4, 3)], enforce_sorted=False)),
}

ERRORS = {
    "clip non-finite": lambda: utils.clip_grad_norm_(non_finite(), 1.0, error_if_nonfinite=True),
    "pack empty": lambda: rnn.pack_padded_sequence(x(5, 2, 2), [5, 0]),
    "pack not sorted": lambda: rnn.pack_padded_sequence(x(5, 2, 2), [3, 5]),
    "unpack too short": lambda: rnn.pad_packed_sequence(rnn.pack_padded_sequence(x(5, 2, 2), [5, 4]), total_length=3),
    "fan": lambda: init.xavier_normal_(torch.empty(3)),
    "eye": lambda: init.eye_(torch.empty(3)),
    "gain": lambda: init.calculate_gain("swish"),
    "kaiming": lambda: init.kaiming_normal_(torch.empty(3, 3), mode="fan"),
    "orthogonal": lambda: init.orthogonal_(torch.empty(3)),
    "triplet margin": lambda: F.triplet_margin_loss(x(1, 1), x(1, 1), x(1, 1), margin=0.0),
}


def record(function):
    torch.manual_seed(99)
    return [bits(value) for value in tensors(function())] + [bits(torch.rand(2))]


show(
    {
        "functions": {name: record(function) for name, function in FUNCTIONS.items()},
        "errors": {name: error_of(function) for name, function in ERRORS.items()},
        "gains": [
            init.calculate_gain(*arguments)
            for arguments in (("linear",), ("relu",), ("tanh",), ("selu",), ("leaky_relu",), ("leaky_relu", 5**0.5))
        ],
    }
)
