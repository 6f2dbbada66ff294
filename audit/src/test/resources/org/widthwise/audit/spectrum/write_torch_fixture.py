"""Writes torch.pt, a state dict by torch.save, and torch-expected.json, its norms by NumPy's SVD.

Needs PyTorch and NumPy; the files beside it were written by PyTorch 1.13.
"""

import json
import sys
from pathlib import Path

import numpy
import torch

out = Path(sys.argv[1])
torch.manual_seed(0)
state = {}
parts = {
    "encoder.layers.0": torch.nn.TransformerEncoderLayer(16, 2, 32),
    "lstm": torch.nn.LSTM(8, 8),
    "conv1": torch.nn.Conv2d(3, 6, 3),
    "bn1": torch.nn.BatchNorm2d(6),
    "embed": torch.nn.Embedding(20, 16),
}
for name, module in parts.items():
    for key, value in module.state_dict().items():
        state[name + "." + key] = value
# Stored as a view with strides of its own.
state["head.weight"] = torch.randn(16, 10).t()
state["half.weight"] = torch.randn(12, 7).to(torch.bfloat16)
torch.save(state, out / "torch.pt")

expected = {}
for name, value in state.items():
    if not value.is_floating_point() or "running" in name:
        continue
    a = value.double().numpy()
    if a.ndim > 2:
        slices = a.reshape(a.shape[0], a.shape[1], -1)
        spectral = max(
            numpy.linalg.svd(slices[:, :, i], compute_uv=False)[0] for i in range(slices.shape[2])
        )
    else:
        spectral = numpy.linalg.svd(numpy.atleast_2d(a), compute_uv=False)[0]
    expected[name] = {
        "shape": list(a.shape),
        "spectral_norm": float(spectral),
        "frobenius_norm": float(numpy.sqrt((a**2).sum())),
    }
(out / "torch-expected.json").write_text(json.dumps(expected, indent=1) + "\n")
