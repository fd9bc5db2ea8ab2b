"""How the reference of the nn tests writes down what it found: tensors as their bits, everything else as text."""

import json
import sys

import torch
from torch.nn.utils.rnn import PackedSequence


def bits(tensor):
    tensor = tensor.detach()
    if tensor.is_sparse:
        tensor = tensor.to_dense()
    shape = ",".join(str(size) for size in tensor.shape)
    return f"{str(tensor.dtype)[6:]}[{shape}] {tensor.contiguous().numpy().tobytes().hex()}"


def tensors(value):
    """The tensors within a value, in order."""
    if value is None:
        return []
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, PackedSequence):
        return [tensor for tensor in value if tensor is not None]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors(item)]
    return []


def error_of(fn):
    try:
        fn()
    except Exception as error:  # noqa: BLE001 - whatever it is, its text is the reference
        return str(error.args[0]) if error.args else str(error)
    return None


def show(found):
    torch.set_printoptions(profile="default")
    json.dump(found, sys.stdout)
