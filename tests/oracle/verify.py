"""Checks the oracle: against finite differences, a second formulation, and written-out updates."""

import math

import torch
import torch.nn.functional as F

import decoder
import functions
import layouts
import tensor_file
import training


def fused_logits(parameters, config, inputs):
    """The same decoder with a fused projection, views as heads and torch's own functions."""
    T, d, H = len(inputs), config["n_embd"], config["n_head"]

    def get(name):
        return parameters["transformer." + name]

    def norm(name, x):
        return F.layer_norm(x, (d,), get(name + ".weight"), get(name + ".bias"), decoder.EPSILON)

    def linear(name, x):
        return F.linear(x, get(name + ".weight").t(), get(name + ".bias"))

    causal = torch.tril(torch.ones(T, T)).view(1, 1, T, T)
    x = F.embedding(torch.tensor([inputs]), get("wte.weight")) + get("wpe.weight")[None, :T]
    for b in range(config["n_layer"]):
        fused = linear(f"h.{b}.attn.c_attn", norm(f"h.{b}.ln_1", x))
        q, k, v = (part.view(1, T, H, d // H).transpose(1, 2) for part in fused.split(d, dim=2))
        attention = (q @ k.transpose(-2, -1)) * (d // H) ** -0.5
        attention = F.softmax(attention.masked_fill(causal == 0, -math.inf), dim=-1)
        y = (attention @ v).transpose(1, 2).contiguous().view(1, T, d)
        x = x + linear(f"h.{b}.attn.c_proj", y)
        up = F.gelu(linear(f"h.{b}.mlp.c_fc", norm(f"h.{b}.ln_2", x)), approximate="tanh")
        x = x + linear(f"h.{b}.mlp.c_proj", up)
    head = get("wte.weight") if config["tie_word_embeddings"] else parameters["lm_head.weight"]
    return F.linear(norm("ln_f", x), head)[0]


def gradients(loss, parameters):
    return dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values()))))


def compare(what, got, expected, tolerance):
    """The largest difference as a part of the largest value of each tensor."""
    worst = 0.0
    for name in expected:
        size = max(expected[name].abs().max().item(), 1e-3)
        difference = (got[name].double() - expected[name]).abs().max().item()
        assert difference <= tolerance * size, f"{what}: {name} differs by {difference}"
        worst = max(worst, difference / size)
    print(f"{what}: agrees within {worst:.1e}")


def frozen_gradients(tensors, parameters):
    return {name: tensors["gradient." + name] for name in parameters}


def second_formulation(what, parameters, config, ids, tensors):
    logits = fused_logits(parameters, config, ids)
    compare(what + ", fused: logits", {"": logits}, {"": tensors["logits"]}, 1e-12)
    loss = F.cross_entropy(logits[:-1], torch.tensor(ids[1:]))
    compare(what + ", fused: loss", {"": loss}, {"": tensors["loss"].mean()}, 1e-12)
    expected = frozen_gradients(tensors, parameters)
    compare(what + ", fused: gradients", gradients(loss, parameters), expected, 1e-11)


def finite_differences(what, parameters, loss_of, tensors, samples=60, step=1e-5):
    """Central differences at random elements, every parameter tensor at least once."""
    torch.manual_seed(0)
    names, worst = list(parameters), 0.0
    for i in range(samples):
        name = names[i % len(names)]
        element = int(torch.randint(parameters[name].numel(), (1,)))
        losses = []
        with torch.no_grad():
            for move in (step, -step):
                moved = training.copy_of(parameters)
                moved[name].view(-1)[element] += move
                losses.append(loss_of(moved).item())
        slope = (losses[0] - losses[1]) / (2 * step)
        gradient = tensors["gradient." + name].view(-1)[element].item()
        error = abs(slope - gradient) / max(abs(gradient), 1e-2)
        assert error < 1e-6, f"{what}: {name}[{element}]: {gradient}, by differences {slope}"
        worst = max(worst, error)
    print(f"{what}: {samples} finite differences agree within {worst:.1e}")


def loss_of_text(config, ids):
    targets = torch.tensor(ids[1:])
    return lambda p: F.cross_entropy(fused_logits(p, config, ids)[:-1], targets)


def in_single_precision(what, parameters, config, ids, tensors):
    """What a float program can be expected to reach: a measurement, not a check."""
    single = decoder.trace(training.copy_of(parameters, torch.float32), config, ids)
    worst = {}
    for name, tensor in single.items():
        expected = tensors[name]
        finite = torch.isfinite(expected)
        difference = (tensor.double() - expected)[finite].abs().max().item()
        worst[name] = difference / max(expected[finite].abs().max().item(), 1e-30)
    name = max(worst, key=worst.get)
    print(f"{what}, float32: worst |a - b| / max|tensor| is {worst[name]:.1e} ({name})")


def text(what, parameters, config, ids, tensors):
    second_formulation(what, parameters, config, ids, tensors)
    finite_differences(what, parameters, loss_of_text(config, ids), tensors)
    in_single_precision(what, parameters, config, ids, tensors)


def weighted_loss(parameters):
    losses, weights = [], []
    for tokens, target_weights in training.SEQUENCES:
        logits = fused_logits(parameters, training.CONFIG, tokens[:-1])
        losses.append(F.cross_entropy(logits, torch.tensor(tokens[1:]), reduction="none"))
        weights += target_weights
    losses = torch.cat(losses)
    weights = torch.tensor(weights, dtype=losses.dtype)
    return torch.dot(losses, weights) / weights.sum()


