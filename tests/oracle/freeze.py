"""Makes every file of tests/data/oracle again; with --verify also checks the oracle itself.

    /usr/bin/python3 tests/oracle/freeze.py [--verify]
"""

import json
import os
import pathlib
import sys

# The same sums in the same order on every machine: no kernels chosen by the kind of processor.
os.environ["ATEN_CPU_CAPABILITY"] = "default"
sys.dont_write_bytecode = True

import torch  # noqa: E402

import decoder  # noqa: E402
import functions  # noqa: E402
import layouts  # noqa: E402
import tensor_file  # noqa: E402
import training  # noqa: E402
import verify  # noqa: E402

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "oracle"
# name -> config, seed, ids: all sizes differ, so that a mix-up cannot hide
CASES = {
    "case_a_untied": (
        decoder.make_config(2, 2, 3, 10, vocabulary=7, context=8, tied=False),
        1,
        [5, 0, 3, 6, 1],
    ),
    "case_b_tied": (
        decoder.make_config(1, 3, 5, 11, vocabulary=9, context=6, tied=True),
        2,
        [4, 7, 4, 2],
    ),
    "case_c_full_context": (
        decoder.make_config(3, 1, 4, 7, vocabulary=5, context=7, tied=False),
        3,
        [4, 0, 0, 3, 1, 4, 2],
    ),
}
# Models that were trained without a part.
WITHOUT = {
    f"without_{part}": (
        decoder.make_config(2, 2, 2, 5, vocabulary=6, context=4, tied=part == "norm", without=part),
        10 + number,
        [3, 0, 5],
    )
    for number, part in enumerate(["mask", "positions", "scale", "residual", "norm", "mlp"])
}


def freeze_case(name):
    config, seed, ids = (CASES | WITHOUT)[name]
    parameters = decoder.draw_parameters(config, seed)
    tensors = {**parameters, **decoder.trace(parameters, config, ids)}
    metadata = {
        "ids": ",".join(map(str, ids)),
        "config": json.dumps(config),
        "targets": decoder.TARGETS,
    }
    tensor_file.write(OUTPUT / f"{name}.safetensors", tensors, metadata)


def main():
    torch.set_num_threads(1)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name in CASES | WITHOUT:
        freeze_case(name)
    tensor_file.write(OUTPUT / "training.safetensors", *training.frozen())
    tensor_file.write(OUTPUT / "functions.safetensors", *functions.frozen())
    for layout in layouts.LAYOUTS:
        layouts.freeze(layout, OUTPUT)
    if "--verify" in sys.argv[1:]:
        verify.everything(CASES, OUTPUT)


if __name__ == "__main__":
    main()
