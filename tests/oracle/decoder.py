"""The decoder in plain torch, stage by stage and head by head, and the gradient of every stage."""

import math

import torch

EPSILON = 1e-5
TARGETS = "row t predicts ids[t + 1]; the loss of the text is the mean of `loss`"


def make_config(layers, heads, head_width, hidden, vocabulary, context, tied, without=None):
    """The keys of config.json; hidden None means 4 times the width. `without` is a part that the
    model has not: mask, positions, scale, residual, norm or mlp."""
    config = {
        "model_type": "gpt2",
        "n_layer": layers,
        "n_head": heads,
        "n_embd": heads * head_width,
        "n_positions": context,
        "n_inner": hidden,
        "vocab_size": vocabulary,
        "layer_norm_epsilon": EPSILON,
        "activation_function": "gelu_new",
        "tie_word_embeddings": tied,
    }
    if without:
        config["without"] = without
    return config


def belongs_to(part, name):
    """Whether a model without the part lacks this parameter."""
    if part == "positions":
        return ".wpe." in name
    if part == "norm":
        return ".ln_" in name
    return part == "mlp" and (".mlp." in name or ".ln_2." in name)


def parameter_shapes(config):
    """GPT-2's names and shapes, in GPT-2's order."""
    d, V = config["n_embd"], config["vocab_size"]
    M = config["n_inner"] or 4 * d
    shapes = {"transformer.wte.weight": (V, d)}
    shapes["transformer.wpe.weight"] = (config["n_positions"], d)
    for b in range(config["n_layer"]):
        h = f"transformer.h.{b}."
        shapes.update({h + "ln_1.weight": (d,), h + "ln_1.bias": (d,)})
        shapes.update({h + "attn.c_attn.weight": (d, 3 * d), h + "attn.c_attn.bias": (3 * d,)})
        shapes.update({h + "attn.c_proj.weight": (d, d), h + "attn.c_proj.bias": (d,)})
        shapes.update({h + "ln_2.weight": (d,), h + "ln_2.bias": (d,)})
        shapes.update({h + "mlp.c_fc.weight": (d, M), h + "mlp.c_fc.bias": (M,)})
        shapes.update({h + "mlp.c_proj.weight": (M, d), h + "mlp.c_proj.bias": (d,)})
    shapes.update({"transformer.ln_f.weight": (d,), "transformer.ln_f.bias": (d,)})
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (V, d)
    without = config.get("without")
    return {name: shape for name, shape in shapes.items() if not belongs_to(without, name)}


def draw_parameters(config, seed, stored_as=torch.float32):
    """Large enough that nothing is nearly linear; rounded to the type in which they are stored."""
    torch.manual_seed(seed)
    parameters = {}
    for name, shape in parameter_shapes(config).items():
        noise = torch.randn(shape, dtype=torch.float64)
        if len(shape) == 2:
            values = 0.5 * noise
        elif ".ln_" in name and name.endswith(".weight"):
            values = 1 + 0.3 * noise
        else:
            values = 0.3 * noise
        parameters[name] = values.to(stored_as).double().requires_grad_()
    return parameters


def layer_norm(x, gain, shift):
    centred = x - x.mean(dim=1, keepdim=True)
    variance = (centred**2).mean(dim=1, keepdim=True)
    return centred / torch.sqrt(variance + EPSILON) * gain + shift


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def future(T):
    """True where the key comes after the query."""
    return torch.ones(T, T, dtype=torch.bool).triu(diagonal=1)


