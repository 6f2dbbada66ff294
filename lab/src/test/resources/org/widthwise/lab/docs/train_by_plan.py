"""Trains in PyTorch, by plans, from the weights and on the batches of jobs.

train_by_plan.py DIRECTORY_OF_WIDTHWISE_TORCH JOBS ANSWERS, where JOBS is a JSON array of objects:
plan (a path), optimizer, width, weights by name, and inputs and targets of each step. ANSWERS
becomes an array: for each job the loss of each step and the last weights by name, or an error in
words; for the optimizer "init" the mean and deviation of what was drawn.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

import torch
import widthwise_torch


class Network(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = torch.nn.Linear(6, width)
        self.norm = torch.nn.LayerNorm(width)
        self.fc2 = torch.nn.Linear(width, width)
        self.head = torch.nn.Linear(width, 3, bias=False)

    def forward(self, x):
        x = torch.tanh(self.norm(self.fc1(x)))
        return self.head(torch.tanh(self.fc2(x)))


def answer(job):
    model = Network(job["width"])
    plan = widthwise_torch.load(job["plan"])
    if job["optimizer"] == "init":
        widthwise_torch.initialize(model, plan, torch.Generator().manual_seed(1))
        return {name: [p.mean().item(), p.std().item()] for name, p in model.named_parameters()}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.tensor(job["weights"][name]).reshape(parameter.shape))
    wrapped = torch.nn.Sequential()
    wrapped.add_module("module", model)
    groups = widthwise_torch.parameter_groups(wrapped, plan)
    optimizer = {
        "adamw": lambda: torch.optim.AdamW(groups),
        "adam": lambda: torch.optim.Adam(groups),
        "sgd": lambda: torch.optim.SGD(groups, lr=0, momentum=0.9),
    }[job["optimizer"]]()
    losses = []
    for inputs, targets in zip(job["inputs"], job["targets"]):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(
            model(torch.tensor(inputs).reshape(-1, 6)), torch.tensor(targets).reshape(-1, 3)
        )
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    weights = {name: p.detach().flatten().tolist() for name, p in model.named_parameters()}
    return {"losses": losses, "weights": weights, "groups": len(groups)}


def answer_or_error(job):
    try:
        return answer(job)
    except widthwise_torch.PlanError as problem:
        return {"error": str(problem)}


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
with open(sys.argv[2], encoding="utf-8") as file:
    jobs = json.load(file)
with open(sys.argv[3], "w", encoding="utf-8") as file:
    json.dump([answer_or_error(job) for job in jobs], file)
