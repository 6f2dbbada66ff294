"""Train a PyTorch module by a plan of Widthwise.

    widthwise plan wide.safetensors --base narrow.safetensors --optimizer adamw --lr 0.003 \\
        --format pytorch --out plan.json

    import torch, widthwise_torch
    plan = widthwise_torch.load("plan.json")
    widthwise_torch.initialize(model, plan)
    optimizer = torch.optim.AdamW(widthwise_torch.parameter_groups(model, plan))

Needs nothing but torch; copy it to where you train. Weight decay in a plan is meant beside the
update and times the rate, which is that of AdamW and, for SGD without momentum, of SGD. A plan with
several optimizers has groups for each: parameter_groups(model, plan, "muon").
"""

import json
import re
import warnings

import torch

FORMAT = "widthwise-pytorch"
VERSION = 1
KEYS = ("groups", "init", "multipliers", "branch_multipliers")
WRAPPERS = re.compile(r"(^|\.)(?:_orig_mod|_fsdp_wrapped_module|module)\.")


class PlanError(ValueError):
    """A plan that cannot be used, or not for this module; the message says why."""


def load(path):
    """Reads a plan; warns of what the module itself has to multiply."""
    with open(path, encoding="utf-8") as file:
        try:
            plan = json.load(file)
        except ValueError as broken:
            raise PlanError(f"{path} is not JSON: {broken}") from broken
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise PlanError(
            f"{path} is no plan for PyTorch: write one by"
            " 'widthwise plan MODEL --format pytorch --out FILE'"
        )
    if plan.get("version") != VERSION:
        raise PlanError(
            f"{path} is of version {plan.get('version')}, but this script reads version {VERSION}"
        )
    missing = [key for key in KEYS if key not in plan]
    if missing:
        raise PlanError(f"{path} lacks {', '.join(missing)}")
    planned = [values["name"] for values in plan["init"]]
    grouped = [name for group in plan["groups"] for name in group["params"]]
    if sorted(planned) != sorted(grouped) or len(set(planned)) != len(planned):
        raise PlanError(f"{path}: each parameter must be once in init and in one group")
    for key, what in (
        ("multipliers", "its table where that writes the output"),
        ("branch_multipliers", "the residual branch that it stands in"),
    ):
        for name, value in plan[key].items():
            warnings.warn(f"the forward pass must multiply, for '{name}', {what} by {value}")
    return plan


def parameter_groups(model, plan, optimizer=None):
    """The groups for an optimizer of torch.optim: of the plan's only one, or of the one named."""
    parameters = _parameters(model, plan)
    optimizers = sorted({group["optimizer"] for group in plan["groups"]})
    if optimizer is None and len(optimizers) > 1:
        raise PlanError(
            f"the plan has groups for {', '.join(optimizers)}: name one,"
            f" parameter_groups(model, plan, '{optimizers[0]}')"
        )
    if optimizer is not None and optimizer not in optimizers:
        raise PlanError(f"the plan has no groups for {optimizer}: it has {', '.join(optimizers)}")
    groups = []
    for group in plan["groups"]:
        if optimizer in (None, group["optimizer"]):
            told = {
                "params": [parameters[name] for name in group["params"]],
                "lr": group["lr"],
                "weight_decay": group["weight_decay"],
            }
            if group["eps"] is not None:
                told["eps"] = group["eps"]
            groups.append(told)
    return groups


@torch.no_grad()
def initialize(model, plan, generator=None):
    """Gives every parameter its first values, Gaussian ones of the plan's mean and deviation."""
    parameters = _parameters(model, plan)
    for values in plan["init"]:
        parameter = parameters[values["name"]]
        if values["std"] == 0:
            parameter.fill_(values["mean"])
        else:
            parameter.normal_(values["mean"], values["std"], generator=generator)


def _parameters(model, plan):
    """The model's parameters by the plan's names; every one of both must be there, and agree."""
    shapes = {values["name"]: tuple(values["shape"]) for values in plan["init"]}
    parameters = {}
    for name, parameter in model.named_parameters():
        # A compiled or distributed module puts its own name before those of what it wraps.
        plain = name if name in shapes else WRAPPERS.sub(r"\1", name)
        if plain not in shapes:
            if not parameter.requires_grad:
                continue
            raise PlanError(
                f"the plan has no parameter '{plain}', shape {tuple(parameter.shape)}: plan the"
                " module as it is, or freeze what is not to be trained"
            )
        if plain in parameters:
            raise PlanError(f"two parameters of the module go by the name '{plain}'")
        if tuple(parameter.shape) != shapes[plain]:
            raise PlanError(
                f"'{plain}' has shape {tuple(parameter.shape)}, but {shapes[plain]} in the plan:"
                " make the plan of a module of this width"
            )
        parameters[plain] = parameter
    missing = [name for name in shapes if name not in parameters]
    if missing:
        raise PlanError(
            f"the module has no parameter '{missing[0]}'"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
            + " of the plan; a tied table goes by the name of its first use"
        )
    return parameters
