"""PyTorch's own test database as a stream of samples with their results, for `npm run conformance`.

    python op_db.py

It first sends a frame with the entries of op_db, then answers tasks, one line of JSON each on standard input. A task
{"op": index, "kind": dtype or "errors", "form": how to call, "skip": n, "limit": m, "repeat": r, "flush": bool} is
answered by one frame for each sample and an end frame, on standard output. A frame is two 32-bit lengths (little-endian:
of the header and of the bytes), a header in JSON and raw bytes. With `repeat` PyTorch runs each sample that often, to
say of which its own result varies.
"""

import itertools
import json
import os
import random
import re
import struct
import sys
import time
import types
import warnings

warnings.filterwarnings("ignore")

import numpy
import torch
import torch.testing._internal.common_methods_invocations as database

from op_db_forms import Skip, paths, run_form
from op_db_repeat import fill_free_memory, varying
from op_db_values import Encoder, name_of

SEED = 20
GRADIENT_SEED = 21
OPERATORS = database.op_db


def call_unseeded(op, *args, **kwargs):
    return op(*args, **kwargs)


# Some entries seed the generator inside of the operator; here both sides do that before they call it.
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("torch.testing") and hasattr(module, "wrapper_set_seed"):
        module.wrapper_set_seed = call_unseeded


def named_modules():
    yield "torch", torch
    for name in (
        "nn.functional linalg special fft masked sparse nested signal.windows Tensor".split()
    ):
        module = torch
        for part in name.split("."):
            module = getattr(module, part)
        yield f"torch.{name}", module


def public_paths():
    """The public name of every function, by its identity."""
    paths = {}
    for path, module in named_modules():
        for name in dir(module):
            if name.startswith("__") and path != "torch.Tensor":
                continue
            try:
                value = getattr(module, name)
            except Exception:
                continue
            if callable(value):
                # Keeps the function alive, so that its identity stays its own.
                paths.setdefault(id(value), (f"{path}.{name}", value))
    return paths


PATHS = public_paths()


def at_path(path):
    value = torch
    for part in path.split("."):
        value = getattr(value, part, None)
    return value


def path_of(info):
    """`torch.linalg.svd` for the entry's function, or None where it is not a public function itself."""
    name = info.name.removeprefix("torch.")
    if at_path(name) is info.op and info.op is not None:
        return f"torch.{name}"
    if id(info.op) in PATHS:
        return PATHS[id(info.op)][0]
    if isinstance(info.op, torch._ops.OpOverloadPacket):
        return f"torch.ops.{info.op._qualified_op_name.replace('::', '.')}"
    if isinstance(info.op, torch._ops.OpOverload):
        return f"torch.ops.{str(info.op)}"
    return None


def is_for_cuda(info):
    """Compiled for CUDA when it is called; the database does not say so."""
    return info.name.startswith("jiterator")


def supported(info):
    if is_for_cuda(info):
        return []
    return [name_of(dtype) for dtype in sorted(info.supported_dtypes("cpu"), key=str)]


def listing():
    return [
        {
            "op": index,
            "name": info.name,
            "variant": info.variant_test_name,
            "path": path_of(info),
            "dtypes": supported(info),
            "errors": info.error_inputs_func is not None and not is_for_cuda(info),
            **paths(info),
        }
        for index, info in enumerate(OPERATORS)
    ]


def seed_all():
    torch.manual_seed(0)
    random.seed(0)
    numpy.random.seed(0)


