"""Values as a JSON tree beside raw bytes, for litorch to rebuild: see test/conformance/values.ts, which reads them.

A tensor that goes in keeps its storage, strides and flags, so that overlaps and aliases survive. A result is described
by its elements in row-major order, and by its metadata.
"""

import ctypes
import dataclasses
import enum
import math

import numpy
import torch


class Blobs:
    """The bytes of one frame, in order; each storage only once."""

    def __init__(self):
        self.parts = []
        self.size = 0
        self.storages = {}
        # Storages must outlive the frame, or another could get the same address.
        self.alive = []

    def add(self, data):
        place = [self.size, len(data)]
        self.parts.append(data)
        self.size += len(data)
        return place

    def storage(self, tensor):
        storage = tensor.untyped_storage()
        key = storage.data_ptr() if storage.nbytes() else ("empty", len(self.alive))
        if key not in self.storages:
            self.alive.append(storage)
            data = ctypes.string_at(storage.data_ptr(), storage.nbytes()) if storage.nbytes() else b""
            self.storages[key] = (len(self.storages), self.add(data))
        return self.storages[key][0]

    def storage_places(self):
        return [place for _, place in self.storages.values()]


def name_of(dtype):
    return str(dtype)[6:]


def number(value):
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"i": value if abs(value) < 2**53 else str(value)}
    if isinstance(value, float):
        if math.isfinite(value) and not (value == 0 and math.copysign(1, value) < 0):
            return {"f": value}
        return {"f": "nan" if value != value else "-0" if value == 0 else "inf" if value > 0 else "-inf"}
    return {"c": [number(value.real), number(value.imag)]}


def compressed_parts(tensor):
    if tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        return [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    return [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]


def sparse_parts(tensor):
    tensor = tensor.detach()
    if tensor.layout == torch.sparse_coo:
        return [tensor._indices(), tensor._values()]
    return compressed_parts(tensor)


class Encoder:
    """Turns arguments and results into trees."""

    def __init__(self):
        self.blobs = Blobs()
        self.tensors = []
        self.known = {}
        self.originals = []

    def tree(self, value, leaf):
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, torch.Tensor):
            return leaf(value)
        if isinstance(value, enum.Enum):
            return {"u": repr(value)}
        if isinstance(value, (int, float, complex)):
            return number(value)
        if isinstance(value, numpy.generic):
            return number(value.item())
        if isinstance(value, torch.dtype):
            return {"dtype": name_of(value)}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        if isinstance(value, torch.layout):
            return {"layout": name_of(value)}
        if isinstance(value, torch.memory_format):
            return {"memoryFormat": name_of(value)}
        if isinstance(value, torch.Generator):
            return {"generator": self.argument(value.get_state())}
        if isinstance(value, slice):
            return {"slice": [self.tree(part, leaf) for part in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"ellipsis": 1}
        if isinstance(value, (list, tuple)):
            return {"l" if isinstance(value, list) else "t": [self.tree(item, leaf) for item in value]}
        if isinstance(value, dict):
            return {"d": [[str(key), self.tree(item, leaf)] for key, item in value.items()]}
        if dataclasses.is_dataclass(value):
            fields = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
            return {"options": [[name, self.tree(item, leaf)] for name, item in fields]}
        if isinstance(value, torch.nn.Module) and repr(value) == f"{type(value).__name__}()":
            return {"module": type(value).__name__}
        return {"u": repr(value)}

    def argument(self, value):
        """A tree whose tensors are numbers into the table of tensors."""
        return self.tree(value, self.input_tensor)

    def result(self, value):
        """A tree whose tensors are described in place."""
        return self.tree(value, self.output_tensor)

    def input_tensor(self, tensor):
        found = self.known.get(id(tensor))
        if found is None:
            entry = self.describe_input(tensor)
            found = self.known[id(tensor)] = len(self.tensors)
            self.tensors.append(entry)
            self.originals.append(tensor)
        return {"T": found}

    def describe_input(self, tensor):
        entry = {"d": name_of(tensor.dtype), "s": None, "g": tensor.requires_grad, "leaf": tensor.is_leaf}
        if tensor.is_nested or tensor.is_quantized or type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            return {**entry, "unsupported": type(tensor).__name__}
        entry["s"] = list(tensor.shape)
        if tensor.device.type != "cpu":
            return {**entry, "device": str(tensor.device)}
        if tensor.layout == torch.strided:
            entry.update(st=list(tensor.stride()), o=tensor.storage_offset(), b=self.blobs.storage(tensor))
            if tensor.is_conj():
                entry["conj"] = True
            if tensor.is_neg():
                entry["neg"] = True
            return entry
        if tensor.layout == torch._mkldnn:
            return {**entry, "unsupported": "mkldnn"}
        entry["layout"] = name_of(tensor.layout)
        entry["parts"] = [self.argument(part)["T"] for part in sparse_parts(tensor)]
        if tensor.layout == torch.sparse_coo:
            entry["coalesced"] = tensor.is_coalesced()
        return entry

    def output_tensor(self, tensor):
        entry = {"d": name_of(tensor.dtype), "s": None, "g": tensor.requires_grad}
        plain = tensor.detach()
        if tensor.is_nested or tensor.is_quantized:
            return {"R": {**entry, "unsupported": True}}
        entry["s"] = list(tensor.shape)
        if tensor.device.type != "cpu":
            return {"R": {**entry, "device": str(tensor.device)}}
        if tensor.layout == torch.strided:
            entry["st"] = list(tensor.stride())
            if tensor.is_conj():
                entry["conj"] = True
            if tensor.is_neg():
                entry["neg"] = True
            # Zeros without memory, as some gradients are.
            if torch._is_zerotensor(plain):
                plain = torch.zeros(plain.shape, dtype=plain.dtype)
            dense = plain.resolve_conj().resolve_neg().contiguous()
            size = dense.numel() * dense.element_size()
            entry["b"] = self.blobs.add(ctypes.string_at(dense.data_ptr(), size) if size else b"")
        elif tensor.layout == torch._mkldnn:
            entry["unsupported"] = True
        else:
            entry["layout"] = name_of(tensor.layout)
            entry["parts"] = [self.result(part) for part in sparse_parts(tensor)]
            if tensor.layout == torch.sparse_coo:
                entry["coalesced"] = tensor.is_coalesced()
        return {"R": entry}