class Pass:
    """One forward pass: `stages` holds every stage under its name, in order."""

    def __init__(self, parameters, config, inputs, targets):
        """The row t of the output is to predict targets[t]; rows beyond have no target."""
        self.parameters, self.config, self.stages = parameters, config, {}
        self.without = config.get("without")
        T = len(inputs)
        wte = parameters["transformer.wte.weight"]
        stream = self.keep("embedding.tokens", wte[torch.tensor(inputs)])
        if self.without != "positions":
            wpe = parameters["transformer.wpe.weight"]
            positions = self.keep("embedding.positions", wpe[torch.arange(T)])
            stream = self.keep("embedding.sum", stream + positions)
        for b in range(config["n_layer"]):
            stream = self.attention(b, stream)
            stream = stream if self.without == "mlp" else self.mlp(b, stream)
        norm = self.normalise("final.norm", "transformer.ln_f", stream)
        unembedding = wte if config["tie_word_embeddings"] else parameters["lm_head.weight"]
        logits = self.keep("logits", norm @ unembedding.T)
        probabilities = self.keep("probabilities", torch.softmax(logits, dim=1))
        chosen = probabilities[torch.arange(len(targets)), torch.tensor(targets)]
        self.keep("loss", -torch.log(chosen).unsqueeze(1))

    def keep(self, name, tensor):
        tensor.retain_grad()
        self.stages[name] = tensor
        return tensor

    def normalise(self, stage, name, x):
        if self.without == "norm":
            return x
        gain, shift = self.parameters[name + ".weight"], self.parameters[name + ".bias"]
        return self.keep(stage, layer_norm(x, gain, shift))

    def add(self, stage, stream, output):
        return output if self.without == "residual" else self.keep(stage, stream + output)

    def linear(self, name, x, columns=slice(None)):
        weight, bias = self.parameters[name + ".weight"], self.parameters[name + ".bias"]
        return x @ weight[:, columns] + bias[columns]

    def attention(self, b, stream):
        name, layer = f"block.{b}.attention.", f"transformer.h.{b}."
        norm = self.normalise(name + "norm", layer + "ln_1", stream)
        mixed = [self.head(b, h, norm) for h in range(self.config["n_head"])]
        joined = self.keep(name + "joined", torch.cat(mixed, dim=1))
        output = self.keep(name + "output", self.linear(layer + "attn.c_proj", joined))
        return self.add(name + "residual", stream, output)

    def head(self, b, h, norm):
        name, fused = f"block.{b}.head.{h}.", f"transformer.h.{b}.attn.c_attn"
        d = self.config["n_embd"]
        D = d // self.config["n_head"]
        # The fused matrix holds the queries of all heads, then their keys, then their values.
        columns = [slice(part * d + h * D, part * d + (h + 1) * D) for part in range(3)]
        queries = self.keep(name + "queries", self.linear(fused, norm, columns[0]))
        keys = self.keep(name + "keys", self.linear(fused, norm, columns[1]))
        values = self.keep(name + "values", self.linear(fused, norm, columns[2]))
        scores = self.keep(name + "scores", queries @ keys.T)
        if self.without != "scale":
            scores = self.keep(name + "scaled", scores / math.sqrt(D))
        if self.without != "mask":
            scores = self.keep(name + "masked", scores.masked_fill(future(len(norm)), -math.inf))
        weights = self.keep(name + "attention_weights", torch.softmax(scores, dim=1))
        return self.keep(name + "mixed", weights @ values)

    def mlp(self, b, stream):
        name, layer = f"block.{b}.mlp.", f"transformer.h.{b}."
        norm = self.normalise(name + "norm", layer + "ln_2", stream)
        hidden = self.keep(name + "hidden", self.linear(layer + "mlp.c_fc", norm))
        activated = self.keep(name + "activated", gelu(hidden))
        output = self.keep(name + "output", self.linear(layer + "mlp.c_proj", activated))
        return self.add(name + "residual", stream, output)


def gradient_of_stage(name, tensor, masked=True):
    """Autograd's gradient, which has to be 0 at the masked cells of scores, scaled and masked."""
    gradient = tensor.grad
    if masked and name.endswith((".scores", ".scaled", ".masked")):
        hidden = future(len(tensor))
        assert (gradient[hidden] == 0).all(), f"{name}: the gradient of a masked cell is not 0"
        gradient = gradient.masked_fill(hidden, 0.0)  # no -0.0
    assert torch.isfinite(gradient).all(), f"{name}: a gradient is not finite"
    return gradient


def trace(parameters, config, ids):
    """Every stage of a text, and the gradients of its mean loss by stages and by parameters."""
    for parameter in parameters.values():
        parameter.grad = None
    record = Pass(parameters, config, ids, ids[1:])
    record.stages["loss"].mean().backward()
    tensors = dict(record.stages)
    for name, tensor in record.stages.items():
        masked = config.get("without") != "mask"
        tensors["gradient." + name] = gradient_of_stage(name, tensor, masked)
    for name, parameter in parameters.items():
        tensors["gradient." + name] = parameter.grad.clone()
    return tensors
