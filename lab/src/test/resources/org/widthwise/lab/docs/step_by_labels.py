"""Takes the first step of a plan for Optax.

step_by_labels.py PLAN ANSWER: every parameter is all ones and every gradient all twos. ANSWER becomes
an object: "updates", what comes to each parameter by name; "optax", its version, or null where it
cannot be imported, and then the steps are worked out by hand.

What is asserted here is what Optax documents of multi_transform: the labels are a tree like that of the
parameters, and each label is a key of the transformations.
"""

import json
import sys

try:
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
except ImportError:
    optax = None


def tree(plan, leaf):
    """A tree of a leaf for each parameter, by their names alone."""
    names = [values["name"] for values in plan["init"]]
    separator = "/" if any("/" in name for name in names) else "."
    made = {}
    for values in plan["init"]:
        *nodes, last = values["name"].split(separator)
        at = made
        for node in nodes:
            at = at.setdefault(node, {})
        assert last not in at, values["name"]
        at[last] = leaf(values)
    return made, separator


def leaves(node, separator, path=()):
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, separator, path + (key,))
        else:
            yield separator.join(path + (key,)), value


def by_optax(plan):
    import numpy

    # As docs/from-mup.md has it.
    raw = {
        "sgd": lambda told: optax.identity(),
        "adam": lambda told: optax.scale_by_adam(eps=told["eps"]),
        "adamw": lambda told: optax.scale_by_adam(eps=told["eps"]),
    }
    transforms = {
        label: optax.chain(
            raw[told["optimizer"]](told),
            optax.add_decayed_weights(told["weight_decay"]),
            optax.scale_by_learning_rate(told["learning_rate"]),
        )
        for label, told in plan["hyperparameters"].items()
    }
    optimizer = optax.multi_transform(transforms, plan["labels"])
    parameters, separator = tree(plan, lambda values: numpy.ones(values["shape"]))
    gradients, _ = tree(plan, lambda values: numpy.full(values["shape"], 2.0))
    updates, _ = optimizer.update(gradients, optimizer.init(parameters), parameters)
    found = {}
    for name, update in leaves(updates, separator):
        assert float(update.min()) == float(update.max()), name
        found[name] = float(update.min())
    return found


def by_hand(plan):
    def first_step(told):
        # Of gradients of 2 in the first step Adam's moments are, their bias corrected, 2 and 4.
        raw = 2.0 if told["optimizer"] == "sgd" else 2.0 / (2.0 + told["eps"])
        return -told["learning_rate"] * (raw + told["weight_decay"])

    steps = {label: first_step(told) for label, told in plan["hyperparameters"].items()}
    _, separator = tree(plan, lambda values: None)
    return {name: steps[label] for name, label in leaves(plan["labels"], separator)}


with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
assert (plan["format"], plan["version"]) == ("widthwise-optax", 1)
parameters, separator = tree(plan, lambda values: values["shape"])
shapes = dict(leaves(parameters, separator))
labels = dict(leaves(plan["labels"], separator))
assert sorted(labels) == sorted(shapes)
assert set(labels.values()) == set(plan["hyperparameters"])
for told in plan["hyperparameters"].values():
    assert sorted(told) == ["eps", "learning_rate", "optimizer", "weight_decay"], told
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(
        {
            "optax": optax and optax.__version__,
            "updates": by_optax(plan) if optax else by_hand(plan),
        },
        file,
    )
