"""Trains with microsoft/mup and with the published Muon, and writes down what came out.

Beside this file it writes `mlp.safetensors`, `untied.safetensors` and `tied.safetensors`, the first
weights, and `curves.json`, the losses before each of 50 steps and after the last one, in float32
and in float64. MupParityTest and MuonParityTest train the same networks on the same batches.

To run it again: Python 3.8 or newer with PyTorch 1.13 or newer and PyYAML, and, on PYTHONPATH, the
directory `mup` of github.com/microsoft/mup at commit 19814971934ef91dd546f88e913fc963e096d11c and
the file `muon.py` of github.com/KellerJordan/Muon at commit
857d1adc159e098212f828d927460782d3da59e9, both as they are. Then

    PYTHONPATH=... python3 make_fixtures.py

The networks are four times as wide as their base. First weights are those of PyTorch's defaults
after mup's set_base_shapes, rounded to float32 so that both precisions start at the same numbers.
They are stored as they are, for the plain network without forward multipliers: the weight of a
MuReadout is divided by 4 (exactly); that of a MuSharedReadout, which is also the embedding, is not.

Muon's code casts to bfloat16 while it orthogonalises. The curves named `muon` have that cast taken
out, so that they can be compared to the rounding of the run's own precision; `muon_bfloat16` has
the code as it is.
"""

import json
import math
import os
import struct

import torch
from torch import nn
from torch.nn import functional

import muon as published_muon
from mup import MuAdam, MuAdamW, MuReadout, MuSGD, set_base_shapes
from mup.layer import MuSharedReadout

STEPS = 50
BATCHES = 4
MULTIPLE = 4
BASE_WIDTH = 8
VOCABULARY, CONTEXT, HEADS, BLOCKS = 17, 8, 2, 2
HERE = os.path.dirname(os.path.abspath(__file__))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(12, width), nn.Linear(width, width), MuReadout(width, 4)]
        )

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)

    def loss(self, step):
        x, y = vectors(step)
        dtype = self.layers[0].weight.dtype
        return functional.mse_loss(self(x.to(dtype)), y.to(dtype))


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)

    def forward(self, x):
        batch, time, width = x.shape
        head = width // HEADS
        q, k, v = (
            part(x).view(batch, time, HEADS, head).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        # 1/d_head, times the constant that makes it 1/sqrt(d_head) at the base's width.
        scale = math.sqrt(BASE_WIDTH // HEADS) / head
        logits = (q @ k.transpose(2, 3)) * scale
        future = torch.ones(time, time, dtype=torch.bool).triu(1)
        weights = logits.masked_fill(future, -math.inf).softmax(-1)
        return self.output((weights @ v).transpose(1, 2).reshape(batch, time, width))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 2 * width, bias=False)
        self.down = nn.Linear(2 * width, width, bias=False)

    def forward(self, x):
        return self.down(functional.gelu(self.up(x)))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.Module):
    def __init__(self, width, tied):
        super().__init__()
        self.token_embedding = nn.Embedding(VOCABULARY, width)
        self.position_embedding = nn.Embedding(CONTEXT, width)
        self.blocks = nn.ModuleList([Block(width) for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(width)
        self.readout = (
            MuSharedReadout(self.token_embedding.weight, bias=False)
            if tied
            else MuReadout(width, VOCABULARY, bias=False)
        )

    def forward(self, tokens):
        x = self.token_embedding(tokens) + self.position_embedding.weight
        for block in self.blocks:
            x = block(x)
        return self.readout(self.norm(x))

    def loss(self, step):
        tokens = words(step)
        logits = self(tokens[:, :-1])
        return functional.cross_entropy(logits.reshape(-1, VOCABULARY), tokens[:, 1:].reshape(-1))


def vectors(step):
    """A batch of 16 for the perceptron: x [16, 12] and y [16, 4]."""
    step %= BATCHES
    x = [
        [math.sin(0.37 * (16 * step + row + 1) * (column + 1)) for column in range(12)]
        for row in range(16)
    ]
    y = [[row[column] * row[column + 1] for column in range(4)] for row in x]
    return torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)


def words(step):
    """A batch of 4 for the transformer: tokens [4, 9]; the first 8 are read, the last 8 told."""
    step %= BATCHES
    return torch.tensor(
        [
            [(5 * step + 3 * row + (1 + row % 3) * t + t * t) % VOCABULARY for t in range(CONTEXT + 1)]
            for row in range(4)
        ]
    )


MODELS = {
    "mlp": Mlp,
    "untied": lambda width: Transformer(width, False),
    "tied": lambda width: Transformer(width, True),
}


def first_model(name):
    """The wide network with its first weights, in float64."""
    torch.manual_seed(1)
    make = MODELS[name]
    model = make(MULTIPLE * BASE_WIDTH)
    set_base_shapes(model, make(BASE_WIDTH), delta=make(2 * BASE_WIDTH))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.float())
    return with_precision(model, torch.float64)


