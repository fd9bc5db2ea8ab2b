"""What PyTorch's autograd gives for the cases of test/autograd/*.test.ts: bits of gradients, messages, names of nodes."""

import json

import torch


def hexed(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def message(run):
    try:
        run()
    except Exception as error:  # noqa: BLE001
        return str(error)
    return None


def inputs():
    torch.manual_seed(11)
    return [torch.randn(3, 4, requires_grad=True), torch.randn(4, 2, requires_grad=True)]


def network(x, w):
    return (x @ w).tanh().pow(2).sum() + (x.sigmoid() * 0.3).mean()


def gradients():
    x, w = inputs()
    network(x, w).backward()
    yield "backward", [x.grad, w.grad]
    x, w = inputs()
    loss = network(x, w)
    loss.backward(retain_graph=True)
    loss.backward()
    yield "backward twice with retainGraph", [x.grad, w.grad]
    x, w = inputs()
    (x @ w).tanh().backward(gradient=torch.linspace(-1, 1, 6).view(3, 2))
    yield "backward with a gradient", [x.grad, w.grad]
    x, w = inputs()
    network(x, w).backward(inputs=[w])
    yield "backward with inputs", [w.grad]
    x, w = inputs()
    yield "grad", list(torch.autograd.grad(network(x, w), [x, w]))
    x, w = inputs()
    first = torch.autograd.grad(network(x, w), x, create_graph=True)[0]
    yield "second derivative", [first, *torch.autograd.grad(first.pow(2).sum(), [x, w])]
    x, w = inputs()
    network(x, w).backward(create_graph=True)
    (x.grad.pow(2).sum() + w.grad.sum()).backward()
    yield "second derivative by backward", [x.grad, w.grad]
    x = torch.tensor(1.7, requires_grad=True, dtype=torch.float64)
    y, derivatives = x.sin() * x.exp(), []
    for _ in range(5):
        (y,) = torch.autograd.grad(y, x, create_graph=True)
        derivatives.append(y)
    yield "derivatives up to the fifth", derivatives
    x, w = inputs()
    h = x @ w
    h.retain_grad()
    h.relu().sum().backward()
    yield "retainGrad", [h.grad, x.grad]
    x, w = inputs()
    torch.autograd.backward([(x @ w).sum(), x.pow(3)], [None, torch.full((3, 4), 0.1)])
    yield "backward of several tensors", [x.grad, w.grad]
    x, _ = inputs()
    y = x.clone()
    y[1].mul_(3)
    y.view(-1)[2:5].exp_()
    y.sum().backward()
    yield "in-place operators on views", [x.grad]
    torch.manual_seed(0)
    table = torch.randn(7, 3, requires_grad=True)
    torch.embedding(table, torch.tensor([[1, 5], [1, 0]])).pow(2).sum().backward()
    yield "embedding", [table.grad]
    x, w = inputs()
    loss = network(x, w)
    x.data = x.data * 2
    loss.backward()
    yield "data set before backward", [x.grad, w.grad]


def messages():
    def twice():
        x, w = inputs()
        loss = network(x, w)
        loss.backward()
        loss.backward()

    def changed():
        x, w = inputs()
        y = x.exp()
        z = y * w.sum()
        y.add_(1)
        z.sum().backward()

    def view_of_leaf():
        inputs()[0].view(-1).add_(1)

    x = inputs()[0]
    yield "backward twice", twice
    yield "changed in place", changed
    yield "leaf in place", lambda: inputs()[0].add_(1)
    yield "view of leaf in place", view_of_leaf
    yield "no scalar", lambda: (x * 2).backward()
    yield "no graph", lambda: torch.ones(1).backward()
    yield "unused", lambda: torch.autograd.grad(x.sum(), torch.ones(1, requires_grad=True))
    yield "input without grad", lambda: torch.autograd.grad(x.sum(), torch.ones(1))
    yield "shape", lambda: (x * 2).backward(torch.ones(5))
    yield "retain_grad", lambda: torch.ones(1).retain_grad()
    yield "detach_", lambda: (x * 2).view(-1).detach_()
    yield "requires_grad of no leaf", lambda: (x * 2).requires_grad_(False)
    yield "inference in place", lambda: inference().add_(1)
    yield "inference saved", lambda: x * inference()


def inference():
    with torch.inference_mode():
        return torch.ones(3, 4)


def names():
    x, w = inputs()
    i = torch.tensor([[0, 1, 2, 0]])
    for tensor in [
        x + 1, x - 1, x * 2, x / 2, x @ w, x.sum(), x.mean(0), x.pow(2), x.exp(), x.log(), x.tanh(), x.sigmoid(), x.relu(),
        x.view(-1), x.reshape(2, 6), x.t(), x.transpose(0, 1), x.permute(1, 0), x[0], x[:, 1:3], x.clone(), x.double(), x.abs(),
        torch.cat([x, x]), torch.stack([x, x]), x.softmax(1), x.log_softmax(1), x.max(), x.max(1).values, x.gather(0, i),
        x.masked_fill(x > 0, 0.0), torch.where(x > 0, x, 0.0), x.expand(2, 3, 4), x.squeeze(), x.unsqueeze(0), torch.linalg.vector_norm(x),
        torch.addmm(torch.ones(2), x, w), torch.embedding(x, torch.tensor([1])), torch.layer_norm(x, [4]), x.clamp(0, 1),
        torch.bmm(x.unsqueeze(0), w.unsqueeze(0)), x.sqrt(), x.neg(), x.std(), x.cumsum(0), x.split(2)[0], x.unbind(0)[1],
        x.contiguous().view(3, 2, 2), x.t().contiguous(), x.clone().add_(1), x.clone().zero_(), x.detach(),
    ]:
        yield tensor.grad_fn.name() if tensor.grad_fn is not None else None


print(
    json.dumps(
        {
            "gradients": {name: [hexed(tensor) for tensor in tensors] for name, tensors in gradients()},
            "messages": {name: message(run) for name, run in messages()},
            "names": list(names()),
        }
    )
)
