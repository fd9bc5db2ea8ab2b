"""Evaluates the expressions that it reads, a JSON list of Python texts, and prints for each what came of it: the
dtype, shape and bits of tensors, the values of other results, or the class and the message of the exception.

Each expression sees the same fresh tensors, which test/ops/rules.ts makes too."""

import json
import struct
import sys
import warnings

import torch

warnings.simplefilter("ignore")


def described(value):
    if isinstance(value, torch.Tensor):
        plain = value.detach().contiguous().resolve_conj().resolve_neg()
        bits = plain.reshape(-1).view(torch.uint8).numpy().tobytes().hex()
        return {"dtype": str(value.dtype), "shape": list(value.shape), "bits": bits, "requiresGrad": value.requires_grad}
    if isinstance(value, (tuple, list)):
        return [described(item) for item in value]
    if isinstance(value, float):
        return {"float": struct.pack("<d", value).hex()}
    return value


def fresh():
    return {
        "torch": torch,
        "x": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4 - 0.5,
        "i": torch.arange(6).reshape(2, 3),
        "b": torch.tensor([[True, False, True], [False, True, True]]),
        "d": torch.arange(6, dtype=torch.float64).reshape(2, 3) / 3,
        "h": torch.arange(6, dtype=torch.float32).reshape(2, 3).half() / 4,
        "c": torch.tensor([[1 + 2j, 0.5j, -1], [2, 3 - 1j, 0]]),
        "s": torch.tensor(2.0),
        "sd": torch.tensor(2.0, dtype=torch.float64),
        "si": torch.tensor(2),
        "sb": torch.tensor(True),
        "sc": torch.tensor(1 + 1j),
        "g": torch.tensor(2.0, requires_grad=True),
        "v": torch.tensor([1.0, 2.0]),
        "o": torch.empty(0),
    }


results = []
for text in json.load(sys.stdin):
    try:
        results.append({"value": described(eval(text, fresh()))})
    except Exception as error:  # noqa: BLE001
        results.append({"error": type(error).__name__, "message": str(error)})
print(json.dumps(results))