def tensors_of(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_of(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_of(item)


def described(error):
    return {"type": type(error).__name__, "message": str(error)}


def gradient_like(output):
    """A gradient for an output: random numbers, or ones where it is sparse."""
    if output.layout != torch.strided:
        return torch.ones_like(output.detach())
    return torch.randn(output.shape, dtype=torch.float64).to(output.dtype)


def run_backward(encoder, outputs, header):
    inputs = [tensor for tensor in encoder.originals if tensor.requires_grad]
    indices = [i for i, tensor in enumerate(encoder.originals) if tensor.requires_grad]
    wanted = [i for i, tensor in enumerate(outputs) if tensor.requires_grad]
    if not inputs or not wanted:
        return
    torch.manual_seed(GRADIENT_SEED)
    backward = {"inputs": indices, "outputs": wanted}
    try:
        gradients = [gradient_like(outputs[i]) for i in wanted]
        backward["gradients"] = [encoder.argument(gradient) for gradient in gradients]
    except Exception:
        return
    begin_call()
    try:
        results = torch.autograd.grad(
            [outputs[i] for i in wanted], inputs, gradients, allow_unused=True
        )
        backward["grads"] = [encoder.result(result) for result in results]
    except Exception as error:
        backward["raises"] = described(error)
    header["backward"] = backward


# The parameters of the registered operators where 2.0 is not 2: a Scalar, and a Tensor that a number may stand for.
SCALARS = ("number", "Scalar", "Tensor")
# An integer, which a float must not stand for.
INTEGERS = (*SCALARS, "int", "SymInt")
TYPES = {}


def scalar_places(path, kinds):
    """Which positions and names of a function take one of these types."""
    key = (path, kinds)
    if key not in TYPES:
        name = path.removeprefix("torch.")
        name = name.removeprefix("nn.functional.").removeprefix("Tensor.").replace(".", "_").strip("_")
        name = name.removeprefix("ops_aten_")
        places = set()
        for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
            for i, argument in enumerate(schema.arguments):
                if str(argument.real_type).removeprefix("Optional[").removesuffix("]") in kinds:
                    places.add(argument.name)
                    if not argument.kwarg_only:
                        places.add(i)
        TYPES[key] = places
    return TYPES[key]


def mark_scalars(info, path, kinds, args, kwargs):
    """Marks the floats where it matters that they are: JavaScript cannot tell 2.0 from 2."""
    # Of a wrapper, the function that it is named after; of a reflected operator, the operator.
    reflected = re.fullmatch("__r([a-z]+)__", info.name)
    # What PyTorch writes in Python takes numbers and no tensors in their place.
    if isinstance(at_path((path or info.name).removeprefix("torch.")), types.FunctionType) and not reflected:
        return
    places = scalar_places(reflected[1] if reflected else path or f"torch.{info.name}", kinds)
    for place, tree in [*enumerate(args), *kwargs.items()]:
        if place in places and isinstance(tree, dict) and "f" in tree:
            tree["scalar"] = True


def sample_header(info, path, sample, encoder, kinds=SCALARS):
    args = [encoder.argument(value) for value in (sample.input, *sample.args)]
    kwargs = {key: encoder.argument(value) for key, value in sample.kwargs.items()}
    mark_scalars(info, path, kinds, args, kwargs)
    return {"name": sample.name, "args": args, "kwargs": kwargs}


def begin_call():
    """What comes before each call whose result counts."""
    fill_free_memory()
    torch.manual_seed(SEED)


def call(info, sample):
    begin_call()
    result = info.op(sample.input, *sample.args, **sample.kwargs)
    # What Python's operators say to the interpreter, which raises.
    if result is NotImplemented:
        raise TypeError("unsupported operand types")
    return result


def as_leaf(value):
    """A view made while nothing was recorded calls itself a leaf, but gradients do not reach it: a true leaf instead."""
    if isinstance(value, torch.Tensor) and value.requires_grad and value.is_leaf and value._is_view():
        return value.detach().requires_grad_()
    return value


def run_sample(info, path, sample, encoder):
    sample.kwargs = {key: as_leaf(value) for key, value in sample.kwargs.items()}
    header = sample_header(info, path, sample, encoder)
    try:
        result = call(info, sample)
    except Exception as error:
        header["raises"] = described(error)
        return header
    header["result"] = encoder.result(result)
    run_backward(encoder, list(tensors_of(result)), header)
    return header


def run_error(info, path, error_input, encoder):
    sample = error_input.sample_input
    header = sample_header(info, path, sample, encoder, INTEGERS)
    header["regex"] = error_input.error_regex
    try:
        call(info, sample)
    except Exception as error:
        header["raises"] = described(error)
    return header


def run_as(form, info, path, sample, encoder):
    """The sample as a method, in place or into `out`; None where that does not apply."""
    sample.kwargs = {key: as_leaf(value) for key, value in sample.kwargs.items()}
    if form == "leaf":
        sample.input = as_leaf(sample.input)
    header = sample_header(info, path, sample, encoder)
    try:
        run_form(form, info, sample, header, encoder, begin_call)
    except Skip:
        return None
    except Exception as error:
        header["raises"] = described(error)
    return header


class Stream:
    """Frames on standard output, which nothing else writes to."""

    def __init__(self):
        self.output = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
        os.dup2(2, 1)
        self.flushed = 0.0

    def send(self, header, parts=(), flush=False):
        text = json.dumps(header, separators=(",", ":")).encode()
        self.output.write(struct.pack("<II", len(text), sum(map(len, parts))))
        self.output.write(text)
        for part in parts:
            self.output.write(part)
        if flush or time.monotonic() - self.flushed > 0.1:
            self.output.flush()
            self.flushed = time.monotonic()


def samples_of(info, kind, form):
    if kind == "errors":
        return info.error_inputs("cpu")
    dtype = getattr(torch, kind)
    # What is written into `out` has no gradient.
    differentiable = (dtype.is_floating_point or dtype.is_complex) and form not in ("out", "resized")
    return info.sample_inputs("cpu", dtype, requires_grad=differentiable and info.supports_autograd)


def runner_of(task, info):
    """What runs one sample of a task: gives its header, or None where there is nothing to do."""
    path = path_of(info)
    if task["kind"] == "errors":
        return lambda sample, encoder: run_error(info, path, sample, encoder)
    if task["form"] == "function":
        return lambda sample, encoder: run_sample(info, path, sample, encoder)
    return lambda sample, encoder: run_as(task["form"], info, path, sample, encoder)


def selected(task, info):
    """The samples of a task with their numbers; each finds the generator as the database left it."""
    samples = samples_of(info, task["kind"], task["form"])
    for i, sample in enumerate(itertools.islice(samples, task.get("limit"))):
        if i < task.get("skip", 0):
            continue
        state = torch.get_rng_state()
        yield i, sample
        torch.set_rng_state(state)


def answer(stream, task):
    info = OPERATORS[task["op"]]
    run = runner_of(task, info)
    end = {"end": True}

    def samples_again():
        seed_all()
        return selected(task, info)

    def run_alone(sample):
        encoder = Encoder()
        return run(sample, encoder), encoder.blobs.parts

    try:
        varies = varying(samples_again, run_alone, task["repeat"]) if "repeat" in task else set()
        for i, sample in samples_again():
            encoder = Encoder()
            header = run(sample, encoder)
            if header is None:
                continue
            header.update(i=i, tensors=encoder.tensors, storages=encoder.blobs.storage_places())
            if i in varies:
                header["varies"] = True
            stream.send(header, encoder.blobs.parts, task.get("flush", False))
    except Exception as error:
        end["failed"] = described(error)
    stream.send(end, (), True)


def serve():
    stream = Stream()
    stream.send({"version": torch.__version__, "ops": listing()}, (), True)
    for line in sys.stdin:
        answer(stream, json.loads(line))


if __name__ == "__main__":
    torch.set_num_threads(1)
    serve()
