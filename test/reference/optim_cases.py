"""The cases on which the optimizers are compared, and the numbers that both sides make for themselves.

Options come from PyTorch's own test database (torch.testing._internal.common_optimizers), and some more are added.
Parameters and gradients are small integers over a power of two, so that every dtype holds them exactly and nothing
needs to be sent across.
"""

import hashlib

import torch
from torch.testing._internal import common_optimizers as db

STEPS = 10
SHAPES = [(), (1,), (5, 7), (3, 4, 2), (33,), (31, 9)]
DTYPES = {
    name: getattr(torch, name)
    for name in ("float32", "float64", "bfloat16", "float16", "complex64", "complex128")
}
OPTIMIZERS = {name: getattr(torch.optim, name) for name in ("SGD", "Adam", "AdamW", "Adamax")}
FUSED = ("SGD", "Adam", "AdamW")

EXTRA_OPTIONS = {
    "SGD": [
        {"lr": 1.0},
        {"lr": 0.0},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True, "weight_decay": 0.01},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "maximize": True},
    ],
    "Adam": [
        {"betas": (0.95, 0.98), "eps": 1e-6},
        {"betas": (0.0, 0.999)},
        {"lr": 0.02, "amsgrad": True, "maximize": True},
        {"lr": 0.02, "weight_decay": 0.3, "decoupled_weight_decay": True},
        {"lr": 0.0},
    ],
    "AdamW": [{"betas": (0.9, 0.98), "weight_decay": 0}, {"lr": 0.03, "weight_decay": 0.2, "maximize": True}],
    "Adamax": [{"betas": (0.8, 0.95), "eps": 1e-6}, {"lr": 1.0, "weight_decay": 0.01, "maximize": True}],
}
TENSOR_LR = {"Adam": {"lr": torch.tensor(0.01), "weight_decay": 0.1}, "AdamW": {"lr": torch.tensor([0.01])}}


def values(count, step, k):
    """Numbers of parameter k: its start at step -1, its gradient at any other step."""
    if step < 0:
        return [((i * 37 + k * 101 + 11) % 257 - 128) / 64 for i in range(count)]
    return [((i * 53 + k * 17 + step * 71 + 5) % 251 - 125) / 32 for i in range(count)]


def make(shape, dtype, step, k):
    count = torch.Size(shape).numel()
    if not dtype.is_complex:
        return torch.tensor(values(count, step, k), dtype=dtype).reshape(shape)
    real = torch.float32 if dtype is torch.complex64 else torch.float64
    pairs = torch.tensor(values(2 * count, step, k), dtype=real).reshape(*shape, 2)
    return torch.view_as_complex(pairs)


def options_of(name, dtype):
    function = getattr(db, f"optim_inputs_func_{name.lower()}")
    found = [dict(item.kwargs) for item in function("cpu", dtype)]
    return found + [dict(item) for item in EXTRA_OPTIONS.get(name, [])]


def cases():
    """Each case: which optimizer, which options, which form, which dtype, and what happens on the way."""
    for name in OPTIMIZERS:
        forms = [{"foreach": False}, {"foreach": True}] + ([{"fused": True}] if name in FUSED else [])
        for form in forms:
            for options in options_of(name, torch.float32):
                yield case(name, options, form, "float32", "plain")
            for dtype in ("float64", "bfloat16", "float16", "complex64", "complex128"):
                if "fused" in form and dtype.startswith("complex"):
                    continue
                low = {"eps": 0.1} if dtype == "float16" and name != "SGD" else {}
                for options in options_of(name, DTYPES[dtype])[2:5]:
                    # libtorch's fused kernel reads past the momentum of low precision: its results vary.
                    if "fused" in form and "momentum" in options and dtype in ("bfloat16", "float16"):
                        continue
                    yield case(name, {**options, **low}, form, dtype, "plain")
            # The fused kernel needs a momentum buffer for all parameters or for none: not with gradients that come late.
            momentum = {"lr": 0.1, "momentum": 0.9} if name == "SGD" and "fused" not in form else {"lr": 0.1}
            for kind in ("skip", "lr", "groups"):
                yield case(name, momentum, form, "float32", kind)
        if name in TENSOR_LR:
            yield case(name, TENSOR_LR[name], {"foreach": False}, "float32", "plain")
            yield case(name, TENSOR_LR[name], {}, "float64", "plain")
    for foreach in (False, True):
        yield case("Adamax", {"lr": torch.tensor(0.01)}, {"foreach": foreach}, "float32", "plain")
        for options in ({"lr": 0.1}, {"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "maximize": True}):
            yield case("SGD", options, {"foreach": foreach}, "float32", "sparse")
    yield case("Adam", {}, {}, "float32", "default dtype")


def case(name, options, form, dtype, kind):
    return {"optimizer": name, "options": {**options, **form}, "dtype": dtype, "kind": kind}


def parameters(dtype):
    return [make(shape, dtype, -1, k).requires_grad_() for k, shape in enumerate(SHAPES)]


def set_gradients(params, step, kind):
    for k, p in enumerate(params):
        if kind == "skip" and (k + step) % 4 == 3:
            p.grad = None
        elif kind == "sparse" and p.dim() > 0:
            # Every other row.
            rows = torch.arange(0, p.shape[0], 2)
            p.grad = torch.sparse_coo_tensor(
                rows.unsqueeze(0), make(p.shape, p.dtype, step, k)[rows], p.shape, check_invariants=False
            )
        else:
            p.grad = make(p.shape, p.dtype, step, k)


def build(item, params):
    given = params
    if item["kind"] == "groups":
        given = [{"params": params[0::2]}, {"params": params[1::2], "lr": 0.01, "weight_decay": 0.05}]
    return OPTIMIZERS[item["optimizer"]](given, **item["options"])


def advance(optimizer, params, item, start, stop):
    for step in range(start, stop):
        if item["kind"] == "lr" and step == 5:
            for group in optimizer.param_groups:
                group["lr"] *= 0.37
        set_gradients(params, step, item["kind"])
        optimizer.step()


def digest(tensor):
    dense = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
    flat = dense.contiguous().reshape(-1)
    return hashlib.sha256(flat.view(torch.uint8).numpy().tobytes()).hexdigest()[:12]


def summary(optimizer, params):
    """Digests of the parameters, of the gradients that the step may have changed, and of the state."""
    state = optimizer.state_dict()["state"]
    return {
        "params": [digest(p) for p in params],
        "grads": [None if p.grad is None or p.grad.is_sparse else digest(p.grad) for p in params],
        "state": {
            str(k): {key: digest(v) for key, v in values.items() if v is not None}
            for k, values in state.items()
        },
    }


def encode(options):
    """Options as JSON, a tensor as an object."""
    return {
        key: {"tensor": value.tolist()} if isinstance(value, torch.Tensor) else value
        for key, value in options.items()
    }


def run(item):
    dtype = DTYPES[item["dtype"]]
    if item["kind"] == "default dtype":
        torch.set_default_dtype(torch.float64)
    try:
        params = parameters(dtype)
        optimizer = build(item, params)
        advance(optimizer, params, item, 0, STEPS)
        return summary(optimizer, params)
    finally:
        torch.set_default_dtype(torch.float32)
