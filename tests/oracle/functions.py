"""GELU, softmax and layer norm on their own, at awkward inputs, with their gradients."""

import math

import torch

import decoder

INF = math.inf
SOFTMAX_ROWS = [
    [0.5, -1.25, 2.0, 0.0, 3.5, -0.75],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [1000.0, 999.0, -1000.0, 1001.5, 0.0, 998.0],
    [-1000.0, -1001.0, -1000.5, -1002.0, -999.0, -1000.0],
    [1.5, -INF, -INF, -INF, -INF, -INF],
    [1000.0, -1000.0, -INF, 1000.0, -INF, 0.0],
    [-INF, -1000.0, -INF, -INF, -1000.25, -INF],
    [88.0, 89.0, -104.0, 710.0, 709.0, -746.0],
]
LAYER_NORM_ROWS = [
    [0.5, -1.25, 2.0, 0.25, 3.5, -0.75, 1.0],
    [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75],
    [10000.5, 9999.25, 10001.0, 9998.875, 10000.125, 9999.5, 10002.0],
    [0.001, -0.002, 0.0005, 0.003, -0.001, 0.0, 0.002],
    [3e4, -2e4, 1e4, 0.0, -4e4, 2.5e4, 5e3],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
]
NOTES = {
    "gelu": "gelu.y = gelu(gelu.x) in the tanh form, gelu.derivative = its derivative at x",
    "softmax": "softmax.y = softmax of each row of softmax.x; softmax.gradient_x is what "
    "softmax.gradient_y becomes on the way back",
    "layer_norm": "layer_norm.y = layer norm (epsilon 1e-5) of each row of layer_norm.x, times "
    "gain, plus shift; the gradients of x, gain and shift come from gradient_y",
}


def in_float(rows):
    """What a float can hold exactly, so that float and double start from the same numbers."""
    return torch.tensor(rows, dtype=torch.float32).double().requires_grad_()


def gelu_grid():
    x = (torch.arange(-96, 97, dtype=torch.float64) / 8).requires_grad_()  # -12 ... 12
    y = decoder.gelu(x)
    y.sum().backward()
    return {"gelu.x": x, "gelu.y": y, "gelu.derivative": x.grad}


def softmax_rows():
    x = in_float(SOFTMAX_ROWS)
    y = torch.softmax(x, dim=1)
    gradient_y = torch.randn(y.shape).double()
    y.backward(gradient_y)
    assert torch.isfinite(x.grad).all()
    return {
        "softmax.x": x,
        "softmax.y": y,
        "softmax.gradient_y": gradient_y,
        "softmax.gradient_x": x.grad,
    }


def layer_norm_rows():
    x = in_float(LAYER_NORM_ROWS)
    gain = (1 + 0.3 * torch.randn(x.shape[1])).double().requires_grad_()
    shift = (0.3 * torch.randn(x.shape[1])).double().requires_grad_()
    y = decoder.layer_norm(x, gain, shift)
    gradient_y = torch.randn(y.shape).double()
    y.backward(gradient_y)
    return {
        "layer_norm.x": x,
        "layer_norm.gain": gain,
        "layer_norm.shift": shift,
        "layer_norm.y": y,
        "layer_norm.gradient_y": gradient_y,
        "layer_norm.gradient_x": x.grad,
        "layer_norm.gradient_gain": gain.grad,
        "layer_norm.gradient_shift": shift.grad,
    }


def frozen():
    """-> tensors, metadata of functions.safetensors"""
    torch.manual_seed(5)
    metadata = {"note." + name: note for name, note in NOTES.items()}
    return {**gelu_grid(), **softmax_rows(), **layer_norm_rows()}, metadata
