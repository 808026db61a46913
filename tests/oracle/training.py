"""Four short training runs from the same start, with torch's own optimizers."""

import json

import torch

import decoder

STEPS = 5
CLIP = 0.5
SEED = 4
CONFIG = decoder.make_config(2, 2, 3, 10, vocabulary=7, context=8, tied=False)
# Tokens and a weight for each target: inputs are tokens[:-1], targets tokens[1:].
SEQUENCES = [
    ([5, 0, 3, 6, 1], [1.0, 0.5, 1.0, 3.0]),
    ([2, 2, 4], [1.0, 2.5]),
    ([6, 1, 0, 5, 4, 3, 1, 2], [0.25, 1.0, 0.0, 1.0, 1.0, 4.0, 1.0]),
]
RUNS = {
    "descent": {"rate": 0.1},
    "momentum": {"rate": 0.05, "momentum": 0.9},
    "adamw": {"rate": 0.01, "betas": (0.9, 0.99), "epsilon": 1e-8, "decay": 0.1, "clip": CLIP},
    "adam": {"rate": 0.02, "betas": (0.9, 0.99), "epsilon": 1e-8},
}
NOTES = {
    "batch_loss": "sum of weight * loss over all targets of all sequences / sum of all weights",
    "losses": "RUN.losses and RUN.gradient_norms: before each step, the norm before clipping",
    "descent": "p -= rate * g",
    "momentum": "v = 0.9 * v + g (v starts at 0); p -= rate * v",
    "adamw": "g *= min(1, 0.5 / (norm of all gradients + 1e-6)); then the matrices only "
    "(2-D tensors, embeddings too): p *= 1 - rate * decay; then as adam",
    "adam": "m = 0.9 m + 0.1 g; v = 0.99 v + 0.01 g^2; "
    "p -= rate * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.99^t)) + 1e-8), t counts from 1",
    "key_biases": "the loss does not depend on them (softmax ignores what all scores of a row "
    "share), so their gradient is rounding noise, which Adam enlarges: in float they may end "
    "up to rate * steps away from the frozen ones, without any error",
}


def batch_loss(parameters):
    total, weight_sum = 0.0, 0.0
    for tokens, weights in SEQUENCES:
        record = decoder.Pass(parameters, CONFIG, tokens[:-1], tokens[1:])
        weight = torch.tensor(weights, dtype=torch.float64)
        total = total + (weight * record.stages["loss"].squeeze(1)).sum()
        weight_sum = weight_sum + weight.sum()
    return total / weight_sum


def make_optimizer(run, parameters):
    options = RUNS[run]
    everything = list(parameters.values())
    if run == "adamw":
        matrices = [p for p in everything if p.dim() == 2]
        vectors = [p for p in everything if p.dim() != 2]
        groups = [
            {"params": matrices, "weight_decay": options["decay"]},
            {"params": vectors, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            groups, lr=options["rate"], betas=options["betas"], eps=options["epsilon"]
        )
    if run == "adam":
        return torch.optim.Adam(
            everything, lr=options["rate"], betas=options["betas"], eps=options["epsilon"]
        )
    return torch.optim.SGD(everything, lr=options["rate"], momentum=options.get("momentum", 0.0))


def copy_of(parameters, dtype=torch.float64):
    return {name: p.detach().to(dtype).clone().requires_grad_() for name, p in parameters.items()}


def train(run, initial):
    """-> losses (5,), gradient norms (5,), the parameters after the last step"""
    parameters = copy_of(initial)
    optimizer = make_optimizer(run, parameters)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = batch_loss(parameters)
        loss.backward()
        limit = RUNS[run].get("clip", float("inf"))
        norm = torch.nn.utils.clip_grad_norm_(list(parameters.values()), limit)
        losses.append(loss.item())
        norms.append(norm.item())
        optimizer.step()
    in_double = {"dtype": torch.float64}
    return torch.tensor(losses, **in_double), torch.tensor(norms, **in_double), parameters


def frozen():
    """-> tensors, metadata of training.safetensors"""
    initial = decoder.draw_parameters(CONFIG, SEED)
    batch_loss(initial).backward()
    tensors = {"initial." + name: p for name, p in initial.items()}
    tensors.update({"gradient." + name: p.grad for name, p in initial.items()})
    for run in RUNS:
        losses, norms, parameters = train(run, initial)
        tensors.update({run + ".losses": losses, run + ".gradient_norms": norms})
        tensors.update({f"{run}.final.{name}": p for name, p in parameters.items()})
    metadata = {"config": json.dumps(CONFIG), "steps": str(STEPS)}
    metadata["sequences"] = str(len(SEQUENCES))
    for i, (tokens, weights) in enumerate(SEQUENCES):
        metadata[f"sequence.{i}.ids"] = ",".join(map(str, tokens))
        metadata[f"sequence.{i}.weights"] = ",".join(map(str, weights))
    metadata.update({f"{run}.options": json.dumps(options) for run, options in RUNS.items()})
    metadata.update({"note." + name: note for name, note in NOTES.items()})
    return tensors, metadata
