"""The models of the training benchmark: the twins of models.ts."""

import math

import torch
from torch import nn, optim
from torch.nn import functional as F


def steps_of(module, optimizer, loss):
    module.train()

    def step():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        return value.detach()

    return step


def mlp(batch, hidden):
    sizes = [784, *hidden, 10]
    layers = []
    for i in range(1, len(sizes)):
        if i > 1:
            layers.append(nn.ReLU())
        layers.append(nn.Linear(sizes[i - 1], sizes[i]))
    module = nn.Sequential(*layers)
    x = torch.randn([batch, 784])
    y = torch.randint(0, 10, [batch])
    return module, optim.SGD(module.parameters(), lr=0.01), lambda: F.cross_entropy(module(x), y)


class LanguageModel(nn.Module):
    def __init__(self, vocabulary, size):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        self.lstm = nn.LSTM(size, size, num_layers=2, batch_first=True)
        self.head = nn.Linear(size, vocabulary)

    def forward(self, tokens):
        out, _ = self.lstm(self.embedding(tokens))
        return self.head(out)


def language_model(module, optimizer, batch, length, vocabulary):
    x = torch.randint(0, vocabulary, [batch, length])
    y = torch.randint(0, vocabulary, [batch, length]).flatten()
    return module, optimizer, lambda: F.cross_entropy(module(x).flatten(0, 1), y)


class Block(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(size)
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm2 = nn.LayerNorm(size)
        self.up = nn.Linear(size, 4 * size)
        self.down = nn.Linear(4 * size, size)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        attended = x + self.dropout(self.out(self.attend(self.norm1(x))))
        return attended + self.dropout(self.down(F.gelu(self.up(self.norm2(attended)))))

    def attend(self, x):
        batch, length, size = x.shape
        split = self.qkv(x).view(batch, length, 3, self.heads, size // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return mixed.transpose(1, 2).reshape(batch, length, size)


class Transformer(nn.Module):
    def __init__(self, vocabulary, size, heads, length):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, size)
        self.positions = nn.Embedding(length, size)
        self.blocks = nn.Sequential(Block(size, heads), Block(size, heads))
        self.norm = nn.LayerNorm(size)
        self.head = nn.Linear(size, vocabulary)

    def forward(self, tokens):
        positions = torch.arange(tokens.size(1))
        x = self.tokens(tokens) + self.positions(positions)
        return self.head(self.norm(self.blocks(x)))


class Stage(nn.Module):
    def __init__(self, source, to):
        super().__init__()
        self.weight = nn.Parameter(torch.empty([to, source, 3, 3]))
        self.bias = nn.Parameter(torch.zeros([to]))
        self.norm = nn.GroupNorm(4, to)
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x):
        return F.max_pool2d(F.relu(self.norm(F.conv2d(x, self.weight, self.bias, 1, 1))), 2)


class ConvolutionalNetwork(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        outputs = channels[1:]
        self.stages = nn.Sequential(*(Stage(channels[i], to) for i, to in enumerate(outputs)))
        left = side >> len(outputs)
        self.head = nn.Linear(channels[-1] * left * left, 10)

    def forward(self, images):
        return self.head(self.stages(images).flatten(1))


def cnn(batch, channels, side):
    module = ConvolutionalNetwork(channels, side)
    x = torch.randn([batch, channels[0], side, side])
    y = torch.randint(0, 10, [batch])
    optimizer = optim.SGD(module.parameters(), lr=0.01, momentum=0.9)
    return module, optimizer, lambda: F.cross_entropy(module(x), y)


def lstm(batch, length, vocabulary, size):
    module = LanguageModel(vocabulary, size)
    return language_model(module, optim.Adam(module.parameters()), batch, length, vocabulary)


def transformer(batch, length, vocabulary, size, heads):
    module = Transformer(vocabulary, size, heads, length)
    return language_model(module, optim.AdamW(module.parameters()), batch, length, vocabulary)


models = {
    "mlp small": lambda: mlp(64, [128]),
    "mlp large": lambda: mlp(256, [2048, 2048]),
    "lstm small": lambda: lstm(8, 20, 1000, 64),
    "lstm large": lambda: lstm(32, 35, 4000, 256),
    "transformer small": lambda: transformer(4, 32, 256, 64, 4),
    "transformer large": lambda: transformer(8, 128, 2000, 256, 8),
    "cnn small": lambda: cnn(16, [1, 8, 16], 28),
    "cnn large": lambda: cnn(64, [3, 32, 64, 128], 32),
}


def prepare(name):
    torch.manual_seed(0)
    return steps_of(*models[name]())
