"""The adversarial methods, each from its paper's rule, in plain PyTorch: the reference of litorch/adversarial.

Prints JSON: for each method the losses and every parameter's gradient after one batch (after each replay, for the
free one), as hexadecimal bytes of doubles or floats as they are.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY, SIZE, CLASSES = 40, 6, 3


class Reader(nn.Module):
    """Two sequences, one embedding: what a question answering network does, in small."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, SIZE, padding_idx=0)
        self.hidden = nn.Linear(SIZE, 10)
        self.head = nn.Linear(10, CLASSES)

    def encode(self, vectors, tokens):
        real = (tokens != 0).unsqueeze(2).to(vectors.dtype)
        return (torch.tanh(self.hidden(vectors)) * real).sum(1) / real.sum(1)

    def forward(self, text, question, perturb=None):
        """perturb: from the number of the call and the vectors to the vectors."""
        vectors = [self.embedding(text), self.embedding(question)]
        if perturb is not None:
            vectors = [perturb(i, v) for i, v in enumerate(vectors)]
        return self.head(self.encode(vectors[0], text) + self.encode(vectors[1], question))


def batch():
    torch.manual_seed(3)
    text = torch.randint(1, VOCABULARY, [5, 9])
    question = torch.randint(1, VOCABULARY, [5, 4])
    for row, (long, short) in enumerate([(9, 4), (7, 2), (9, 3), (4, 4), (1, 1)]):
        text[row, long:] = 0
        question[row, short:] = 0
    labels = torch.randint(0, CLASSES, [5])
    return text, question, labels


def made(dtype):
    torch.manual_seed(1)
    model = Reader().to(dtype)
    torch.manual_seed(2)
    return model, batch()


