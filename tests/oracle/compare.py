"""Compares two folders of frozen numbers: compare.py OLD NEW

Every file of one is in the other, with the same tensors. Their numbers agree to 1e-12 of the
tensor's largest: another processor may round the last digit differently. Training with Adam can
magnify that digit (see tests/data/oracle/README.md on key biases), so runs may differ by 1e-8.
"""

import pathlib
import sys

import torch

import tensor_file


def differences(old, new):
    names = {p.relative_to(old) for p in old.rglob("*.safetensors")}
    others = {p.relative_to(new) for p in new.rglob("*.safetensors")}
    if not names or names != others:
        yield f"the files differ: {sorted(map(str, names ^ others))}"
    for name in sorted(names & others):
        tensors, metadata = tensor_file.read(old / name)
        again, metadata_again = tensor_file.read(new / name)
        if metadata != metadata_again or tensors.keys() != again.keys():
            yield f"{name}: the names or the metadata differ"
            continue
        allowed = 1e-8 if name.name == "training.safetensors" else 1e-12
        for tensor, numbers in tensors.items():
            a, b = numbers.double(), again[tensor].double()
            equal = (a == b) | (a.isnan() & b.isnan())
            finite = a[a.isfinite()].abs()
            largest = finite.max().item() if finite.numel() else 0.0
            if not (equal | ((a - b).abs() <= allowed * largest)).all():
                yield f"{name}: {tensor} differs"


def main():
    torch.set_num_threads(1)
    found = list(differences(*map(pathlib.Path, sys.argv[1:3])))
    print("\n".join(found) or "the frozen numbers are what PyTorch gives")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
