"""Writes the safetensors format by hand: header length, JSON header, data (and reads it back)."""

import json
import struct

import torch

# name in the file -> (torch's type, bytes of an element)
TYPES = {
    "F64": (torch.float64, 8),
    "F32": (torch.float32, 4),
    "F16": (torch.float16, 2),
    "BF16": (torch.bfloat16, 2),
    "U8": (torch.uint8, 1),
    "BOOL": (torch.bool, 1),
}


def type_name(tensor):
    return next(name for name, (dtype, _) in TYPES.items() if dtype == tensor.dtype)


def element_bytes(tensor):
    values = tensor.detach().contiguous().reshape(-1)
    if tensor.dtype in (torch.float16, torch.bfloat16):
        values = values.view(torch.int16)  # the bits, as struct knows no bfloat16
    code = {8: "d", 4: "f", 2: "h", 1: "B"}[TYPES[type_name(tensor)][1]]
    return struct.pack(f"<{values.numel()}{code}", *values.tolist())


def write(path, tensors, metadata):
    """The data of wide types comes first, as in the files of Hugging Face: all stays aligned."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].element_size()):
        bytes_of_tensor = element_bytes(tensor)
        header[name] = {
            "dtype": type_name(tensor),
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(bytes_of_tensor)],
        }
        data += bytes_of_tensor
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    """-> tensors by name, metadata"""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    metadata, tensors = header.pop("__metadata__"), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype, size = TYPES[entry["dtype"]]
        code = {8: "d", 4: "f", 2: "h", 1: "B"}[size]
        values = struct.unpack(f"<{(end - begin) // size}{code}", data[begin:end])
        if size == 2:
            tensor = torch.tensor(values, dtype=torch.int16).view(dtype)
        else:
            tensor = torch.tensor(values, dtype=dtype)
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors, metadata