def with_precision(model, dtype):
    """Casts in place: a module's own cast would lose mup's marks on the parameters."""
    for parameter in model.parameters():
        parameter.data = parameter.data.to(dtype)
    return model


def plain_weights(model):
    """Weights of the same network without mup's forward multiplier."""
    weights = {name: p.detach().float().clone() for name, p in model.named_parameters()}
    readouts = {"layers.2.weight", "readout.weight"} & set(weights)
    for name in readouts:
        weights[name] = weights[name] / MULTIPLE
    return weights


def mup_optimizer(options):
    makers = {"mu_sgd": MuSGD, "mu_adam": MuAdam, "mu_adamw": MuAdamW}
    return lambda model: makers[options["optimizer"]](
        model.parameters(), **{k: v for k, v in options.items() if k != "optimizer"}
    )


def muon_optimizer(options):
    def make(model):
        hidden = [
            p
            for name, p in model.named_parameters()
            if name == "layers.1.weight" or (name.startswith("blocks") and p.ndim == 2)
        ]
        rest = [p for p in model.parameters() if all(p is not h for h in hidden)]
        return published_muon.SingleDeviceMuonWithAuxAdam(
            [
                dict(
                    params=hidden,
                    use_muon=True,
                    lr=options["lr"],
                    momentum=options["momentum"],
                    weight_decay=options["weight_decay"],
                ),
                dict(
                    params=rest,
                    use_muon=False,
                    lr=options["adam_lr"],
                    betas=(0.9, 0.95),
                    eps=options["eps"],
                    weight_decay=options["weight_decay"],
                ),
            ]
        )

    return make


class PlainReadout(nn.Linear):
    """What MuReadout computes at its base's width, for networks that mup has no part in."""


def without_mup(name):
    model = first_model(name)
    weights = plain_weights(model)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(weights[parameter_name].double())
    for module in model.modules():
        if isinstance(module, MuReadout):
            module.__class__ = PlainReadout
    return model


def curve(model, optimizer):
    optimizer = optimizer(model)
    losses = []
    for step in range(STEPS + 1):
        loss = model.loss(step)
        losses.append(loss.item())
        if step < STEPS:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return losses


def curves(name, first, options, optimizer, precisions):
    result = {"model": name, "options": options}
    for precision in precisions:
        model = with_precision(first(name), getattr(torch, precision))
        result[precision] = curve(model, optimizer(options))
    print(name, options["optimizer"], [result[p][i] for p in precisions for i in (0, STEPS)])
    return result


def write_safetensors(path, weights):
    header, data = {}, b""
    for name, tensor in weights.items():
        raw = struct.pack("<%df" % tensor.numel(), *tensor.flatten().tolist())
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.set_num_threads(1)
    both = ["float32", "float64"]
    made = []
    for name in MODELS:
        weights = plain_weights(first_model(name))
        write_safetensors(os.path.join(HERE, name + ".safetensors"), weights)
        rate = 0.2 if name == "mlp" else 0.02
        for options in (
            dict(optimizer="mu_sgd", lr=rate, momentum=0.9, nesterov=False, weight_decay=1e-3),
            dict(optimizer="mu_sgd", lr=rate, momentum=0.9, nesterov=True, weight_decay=0.0),
            dict(optimizer="mu_adam", lr=4e-3, eps=1e-8, weight_decay=1e-2),
            dict(optimizer="mu_adamw", lr=4e-3, eps=1e-8, weight_decay=0.1),
            dict(optimizer="mu_adamw", lr=4e-3, eps=1e-8, weight_decay=0.1, decoupled_wd=True),
        ):
            made.append(curves(name, first_model, options, mup_optimizer, both))
        if name != "tied":
            options = dict(
                optimizer="muon", lr=0.02, momentum=0.95, weight_decay=0.1, adam_lr=4e-3, eps=1e-10
            )
            in_bfloat16 = dict(options, optimizer="muon_bfloat16")
            made.append(curves(name, without_mup, in_bfloat16, muon_optimizer, ["float32"]))
            cast = torch.Tensor.bfloat16
            torch.Tensor.bfloat16 = lambda tensor: tensor
            made.append(curves(name, without_mup, options, muon_optimizer, both))
            torch.Tensor.bfloat16 = cast
    with open(os.path.join(HERE, "curves.json"), "w") as file:
        json.dump({"torch": torch.__version__, "curves": made}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
