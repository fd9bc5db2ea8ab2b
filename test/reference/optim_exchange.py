"""State dicts between litorch and PyTorch.

`save`: runs half of the steps of each case and prints the state dict and the parameters, then the digests after all.
`load`: reads state dicts that litorch made after half of the steps, loads them, goes on, and prints the digests.
"""

import json
import sys
import warnings

import torch
from optim_cases import DTYPES, STEPS, advance, build, encode, parameters, summary

warnings.simplefilter("ignore")
torch.set_num_threads(1)

CASES = [
    {"optimizer": "SGD", "options": {"lr": 0.1}, "dtype": "float32", "kind": "plain"},
    {"optimizer": "SGD", "options": {"lr": 0.1, "momentum": 0.9}, "dtype": "float32", "kind": "skip"},
    {"optimizer": "Adam", "options": {"lr": 0.1, "amsgrad": True}, "dtype": "float64", "kind": "groups"},
    {"optimizer": "Adam", "options": {"lr": 0.1, "foreach": True}, "dtype": "complex64", "kind": "plain"},
    {"optimizer": "Adam", "options": {"lr": 0.1, "fused": True}, "dtype": "float32", "kind": "skip"},
    {"optimizer": "Adam", "options": {"lr": torch.tensor(0.05)}, "dtype": "float32", "kind": "plain"},
    {"optimizer": "AdamW", "options": {"lr": 0.1}, "dtype": "bfloat16", "kind": "groups"},
    {"optimizer": "Adamax", "options": {"lr": 0.1}, "dtype": "float32", "kind": "skip"},
]


def pack(value):
    if isinstance(value, torch.Tensor):
        flat = value.detach().contiguous().reshape(-1).view(torch.uint8)
        dtype = str(value.dtype).removeprefix("torch.")
        return {"dtype": dtype, "shape": list(value.shape), "hex": flat.numpy().tobytes().hex()}
    if isinstance(value, dict):
        return {"dict": {str(k): pack(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return [pack(v) for v in value]
    return value


def unpack(value):
    if isinstance(value, list):
        return [unpack(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "dict" in value:
        return {int(k) if k.isdigit() else k: unpack(v) for k, v in value["dict"].items()}
    flat = torch.frombuffer(bytearray.fromhex(value["hex"]), dtype=getattr(torch, value["dtype"]))
    return flat.reshape(value["shape"]).clone()


def save():
    for item in CASES:
        params = parameters(DTYPES[item["dtype"]])
        optimizer = build(item, params)
        advance(optimizer, params, item, 0, STEPS // 2)
        half = {"state": pack(optimizer.state_dict()), "params": pack([p.detach() for p in params])}
        printed = str(optimizer)
        advance(optimizer, params, item, STEPS // 2, STEPS)
        whole = summary(optimizer, params)
        head = {**item, "options": encode(item["options"])}
        print(json.dumps({**head, "half": half, "expected": whole, "printed": printed}))


def load():
    for item, line in zip(CASES, sys.stdin, strict=True):
        given = json.loads(line)
        params = [p.requires_grad_() for p in unpack(given["params"])]
        optimizer = build({**item, "options": {}}, params)
        optimizer.load_state_dict(unpack(given["state"]))
        advance(optimizer, params, item, STEPS // 2, STEPS)
        print(json.dumps({"expected": summary(optimizer, params), "keys": sorted(optimizer.param_groups[0])}))


{"save": save, "load": load}[sys.argv[1]]()
