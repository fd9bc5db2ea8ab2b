"""Small steps of training, as a contender: the twin of work.ts. Arguments: the step, threads."""

import os
import struct
import sys

here = os.path.dirname(__file__)
sys.path.insert(0, os.path.join(here, ".."))
sys.path.insert(0, os.path.join(here, "../../examples/adversarial-qa/reference"))

import torch
import torch.nn.functional as F
from model import Model, Network
from serve import serve
from torch import nn, optim

BATCHES = 64


def mlp(optimizer_of):
    module = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = optimizer_of(module.parameters())
    x = torch.randn([BATCHES, 1, 784]).unbind()
    y = torch.randint(0, 10, [BATCHES, 1]).unbind()

    def step(i):
        optimizer.zero_grad()
        loss = F.cross_entropy(module(x[i % BATCHES]), y[i % BATCHES])
        loss.backward()
        optimizer.step()
        return [loss.detach()]

    return step


def forum():
    vocab_size, batch, tokens, question_tokens = 50, 2, 10, 4
    model = Model(Network(vocab_size, embedding_dim=8, hidden_size=4))
    batches = [
        {
            "context": torch.randint(1, vocab_size, [batch, tokens]),
            "question": torch.randint(1, vocab_size, [batch, question_tokens]),
            "context_padding": torch.zeros([batch, tokens], dtype=torch.bool),
            "question_padding": torch.zeros([batch, question_tokens], dtype=torch.bool),
            "features": torch.rand([batch, tokens, 6]),
            "starts": torch.randint(0, tokens - 5, [batch]),
            "ends": torch.randint(tokens - 5, tokens, [batch]),
        }
        for _ in range(BATCHES)
    ]
    return lambda i: model.update(batches[i % BATCHES])


steps = {
    "sgd": lambda: mlp(lambda parameters: optim.SGD(parameters, lr=0.01)),
    "adam": lambda: mlp(lambda parameters: optim.Adam(parameters)),
    "fused": lambda: mlp(lambda parameters: optim.Adam(parameters, fused=True)),
    "forum": forum,
}

name, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
step = steps[name]()
done = 0


def work(count):
    global done
    losses = []
    for _ in range(count):
        losses.extend(step(done))
        done += 1
    return lambda: " ".join(str(struct.unpack("<I", struct.pack("<f", loss.item()))[0]) for loss in losses)


serve(work)
