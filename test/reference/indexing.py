"""What PyTorch gives for the index expressions on standard input: see test/indexing/expressions.ts for their form."""

import hashlib
import json
import sys
import warnings

import torch

warnings.simplefilter("ignore")


def make(shape, dtype):
    count = 1
    for size in shape:
        count *= size
    x = torch.arange(count, dtype=torch.int64).reshape(shape)
    return (x % 3 == 0) if dtype == "bool" else x.to(getattr(torch, dtype))


def entry(e):
    kind, *rest = e
    if kind == "i":
        return rest[0]
    if kind == "s":
        return slice(*rest)
    if kind == "n":
        return None
    if kind == "e":
        return Ellipsis
    if kind == "b":
        return rest[0]
    if kind == "t":
        return torch.tensor(rest[0], dtype=getattr(torch, rest[1])).reshape(rest[2])
    return rest[0]  # a list


def index_of(entries):
    values = [entry(e) for e in entries]
    # A list by itself stands for a tensor, which Python says with a tuple.
    return values[0] if len(values) == 1 and entries[0][0] != "l" else tuple(values)


def value_of(value):
    if value[0] == "t":
        return make(value[1], value[2]) + 100 if value[2] != "bool" else make(value[1], "bool")
    return complex(*value[1]) if value[0] == "c" else value[1]


def bits(x):
    raw = x.detach().contiguous().reshape(-1).view(torch.uint8) if x.numel() else torch.empty(0, dtype=torch.uint8)
    return hashlib.sha1(raw.numpy().tobytes()).hexdigest()[:16]


def run(case):
    x = make(case["shape"], case["dtype"])
    if case.get("transpose"):
        x = x.transpose(0, -1)
    index = index_of(case["index"])
    if case["op"] == "get":
        if case.get("grad"):
            x.requires_grad_()
        r = x[index]
        share = None
        if r.numel() and x.numel():
            share = r.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
        return {
            "shape": list(r.shape),
            "stride": list(r.stride()),
            "offset": r.storage_offset() if share else None,
            "share": share,
            "fn": r.grad_fn.name() if r.grad_fn else None,
            "bits": bits(r),
        }
    if case["op"] == "set":
        x[index] = value_of(case["value"])
    else:
        x.index_put_(tuple(index) if isinstance(index, tuple) else (index,), value_of(case["value"]), case["accumulate"])
    return {"bits": bits(x), "version": x._version}


def main():
    results = []
    for case in json.load(sys.stdin):
        try:
            results.append(run(case))
        except Exception as e:
            results.append({"error": type(e).__name__, "message": str(e)})
    json.dump(results, sys.stdout)


main()
