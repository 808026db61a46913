"""The same transformer as src/, as one would write it in PyTorch, to compare speeds with."""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, task):
        super().__init__()
        d = task["width"]
        self.heads = task["heads"]
        self.attention_norm = nn.LayerNorm(d)
        self.query_key_value = nn.Linear(d, 3 * d)  # all heads at once: the fast way in PyTorch
        self.output = nn.Linear(d, d)
        self.mlp_norm = nn.LayerNorm(d)
        self.up = nn.Linear(d, 4 * d)
        self.down = nn.Linear(4 * d, d)
        T = task["context"]
        self.register_buffer("ahead", torch.ones(T, T, dtype=torch.bool).triu(1), False)

    def forward(self, stream, cache=None):
        stream = stream + self.attention(self.attention_norm(stream), cache)
        hidden = F.gelu(self.up(self.mlp_norm(stream)), approximate="tanh")
        return stream + self.down(hidden)

    def attention(self, x, cache):
        B, T, d = x.shape
        split = self.query_key_value(x).view(B, T, 3, self.heads, d // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)
        if cache is not None:
            keys, values = cache.append(keys, values)
        scores = queries @ keys.transpose(2, 3) * (d // self.heads) ** -0.5
        if T > 1:
            scores = scores.masked_fill(self.ahead[:T, :T], float("-inf"))
        mixed = scores.softmax(-1) @ values
        return self.output(mixed.transpose(1, 2).reshape(B, T, d))


class Cache:
    """The keys and values of the places before, in room for the whole context."""

    def __init__(self, task):
        shape = (2, 1, task["heads"], task["context"], task["width"] // task["heads"])
        self.room, self.used = torch.empty(shape), 0

    def append(self, keys, values):
        end = self.used + keys.shape[2]
        self.room[0][:, :, self.used : end] = keys
        self.room[1][:, :, self.used : end] = values
        self.used = end
        return self.room[0][:, :, :end], self.room[1][:, :, :end]


class Gpt(nn.Module):
    def __init__(self, task):
        super().__init__()
        V, T, d = task["vocabulary"], task["context"], task["width"]
        self.tokens, self.positions = nn.Embedding(V, d), nn.Embedding(T, d)
        self.blocks = nn.ModuleList(Block(task) for _ in range(task["layers"]))
        self.final_norm = nn.LayerNorm(d)
        self.unembedding = nn.Linear(d, V, bias=False)

    def forward(self, ids, caches=None):
        first = caches[0].used if caches else 0
        places = torch.arange(first, first + ids.shape[1])
        stream = self.tokens(ids) + self.positions(places)
        for b, block in enumerate(self.blocks):
            stream = block(stream, caches[b] if caches else None)
        return self.unembedding(self.final_norm(stream))

    def loss(self, sequences):
        logits = self(sequences[:, :-1])
        return F.cross_entropy(logits.flatten(0, 1), sequences[:, 1:].flatten())


def load(task, tensors):
    """A Gpt with the parameters of a model folder (GPT-2's names; its weights are transposed)."""
    model = Gpt(task)
    tensors = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    state = {
        "tokens.weight": tensors["wte.weight"],
        "positions.weight": tensors["wpe.weight"],
        "final_norm.weight": tensors["ln_f.weight"],
        "final_norm.bias": tensors["ln_f.bias"],
        "unembedding.weight": tensors["lm_head.weight"],
    }
    names = {
        "attention_norm": "ln_1",
        "query_key_value": "attn.c_attn",
        "output": "attn.c_proj",
        "mlp_norm": "ln_2",
        "up": "mlp.c_fc",
        "down": "mlp.c_proj",
    }
    for b in range(task["layers"]):
        for ours, theirs in names.items():
            weight = tensors[f"h.{b}.{theirs}.weight"]
            state[f"blocks.{b}.{ours}.weight"] = weight.T if weight.dim() == 2 else weight
            state[f"blocks.{b}.{ours}.bias"] = tensors[f"h.{b}.{theirs}.bias"]
    model.load_state_dict(state)
    return model


def optimizer_of(model):
    # foreach updates all parameters in few calls: the fastest that this version has.
    return torch.optim.Adam(model.parameters(), lr=0.001, betas=(0.9, 0.999), foreach=True)


def train_step(model, optimizer, sequences):
    optimizer.zero_grad(set_to_none=True)
    loss = model.loss(sequences)
    loss.backward()
    optimizer.step()
    return loss


@torch.inference_mode()
def generate(model, task):
    caches = [Cache(task) for _ in model.blocks]
    ids = torch.zeros(1, 1, dtype=torch.long)
    for _ in range(task["context"]):
        probabilities = model(ids, caches)[:, -1].softmax(-1)
        ids = torch.multinomial(probabilities, 1)