def updated(run, parameter, gradient, state, t):
    """One update, written out as the notes of the file describe it."""
    options = training.RUNS[run]
    if run in ("descent", "momentum"):
        state["v"] = options.get("momentum", 0.0) * state.get("v", 0.0) + gradient
        return parameter - options["rate"] * state["v"]
    if parameter.dim() == 2:
        parameter = parameter * (1 - options["rate"] * options.get("decay", 0.0))
    beta_1, beta_2 = options["betas"]
    state["m"] = beta_1 * state.get("m", 0.0) + (1 - beta_1) * gradient
    state["v"] = beta_2 * state.get("v", 0.0) + (1 - beta_2) * gradient**2
    mean, square = state["m"] / (1 - beta_1**t), state["v"] / (1 - beta_2**t)
    return parameter - options["rate"] * mean / (torch.sqrt(square) + options["epsilon"])


def written_out_run(run, initial, dtype):
    """-> losses, gradient norms and parameters of the same run without torch's optimizers"""
    parameters, losses, norms = training.copy_of(initial, dtype), [], []
    states = {name: {} for name in parameters}
    for t in range(1, training.STEPS + 1):
        loss = weighted_loss(parameters)
        gradient = gradients(loss, parameters)
        norm = torch.sqrt(sum((g**2).sum() for g in gradient.values()))
        scale = min(1.0, training.RUNS[run].get("clip", math.inf) / (norm.item() + 1e-6))
        with torch.no_grad():
            parameters = {
                name: updated(run, p, gradient[name] * scale, states[name], t).requires_grad_()
                for name, p in parameters.items()
            }
        losses.append(loss.item())
        norms.append(norm.item())
    histories = torch.tensor([losses, norms], dtype=torch.float64)
    return {"losses": histories[0], "gradient_norms": histories[1], **parameters}


def training_in_single_precision(run, results, expected):
    """The biases of the keys apart: their gradient is 0 but for rounding, which Adam enlarges."""
    worst = {"key biases": 0.0, "all else": 0.0}
    for name, values in expected.items():
        difference = (results[name].double() - values).abs()
        if name.endswith("c_attn.bias"):
            d = len(values) // 3
            worst["key biases"] = max(worst["key biases"], difference[d : 2 * d].max().item())
            difference = torch.cat([difference[:d], difference[2 * d :]])
        worst["all else"] = max(worst["all else"], difference.max().item())
    listed = ", ".join(f"{part} {difference:.1e}" for part, difference in worst.items())
    print(f"training, {run}, float32: worst |a - b|: {listed}")


def training_runs(tensors):
    initial = decoder.draw_parameters(training.CONFIG, training.SEED)
    what, expected = "training", frozen_gradients(tensors, initial)
    fused = gradients(weighted_loss(initial), initial)
    compare(what + ", fused: gradients", fused, expected, 1e-11)
    finite_differences(what, initial, weighted_loss, tensors)
    for run in training.RUNS:
        expected = {name: tensors[f"{run}.final.{name}"] for name in initial}
        for name in ("losses", "gradient_norms"):
            expected[name] = tensors[f"{run}.{name}"]
        results = written_out_run(run, initial, torch.float64)
        compare(f"{what}, {run} written out", results, expected, 1e-9)
        training_in_single_precision(run, written_out_run(run, initial, torch.float32), expected)
    assert (tensors["adamw.gradient_norms"] > training.CLIP).any(), "nothing was clipped"


def single_functions(tensors):
    def check(name, got, tolerance):
        compare(name, got, {key: tensors[f"{name}.{key}"] for key in got}, tolerance)

    x = tensors["gelu.x"].clone().requires_grad_()
    y = F.gelu(x, approximate="tanh")
    y.sum().backward()
    got = {"y": y, "derivative": x.grad}
    check("gelu", got, 1e-14)
    y, back = tensors["softmax.y"], tensors["softmax.gradient_y"]
    exact = [[math.exp(v - max(row)) for v in row] for row in functions.SOFTMAX_ROWS]
    got = {
        "y": torch.tensor([[v / math.fsum(row) for v in row] for row in exact], dtype=y.dtype),
        "gradient_x": y * (back - (y * back).sum(dim=1, keepdim=True)),
    }
    check("softmax", got, 1e-14)
    x, gain, shift = (
        tensors["layer_norm." + name].clone().requires_grad_() for name in ("x", "gain", "shift")
    )
    y = F.layer_norm(x, x.shape[1:], gain, shift, decoder.EPSILON)
    y.backward(tensors["layer_norm.gradient_y"])
    got = {"y": y, "gradient_x": x.grad, "gradient_gain": gain.grad, "gradient_shift": shift.grad}
    check("layer_norm", got, 1e-9)


def everything(cases, folder):
    """Reads back what was written and checks that."""
    for name, (config, seed, ids) in cases.items():
        tensors, _ = tensor_file.read(folder / f"{name}.safetensors")
        parameters = training.copy_of({n: tensors[n] for n in decoder.parameter_shapes(config)})
        text(name, parameters, config, ids, tensors)
    for layout in layouts.LAYOUTS:
        stored, _ = tensor_file.read(folder / layout.name / "model.safetensors")
        names = decoder.parameter_shapes(layout.config)
        parameters = training.copy_of(
            {name: stored[name.replace("transformer.", layout.prefix)] for name in names}
        )
        widened, _ = tensor_file.read(folder / layout.name / "widened.safetensors")
        compare(layout.name + ": widened", parameters, widened, 0.0)
        tensors, _ = tensor_file.read(folder / layout.name / "trace.safetensors")
        text(layout.name, parameters, layout.config, layout.ids, tensors)
    training_runs(tensor_file.read(folder / "training.safetensors")[0])
    single_functions(tensor_file.read(folder / "functions.safetensors")[0])
