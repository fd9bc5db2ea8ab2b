"""Other ways to call an entry of op_db than its function: as a method, in place, and into `out`."""

import functools
import re

import torch


def method_path(info):
    """`torch.Tensor.add`, or None where the function is the method itself or there is none."""
    method = info.get_method()
    if method is None or info.op is method:
        return None
    # What op_db wraps to seed the generator is named as the entry.
    name = info.name if method.__name__ == "<lambda>" else method.__name__
    return None if name.startswith("__") else f"torch.Tensor.{name}"


def takes_option(inplace):
    """Whether it is the function with `inplace=True`."""
    return isinstance(inplace, functools.partial) or inplace.__name__ == "<lambda>"


def inplace_path(info):
    """`torch.Tensor.add_`, or the function that takes `inplace`."""
    inplace = info.get_inplace()
    if inplace is None:
        return None
    if takes_option(inplace):
        return f"torch.{info.name}"
    # The entries called `resize_` are in place themselves.
    return None if info.name.endswith("_") else f"torch.Tensor.{inplace.__name__}"


def takes_out(info):
    # The registry's operators have their own names for what they write to.
    return info.supports_out and not isinstance(info.op, (torch._ops.OpOverload, torch._ops.OpOverloadPacket))


def paths(info):
    return {"method": method_path(info), "inplace": inplace_path(info), "out": takes_out(info)}


def plain_tensors(value):
    """A result's tensors where `out` can stand for them, or None."""
    values = [value] if isinstance(value, torch.Tensor) else value
    if not isinstance(values, (list, tuple)) or not values:
        return None
    for one in values:
        if not isinstance(one, torch.Tensor) or one.layout != torch.strided or one.device.type != "cpu":
            return None
    return list(values)


def unwritten(like, resized):
    """A tensor for a result, with elements that no result has; of another shape where it shall be resized."""
    shape = list(like.shape)
    if resized:
        shape = [*shape[:-1], shape[-1] + 1] if shape else [2]
    special = like.dtype.is_floating_point or like.dtype.is_complex
    return torch.full(shape, float("nan") if special else 1, dtype=like.dtype)


class Skip(Exception):
    """The form does not apply to the sample."""


def run_method(info, sample, header, encoder):
    result = info.get_method()(sample.input, *sample.args, **sample.kwargs)
    header["result"] = encoder.result(result)


def run_inplace(info, sample, header, encoder):
    given = sample.input.clone()
    result = info.get_inplace()(given, *sample.args, **sample.kwargs)
    header["result"] = encoder.result(result)
    header["same"] = [result is given]


def run_leaf(info, sample, header, encoder):
    """In place on a leaf that requires a gradient, which raises."""
    if not (sample.input.requires_grad and sample.input.is_leaf):
        raise Skip
    try:
        info.get_inplace()(sample.input, *sample.args, **sample.kwargs)
    except RuntimeError as error:
        header["regex"] = re.escape(str(error))
        raise
    raise Skip


def run_out(info, sample, header, encoder, begin, resized=False):
    try:
        begin()
        expected = info.op(sample.input, *sample.args, **sample.kwargs)
    except Exception as error:
        raise Skip from error
    tensors = plain_tensors(expected)
    if tensors is None:
        raise Skip
    outs = [unwritten(tensor, resized) for tensor in tensors]
    out = outs[0] if isinstance(expected, torch.Tensor) else (list if isinstance(expected, list) else tuple)(outs)
    header["out"] = encoder.argument(out)
    begin()
    try:
        result = info.op(sample.input, *sample.args, **sample.kwargs, out=out)
    except TypeError as error:
        # `out` cannot stand for these results, such as those of `nonzero(as_tuple=True)`.
        if "argument 'out' must be" in str(error):
            raise Skip from error
        raise
    header["nothing"] = result is None
    results = outs if result is None else [result] if isinstance(result, torch.Tensor) else list(result)
    header["result"] = encoder.result(results)
    header["same"] = [one is out for one, out in zip(results, outs)]


def run_form(form, info, sample, header, encoder, begin):
    """
    Fills in what PyTorch does.
    @throws Skip, and whatever PyTorch throws.
    """
    if form in ("out", "resized"):
        run_out(info, sample, header, encoder, begin, form == "resized")
        return
    # A nested or quantized tensor is skipped with the function already.
    if not isinstance(sample.input, torch.Tensor):
        raise Skip
    if form in ("inplace", "leaf") and takes_option(info.get_inplace()) and "inplace" in sample.kwargs:
        raise Skip
    begin()
    {"method": run_method, "inplace": run_inplace, "leaf": run_leaf}[form](info, sample, header, encoder)
