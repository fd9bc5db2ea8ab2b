"""The twins of programs.ts: each function makes what lasts, and gives the body of one round."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../examples/adversarial-qa/reference"))

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from model import Model, Network
from models import LanguageModel, TransformerBlock


def small_operators():
    a, b = torch.ones(8), torch.ones(8)

    def body():
        a.add(b).mul(2)

    return body


def large_operators(size):
    x = torch.ones(size, size)

    def body():
        x.add(1).mul(2)

    return body


def forum_step():
    vocab_size = 5000
    model = Model(Network(vocab_size, embedding_dim=50, hidden_size=32))

    def body():
        batch = {
            "context": torch.randint(1, vocab_size, [16, 60]),
            "question": torch.randint(1, vocab_size, [16, 12]),
            "context_padding": torch.zeros([16, 60], dtype=torch.bool),
            "question_padding": torch.zeros([16, 12], dtype=torch.bool),
            "features": torch.rand([16, 60, 6]),
            "starts": torch.randint(0, 30, [16]),
            "ends": torch.randint(30, 60, [16]),
        }
        model.update(batch)

    return body


def language_model():
    vocab_size = 2000
    model = LanguageModel(vocab_size)
    optimizer = optim.Adam(model.parameters())

    def body():
        tokens = torch.randint(0, vocab_size, [16, 33])
        optimizer.zero_grad()
        logits = model(tokens.narrow(1, 0, 32))
        targets = tokens.narrow(1, 1, 32).reshape(-1)
        F.cross_entropy(logits.reshape(-1, vocab_size), targets).backward()
        optimizer.step()

    return body


def transformer_block():
    block = TransformerBlock(128, 4)
    optimizer = optim.SGD(block.parameters(), lr=0.01)

    def body():
        x = torch.randn(8, 64, 128)
        optimizer.zero_grad()
        block(x).pow(2).mean().backward()
        optimizer.step()

    return body


def throw_and_catch():
    x, other = torch.ones(256, 256), torch.ones(7)

    def body():
        try:
            x.add(1).mul(x).add(other)
        except RuntimeError:
            return
        raise AssertionError("the shapes do not fit: it must throw")

    return body


def closures():
    x = torch.ones(256, 256)
    calls = []

    def body():
        captured = x.add(1)
        calls.append(lambda: captured.sum())
        if len(calls) > 32:
            calls.pop(0)
        calls[0]()

    return body


def arrays():
    x = torch.ones(256, 256)
    rows = []

    def body():
        rows.append([x.add(1), x.mul(2)])
        if len(rows) > 16:
            rows.pop(0)
        rows[0][0].add(1)

    return body


def maps():
    x = torch.ones(256, 256)
    by_name, by_tensor = {}, {}
    count = 0

    def body():
        nonlocal count
        name = f"tensor {count % 16}"
        if name in by_name:
            del by_tensor[by_name[name]]
        value = x.add(1)
        by_name[name] = value
        by_tensor[value] = name
        value.mul(2)
        count += 1

    return body


def cycles():
    x = torch.ones(256, 256)

    def body():
        one = {"tensor": x.add(1)}
        two = {"tensor": x.mul(2), "other": one}
        one["other"] = two

    return body


def views():
    x = torch.ones(1024, 1024)
    held = []

    def body():
        held.append(x.add(1).select(0, 1))
        if len(held) > 8:
            held.pop(0)
        held[0].sum()

    return body


def graphs_held():
    weight = torch.randn(256, 256).div(16).requires_grad_()
    losses = []

    def body():
        h = torch.randn(256, 256)
        for _ in range(10):
            h = h.matmul(weight).relu()
        losses.append(h.sum())
        if len(losses) <= 4:
            return
        losses.pop(0).backward()
        weight.grad = None

    return body


def worker():
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = optim.SGD(model.parameters(), lr=0.01)

    def body():
        x = torch.randn(64, 784)
        targets = torch.randint(0, 10, [64])
        optimizer.zero_grad()
        F.cross_entropy(model(x), targets).backward()
        optimizer.step()

    return body


programs = {
    "small operators": small_operators,
    "4 MiB operators": lambda: large_operators(1024),
    "64 MiB operators": lambda: large_operators(4096),
    "forum step": forum_step,
    "LSTM language model": language_model,
    "transformer block": transformer_block,
    "throw and catch": throw_and_catch,
    "closures": closures,
    "arrays": arrays,
    "Maps": maps,
    "cycles": cycles,
    "views": views,
    "graphs held": graphs_held,
    "10 workers": worker,
}
