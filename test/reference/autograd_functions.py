"""What PyTorch gives for the cases of test/autograd/function.test.ts and hooks.test.ts: bits, orders and messages."""

import json

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def hexed(tensor):
    return None if tensor is None else tensor.detach().contiguous().numpy().tobytes().hex()


def leaf(*size):
    return torch.randn(*size, dtype=torch.float64, requires_grad=True)


class Exp(Function):
    @staticmethod
    def forward(ctx, x):
        result = x.exp()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad):
        (result,) = ctx.saved_tensors
        return grad * result


class Cube(Function):
    @staticmethod
    def forward(x):
        return x * x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x)
        ctx.three = 3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return ctx.three * x * x * grad


class ScaledSum(Function):
    @staticmethod
    def forward(ctx, a, scale, b):
        ctx.scale = scale
        ctx.save_for_backward(a, None, b)
        return a * scale + b, a.max(), "text"

    @staticmethod
    def backward(ctx, first, second, third):
        a, none, b = ctx.saved_tensors
        return first * ctx.scale + second * a, None, first + second


class Unmaterialized(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    @staticmethod
    def backward(ctx, first, second):
        return first * (2 if second is None else 5)


class Sorted(Function):
    @staticmethod
    def forward(ctx, x):
        values, indices = x.sort()
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        return values, indices

    @staticmethod
    def backward(ctx, grad, none):
        (indices,) = ctx.saved_tensors
        return torch.zeros_like(grad).scatter(0, indices, grad)


class Doubled(Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


class Identity(Function):
    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 7


class Once(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 2 * x * grad


def gives(gradient):
    class Gives(Function):
        @staticmethod
        def forward(ctx, x, n):
            return x.clone()

        @staticmethod
        def backward(ctx, grad):
            return gradient(grad)

    return Gives


def double(parameter):
    parameter.grad.mul_(2)


def values():
    torch.manual_seed(5)
    x = leaf(3, 4)
    y = Exp.apply(x)
    y.sum().backward()
    yield "exp", [y, x.grad]
    x = leaf(3, 4)
    (first,) = torch.autograd.grad(Exp.apply(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x, create_graph=True)
    yield "twice", [first, second]
    x = leaf(5)
    y = Cube.apply(x)
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    yield "setup", [y, first, second]
    a, b = leaf(4), leaf(4)
    first, second, text = ScaledSum.apply(a, 2.5, b)
    (first.sum() + second).backward()
    yield "several", [first, second, a.grad, b.grad]
    a, b = leaf(4), leaf(4)
    ScaledSum.apply(a, 2.5, b)[0].sum().backward()
    yield "unused result", [a.grad, b.grad]
    x = leaf(4)
    Unmaterialized.apply(x)[0].sum().backward()
    yield "unmaterialized", [x.grad]
    x = leaf(4)
    ordered, indices = Sorted.apply(x)
    (ordered * torch.arange(4)).sum().backward()
    yield "non-differentiable", [ordered, indices, x.grad]
    x = leaf(4)
    y = x * 1
    z = Doubled.apply(y)
    z.sum().backward()
    yield "dirty", [y, x.grad]
    x = leaf(4)
    y = Identity.apply(x)
    y.sum().backward()
    yield "identity", [y, x.grad]
    x = leaf(4)
    Once.apply(x).sum().backward()
    yield "once", [x.grad]
    x = leaf(4)
    y = x * 2
    x.register_hook(lambda g: g * 3)
    x.register_hook(lambda g: None)
    x.register_hook(lambda g: g + 1)
    y.register_hook(lambda g: g * 5)
    y.retain_grad()
    y.register_hook(lambda g: g - 1)
    y.sum().backward()
    yield "hooks", [x.grad, y.grad]
    x = leaf(4)
    y = x * 2
    y.register_hook(lambda g: g * 3)
    y.add_(1)
    y.register_hook(lambda g: g + 1)
    y.sum().backward()
    yield "hooks around a change in place", [x.grad]
    x = leaf(4)
    handle = x.register_hook(lambda g: g * 3)
    x.sum().backward()
    handle.remove()
    x.sum().backward()
    yield "removed hook", [x.grad]
    x = leaf(4)
    y = x * 2
    y.grad_fn.register_hook(lambda gi, go: (gi[0] * 3, None))
    y.grad_fn.register_prehook(lambda go: (go[0] + 1,))
    y.sum().backward()
    yield "hooks of a function", [x.grad]
    x = leaf(4)
    x.register_post_accumulate_grad_hook(double)
    x.sum().backward()
    x.sum().backward()
    yield "after accumulation", [x.grad]


def order():
    x = leaf(2)
    y = x * 2
    log = []
    x.register_post_accumulate_grad_hook(lambda p: log.append("accumulated"))
    x.register_hook(lambda g: log.append("leaf"))
    y.grad_fn.register_hook(lambda gi, go: log.append("after"))
    y.grad_fn.register_prehook(lambda go: log.append("before"))
    y.register_hook(lambda g: log.append("tensor"))
    y.register_hook(lambda g: log.append("tensor again"))
    y.sum().backward()
    return log


def message(run):
    try:
        run()
    except Exception as error:  # noqa: BLE001
        return str(error)
    return None


def named(gradient):
    def hook(_):
        return gradient

    return hook


def hooked(gradient):
    x = leaf(3)
    x.register_hook(named(gradient))
    x.sum().backward()


def accumulated(hook):
    x = leaf(3)
    x.register_post_accumulate_grad_hook(hook)
    x.sum().backward()


def saved_changed():
    y = Exp.apply(leaf(3))
    y.add_(1)
    y.sum().backward()


def second_backward():
    loss = Exp.apply(leaf(3)).sum()
    loss.backward()
    loss.backward()


def once_twice():
    x = leaf(3)
    (first,) = torch.autograd.grad(Once.apply(x).sum(), x, create_graph=True)
    torch.autograd.grad(first.sum(), x)


def node_hook(result):
    y = leaf(3) * 2
    y.grad_fn.register_hook(lambda gi, go: result)
    y.sum().backward()


class Neither(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2


class NoForward(Function):
    pass


class SavedInput(Function):
    @staticmethod
    def forward(x):
        return x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])

    @staticmethod
    def backward(ctx, grad):
        return grad


messages = {
    "saved and changed": saved_changed,
    "second backward": second_backward,
    "once differentiable": once_twice,
    "too few": lambda: gives(lambda g: g).apply(leaf(3), 1).sum().backward(),
    "too many": lambda: gives(lambda g: (g, None, g)).apply(leaf(3), 1).sum().backward(),
    "for a number": lambda: gives(lambda g: (g, g)).apply(leaf(3), 1).sum().backward(),
    "wrong shape": lambda: gives(lambda g: (g[:2], None)).apply(leaf(3), 1).sum().backward(),
    "no backward": lambda: Neither.apply(leaf(3)).sum().backward(),
    "no forward": lambda: NoForward.apply(leaf(3)),
    "leaf changed in place": lambda: Doubled.apply(leaf(3).requires_grad_()),
    "input saved in setup": lambda: SavedInput.apply(leaf(3)),
    "hook of another size": lambda: hooked(torch.ones(2, dtype=torch.float64)),
    "hook of another dtype": lambda: hooked(torch.ones(3)),
    "hook without gradient": lambda: torch.ones(3).register_hook(lambda g: g),
    "result after accumulation": lambda: accumulated(lambda p: p),
    "after accumulation of no leaf": lambda: (leaf(3) * 2).register_post_accumulate_grad_hook(lambda p: None),
    "function hook of another length": lambda: node_hook((torch.ones(3),) * 3),
}

print(
    json.dumps(
        {
            "values": {name: [hexed(tensor) for tensor in tensors] for name, tensors in values()},
            "order": order(),
            "messages": {name: message(run) for name, run in messages.items()},
            "names": [Exp.apply(leaf(2)).grad_fn.name(), repr(Exp.apply(torch.ones(2, requires_grad=True)))],
        }
    )
)