def hexes(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def report(model, *losses):
    return {
        "losses": [None if loss is None else hexes(loss) for loss in losses],
        "gradients": {name: hexes(p.grad) for name, p in model.named_parameters() if p.grad is not None},
    }


# --- what the methods share ---


def masks(data, dtype):
    return [(tokens != 0).unsqueeze(2).to(dtype) for tokens in data[:2]]


def norms(parts):
    """The Euclidean norm of each example over all its tokens, in both sequences."""
    return torch.stack([p.norm(2, (1, 2)) for p in parts]).norm(2, 0).view(-1, 1, 1)


def unit(parts):
    size = norms(parts).clamp_min(1e-12)
    return [p / size for p in parts]


def project(parts, epsilon):
    factor = (epsilon / norms(parts).clamp_min(1e-12)).clamp_max(1)
    return [p * factor for p in parts]


def watched(model, data, deltas=None):
    """A pass whose gradients with respect to the (perturbed) vectors can be asked for."""
    seen = []

    def perturb(i, vectors):
        value = vectors if deltas is None else vectors + deltas[i]
        seen.append(value)
        return value

    return model(*data[:2], perturb), seen


def at(model, data, deltas):
    return model(*data[:2], lambda i, vectors: vectors + deltas[i])


def gradient(loss, seen, real):
    return [g * m for g, m in zip(torch.autograd.grad(loss, seen), real)]


def kl(p, q):
    log_p, log_q = F.log_softmax(p, -1), F.log_softmax(q, -1)
    return (log_p.exp() * (log_p - log_q)).sum(-1).mean()


def symmetric(p, q):
    return kl(p, q) + kl(q, p)


def trained_on(model, data, find):
    """The loss and the loss under a perturbation, both trained on."""
    labels, real = data[2], masks(data, next(model.parameters()).dtype)
    output, seen = watched(model, data)
    loss = F.cross_entropy(output, labels)
    for s in seen:
        s.retain_grad()
    loss.backward()
    with torch.no_grad():
        deltas = find([s.grad * m for s, m in zip(seen, real)], real)
    adversarial = F.cross_entropy(at(model, data, deltas), labels)
    adversarial.backward()
    return report(model, loss, adversarial)


# --- the methods ---


def forum(dtype, zero=False):
    """The post's step, with its swap of the matrix and its third backward."""
    model, (text, question, labels) = made(dtype)
    loss = F.cross_entropy(model(text, question), labels)
    loss.backward(retain_graph=True)
    weight = model.embedding.weight
    perturbation = F.normalize(weight.grad.data, p=2, dim=1) * 5.0
    original = weight.data
    weight.data = (weight + perturbation).data
    adversarial = F.cross_entropy(model(text, question), labels)
    weight.data = original
    model.zero_grad()
    (loss + adversarial).backward()
    return report(model, loss, adversarial)


def fgm(dtype):
    model, data = made(dtype)
    return trained_on(model, data, lambda g, _: [d * 0.7 for d in unit(g)])


def fgm_per_token(dtype):
    model, data = made(dtype)
    return trained_on(model, data, lambda g, _: [F.normalize(d, p=2, dim=2) * 0.7 for d in g])


def fgsm(dtype):
    model, data = made(dtype)
    return trained_on(model, data, lambda g, _: [d.sign() * 0.05 for d in g])


def noise(dtype):
    model, data = made(dtype)
    torch.manual_seed(11)

    def find(_, real):
        drawn = [torch.randn(*m.shape[:2], SIZE, dtype=dtype) * m for m in real]
        return [d * 0.7 for d in unit(drawn)]

    return trained_on(model, data, find)


def pgd(dtype):
    model, data = made(dtype)
    real = masks(data, dtype)

    def find(first, _):
        deltas = project([torch.zeros_like(g) + d * 0.3 for g, d in zip(first, unit(first))], 0.5)
        for _ in range(2):
            with torch.enable_grad():
                output, seen = watched(model, data, deltas)
                g = gradient(F.cross_entropy(output, data[2]), seen, real)
            deltas = project([d + u * 0.3 for d, u in zip(deltas, unit(g))], 0.5)
        return deltas

    return trained_on(model, data, find)


def free_at(dtype):
    """Three replays of one batch, each with a step of plain gradient descent."""
    model, data = made(dtype)
    real = masks(data, dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    deltas = [torch.zeros(*m.shape[:2], SIZE, dtype=dtype) for m in real]
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        output, seen = watched(model, data, deltas)
        loss = F.cross_entropy(output, data[2])
        for s in seen:
            s.retain_grad()
        loss.backward()
        losses.append(loss)
        with torch.no_grad():
            deltas = [
                (d + (s.grad * m).sign() * 0.05).clamp(-0.08, 0.08) for d, s, m in zip(deltas, seen, real)
            ]
        optimizer.step()
    return report(model, *losses)


def yopo(dtype):
    """YOPO-3-2, whose first layer is the embedding with the hidden layer after it."""
    model, data = made(dtype)
    real = masks(data, dtype)
    deltas, losses = None, []
    for outer in range(3):
        hidden = []
        handle = model.hidden.register_forward_hook(lambda _, __, out: (out.retain_grad(), hidden.append(out))[1])
        output = model(*data[:2]) if deltas is None else at(model, data, deltas)
        handle.remove()
        loss = F.cross_entropy(output, data[2])
        losses.append(loss)
        (loss * (1 / 3)).backward()
        costates = [h.grad for h in hidden]
        if outer == 2:
            break
        if deltas is None:
            deltas = [torch.zeros(*m.shape[:2], SIZE, dtype=dtype) for m in real]
        for _ in range(2):
            seen = [(model.embedding(t).detach() + d).requires_grad_() for t, d in zip(data[:2], deltas)]
            hamiltonian = sum((model.hidden(s) * p).sum() for s, p in zip(seen, costates))
            g = gradient(hamiltonian, seen, real)
            deltas = project([d + u * 0.3 for d, u in zip(deltas, unit(g))], 0.5)
    return report(model, losses[0], losses[-1])


def free_lb(dtype):
    model, data = made(dtype)
    real = masks(data, dtype)
    torch.manual_seed(11)
    deltas = []
    for m in real:
        drawn = torch.rand(*m.shape[:2], SIZE, dtype=dtype) * 2 - 1
        scale = 0.6 / (m.flatten(1).sum(1) * SIZE).sqrt()
        deltas.append(drawn * m * scale.view(-1, 1, 1))
    losses = []
    for _ in range(3):
        output, seen = watched(model, data, deltas)
        loss = F.cross_entropy(output, data[2])
        losses.append(loss)
        for s in seen:
            s.retain_grad()
        (loss * (1 / 3)).backward()
        with torch.no_grad():
            moved = unit([s.grad * m for s, m in zip(seen, real)])
            deltas = project([d + u * 0.1 for d, u in zip(deltas, moved)], 0.25)
    return report(model, None, sum(losses[1:], losses[0]) / 3)


def vat(dtype, labels=True):
    model, data = made(dtype)
    real = masks(data, dtype)
    output = model(*data[:2])
    clean = output.detach()
    loss = None
    if labels:
        loss = F.cross_entropy(output, data[2])
        loss.backward()
    torch.manual_seed(11)
    d = [torch.randn(*m.shape[:2], SIZE, dtype=dtype) * m for m in real]
    for _ in range(2):
        out, seen = watched(model, data, [u * 0.1 for u in unit(d)])
        d = gradient(kl(clean, out), seen, real)
    divergence = kl(clean, at(model, data, [u * 0.7 for u in unit(d)]))
    (divergence * 0.5).backward()
    return report(model, loss, divergence)


def smart(dtype, ascent=symmetric):
    model, data = made(dtype)
    real = masks(data, dtype)
    output = model(*data[:2])
    loss = F.cross_entropy(output, data[2])
    torch.manual_seed(11)
    deltas = [torch.randn(*m.shape[:2], SIZE, dtype=dtype) * 1e-2 * m for m in real]
    for _ in range(2):
        out, seen = watched(model, data, deltas)
        g = gradient(ascent(output.detach(), out), seen, real)
        deltas = [d + e / e.abs().amax(2, True).clamp_min(1e-12) * 1e-1 for d, e in zip(deltas, g)]
    divergence = symmetric(output, at(model, data, deltas))
    (loss + divergence * 0.5).backward()
    return report(model, loss, divergence)


def r3f(dtype):
    model, data = made(dtype)
    output = model(*data[:2])
    loss = F.cross_entropy(output, data[2])
    torch.manual_seed(11)
    deltas = [(torch.rand(*m.shape[:2], SIZE, dtype=dtype) * 2 - 1) * 0.1 * m for m in masks(data, dtype)]
    divergence = symmetric(output, at(model, data, deltas))
    (loss + divergence * 0.5).backward()
    return report(model, loss, divergence)


def r_drop(dtype):
    """With dropout on the hidden layer, in two passes."""
    model, data = made(dtype)
    plain = model.hidden
    model.hidden = nn.Sequential(plain, nn.Dropout(0.4))
    torch.manual_seed(11)
    outputs = [model(*data[:2]) for _ in range(2)]
    losses = [F.cross_entropy(output, data[2]) for output in outputs]
    loss = (losses[0] + losses[1]) * 0.5
    divergence = symmetric(*outputs) * 0.5
    (loss + divergence * 0.8).backward()
    model.hidden = plain
    return report(model, loss, divergence)


def awp(dtype, attacked=False):
    model, data = made(dtype)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    deltas = None
    if attacked:
        output, seen = watched(model, data)
        g = gradient(F.cross_entropy(output, data[2]), seen, masks(data, dtype))
        deltas = [d * 0.7 for d in unit(g)]
    run = lambda: model(*data[:2]) if deltas is None else at(model, data, deltas)
    loss = F.cross_entropy(run(), data[2])
    moves = [g / g.norm().clamp_min(1e-12) * (p.norm() * 0.05) for g, p in zip(torch.autograd.grad(loss, matrices), matrices)]
    with torch.no_grad():
        before = [p.clone() for p in matrices]
        for p, move in zip(matrices, moves):
            p.add_(move)
    adversarial = F.cross_entropy(run(), data[2])
    adversarial.backward()
    with torch.no_grad():
        for p, value in zip(matrices, before):
            p.copy_(value)
    return report(model, loss, adversarial)


METHODS = {
    "forum": forum,
    "fgm": fgm,
    "fgm per token": fgm_per_token,
    "fgsm": fgsm,
    "noise": noise,
    "pgd": pgd,
    "freeAT": free_at,
    "yopo": yopo,
    "freeLB": free_lb,
    "vat": vat,
    "vat without labels": lambda dtype: vat(dtype, labels=False),
    "smart": smart,
    "alum": lambda dtype: smart(dtype, kl),
    "r3f": r3f,
    "rDrop": r_drop,
    "awp": awp,
    "awp at perturbed inputs": lambda dtype: awp(dtype, attacked=True),
}

torch.set_num_threads(1)
print(
    json.dumps(
        {
            name: {str(dtype): method(dtype) for dtype in (torch.float32, torch.float64)}
            for name, method in METHODS.items()
        }
    )
)
