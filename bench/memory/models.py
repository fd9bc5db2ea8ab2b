"""The twins of models.ts."""

import math

import torch.nn as nn
import torch.nn.functional as F


class LanguageModel(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 64)
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.out = nn.Linear(128, vocab_size)

    def forward(self, tokens):
        states, _ = self.lstm(self.embedding(tokens))
        return self.out(states)


class TransformerBlock(nn.Module):
    """Attention and a feed-forward part, each normed before and added to its input."""

    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(size)
        self.qkv = nn.Linear(size, 3 * size)
        self.project = nn.Linear(size, size)
        self.norm2 = nn.LayerNorm(size)
        self.up = nn.Linear(size, 4 * size)
        self.down = nn.Linear(4 * size, size)

    def forward(self, x):
        attended = x + self.project(self.attend(self.norm1(x)))
        return attended + self.down(F.gelu(self.up(self.norm2(attended))))

    def attend(self, x):
        batch, length, size = x.shape
        q, k, v = (part.view(batch, length, self.heads, size // self.heads).transpose(1, 2)
                   for part in self.qkv(x).chunk(3, 2))
        scores = q.matmul(k.transpose(2, 3)) / math.sqrt(size / self.heads)
        return F.softmax(scores, 3).matmul(v).transpose(1, 2).reshape(batch, length, size)
