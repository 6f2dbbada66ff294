"""The transformer and the residual network of NetworkJob.java, in PyTorch as one writes them there.

The same modules in the same order, first weights drawn in that order from the same generator, one batch for all
steps, cross-entropy, torch.optim.Adam with its defaults.
"""

import math

import torch
from torch import nn
from torch.nn import functional

RATE, SEED = 1e-3, 0
VOCABULARY, CONTEXT, BLOCKS, HEAD_WIDTH, SEQUENCES = 64, 64, 4, 16, 16
CLASSES, CHANNELS, SIDE, IMAGES = 10, 3, 32, 32


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * self.weight


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.heads = max(1, width // HEAD_WIDTH)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)

    def forward(self, x):
        batch, time, width = x.shape
        q, k, v = (part(x).view(batch, time, self.heads, -1).transpose(1, 2)
                   for part in (self.query, self.key, self.value))
        if hasattr(functional, "scaled_dot_product_attention"):
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            future = torch.ones(time, time, dtype=torch.bool).triu(1)
            logits = (q @ k.transpose(2, 3)) / math.sqrt(q.shape[-1])
            mixed = logits.masked_fill(future, -math.inf).softmax(-1) @ v
        return self.output(mixed.transpose(1, 2).reshape(batch, time, width))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        return self.down(functional.gelu(self.up(x)))


class TransformerBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention_norm = RmsNorm(width)
        self.attention = Attention(width)
        self.feed_forward_norm = RmsNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.token_embedding = nn.Embedding(VOCABULARY, width)
        self.position_embedding = nn.Embedding(CONTEXT, width)
        self.blocks = nn.ModuleList([TransformerBlock(width) for _ in range(BLOCKS)])
        self.norm = RmsNorm(width)
        self.readout = nn.Linear(width, VOCABULARY, bias=False)

    def forward(self, tokens):
        x = self.token_embedding(tokens) + self.position_embedding(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.readout(self.norm(x))


class BasicBlock(nn.Module):
    def __init__(self, fan_in, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(fan_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None if fan_in == width else nn.Sequential(
            nn.Conv2d(fan_in, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        branch = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu((x if self.downsample is None else self.downsample(x)) + branch)


class ResNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(CHANNELS, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = nn.Sequential(BasicBlock(width, width, 1))
        self.layer2 = nn.Sequential(BasicBlock(width, 2 * width, 2))
        self.layer3 = nn.Sequential(BasicBlock(2 * width, 4 * width, 2))
        self.fc = nn.Linear(4 * width, CLASSES)

    def forward(self, images):
        x = torch.relu(self.bn1(self.conv1(images)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class NetworkJob:
    def __init__(self, network, inputs, targets):
        self.network, self.inputs, self.targets = network, inputs, targets
        generator = torch.Generator().manual_seed(SEED)
        self.start = [self.first(name, parameter, generator) for name, parameter in network.named_parameters()]

    @staticmethod
    def first(name, parameter, generator):
        if parameter.dim() > 1:
            fan_in = parameter.numel() / parameter.shape[0]
            return torch.zeros(parameter.shape).normal_(0.0, 1.0, generator=generator).mul_(1 / math.sqrt(fan_in))
        return torch.full(parameter.shape, 1.0 if name.endswith("weight") else 0.0)

    def loss(self):
        output = self.network(self.inputs)
        return functional.cross_entropy(output.reshape(-1, output.shape[-1]), self.targets)

    def train(self, steps):
        with torch.no_grad():
            for parameter, first in zip(self.network.parameters(), self.start):
                parameter.copy_(first)
        optimizer = torch.optim.Adam(self.network.parameters(), lr=RATE)
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            self.loss().backward()
            optimizer.step()
        with torch.no_grad():
            return self.loss().item()


class TransformerJob(NetworkJob):
    def __init__(self, width):
        tokens = torch.tensor([[(7 * i * i + 13 * j + i * j) % VOCABULARY for j in range(CONTEXT)]
                               for i in range(SEQUENCES)])
        super().__init__(Transformer(width), tokens, ((3 * tokens + 1) % VOCABULARY).flatten())


class ResNetJob(NetworkJob):
    def __init__(self, width):
        generator = torch.Generator().manual_seed(SEED + 1)
        images = torch.zeros(IMAGES, CHANNELS, SIDE, SIDE).normal_(0.0, 1.0, generator=generator)
        super().__init__(ResNet(width), images, torch.tensor([7 * i % CLASSES for i in range(IMAGES)]))
