"""Model folders as other programs write them, each with a trace to compare with."""

import json

import torch

import decoder
import tensor_file

WORDS = ["the", "blue", "fluffy", "spiky", "creature", "slept", "while", "it", "rained", ".", "?"]


class Layout:
    def __init__(self, name, seed, stored_as, prefix, config, ids, masks=False, words=None):
        self.name, self.seed, self.stored_as, self.prefix = name, seed, stored_as, prefix
        self.config, self.ids, self.masks, self.words = config, ids, masks, words

    def parameters(self):
        """As a reader has them: in double, with the values that the stored type can hold."""
        drawn = decoder.draw_parameters(self.config, self.seed, self.stored_as)
        if self.stored_as == torch.float16:
            with torch.no_grad():  # the smallest, the largest subnormal, and a zero with a sign
                for i, value in enumerate([2.0**-24, -1023 * 2.0**-24, -0.0]):
                    drawn["transformer.wte.weight"][0, i] = value
        return drawn


LAYOUTS = [
    Layout(
        "gpt2_layout_f32", 11, torch.float32, "transformer.",
        decoder.make_config(2, 3, 4, 17, vocabulary=11, context=9, tied=False),
        [0, 2, 1, 4, 5, 9], words=WORDS,
    ),
    Layout(
        "gpt2_layout_f16_tied", 12, torch.float16, "",
        decoder.make_config(2, 2, 5, None, vocabulary=13, context=7, tied=True),
        [12, 0, 7, 7, 3], masks=True,
    ),
    Layout(
        "gpt2_layout_bf16", 13, torch.bfloat16, "transformer.",
        decoder.make_config(1, 4, 2, 11, vocabulary=9, context=6, tied=False),
        [8, 1, 5, 0, 2, 8],
    ),
]  # fmt: skip


def config_file(layout):
    """The keys that matter among those that a file from Hugging Face also has."""
    config = dict(layout.config)
    extras = {
        "architectures": ["GPT2LMHeadModel"],
        "attn_pdrop": 0.1,
        "bos_token_id": config["vocab_size"] - 1,
        "embd_pdrop": 0.1,
        "eos_token_id": config["vocab_size"] - 1,
        "initializer_range": 0.02,
        "n_ctx": config["n_positions"],
        "resid_pdrop": 0.1,
        "scale_attn_weights": True,
        "summary_activation": None,
        "summary_first_dropout": 0.1,
        "summary_proj_to_labels": True,
        "summary_type": "cls_index",
        "summary_use_proj": True,
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
        "torch_dtype": str(layout.stored_as).replace("torch.", ""),
        "use_cache": True,
    }
    return json.dumps({**config, **extras}, indent=2, sort_keys=True) + "\n"


def stored_tensors(layout, parameters):
    tensors = {
        name.replace("transformer.", layout.prefix): p.detach().to(layout.stored_as)
        for name, p in sorted(parameters.items())
    }
    if layout.masks:
        context = layout.config["n_positions"]
        causal = torch.ones(1, 1, context, context, dtype=torch.uint8).tril()
        for b, mask in enumerate([causal, causal.bool()]):
            tensors[f"{layout.prefix}h.{b}.attn.bias"] = mask
            tensors[f"{layout.prefix}h.{b}.attn.masked_bias"] = torch.tensor(-1e4)
    return tensors


def freeze(layout, folder):
    folder = folder / layout.name
    folder.mkdir(exist_ok=True)
    parameters = layout.parameters()
    (folder / "config.json").write_text(config_file(layout))
    stored = stored_tensors(layout, parameters)
    tensor_file.write(folder / "model.safetensors", stored, {"format": "pt"})
    tensor_file.write(folder / "widened.safetensors", parameters, {"note": "model, in double"})
    if layout.words:
        vocabulary = {word: id for id, word in enumerate(layout.words)}
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary, indent=2) + "\n")
    tensors = decoder.trace(parameters, layout.config, layout.ids)
    metadata = {
        "ids": ",".join(map(str, layout.ids)),
        "config": json.dumps(layout.config),
        "targets": decoder.TARGETS,
    }
    tensor_file.write(folder / "trace.safetensors", tensors, metadata)
