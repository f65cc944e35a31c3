"""Writes model.onnx and manifest.json of density-texture: classes by density alone, as a network of one convolution.

Use: python make.py      (onnx 1; run in any folder)

The network averages 5 x 5 pixels, and its softmax changes from one density class to the next at each threshold.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WINDOW_HU = (-1024, 200)
# Where one channel ends and the next begins, in HU, and what each channel counts as.
THRESHOLDS_HU = [-970, -950, -700, -300, 100]
LABELS = ["emphysema", "emphysema", "normal", "ggo", "consolidation", None]
PIXELS = 5
# The larger, the sharper the change at a threshold: here within about 20 HU.
SLOPE = 200

folder = Path(__file__).parent
low, high = WINDOW_HU
thresholds = (np.array(THRESHOLDS_HU) - low) / (high - low)
channels = np.arange(len(LABELS))
# Channel c's logit is a line of slope c; neighbouring lines cross at the thresholds, so the c-th is highest between them.
weights = (SLOPE * channels / PIXELS**2)[:, None, None, None] * np.ones((1, 1, PIXELS, PIXELS))
bias = -SLOPE * np.concatenate([[0], np.cumsum(thresholds)])
edge = PIXELS // 2
graph = helper.make_graph(
    [
        helper.make_node("Pad", ["ct", "edges"], ["padded"], mode="edge"),
        helper.make_node("Conv", ["padded", "weights", "bias"], ["logits"], kernel_shape=[PIXELS, PIXELS]),
    ],
    "density-texture",
    [helper.make_tensor_value_info("ct", TensorProto.FLOAT, ["batch", 1, "y", "x"])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS), "y", "x"])],
    [
        numpy_helper.from_array(np.array([0, 0, edge, edge, 0, 0, edge, edge]), "edges"),
        numpy_helper.from_array(weights.astype(np.float32), "weights"),
        numpy_helper.from_array(bias.astype(np.float32), "bias"),
    ],
)
data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()
(folder / "model.onnx").write_bytes(data)
manifest = {
    "lungnbModel": 1,
    "id": "density-texture",
    "version": "1.0.0",
    "title": "Density classes",
    "task": "textures",
    "file": "model.onnx",
    "sha256": hashlib.sha256(data).hexdigest(),
    "licence": "MIT",
    "citation": "LungNB's own example",
    "trainedOn": "Nothing: its thresholds are written down in make.py",
    "input": {
        "name": "ct",
        "dimensions": 2,
        "contextSlices": 1,
        "spacingMm": ["native", "native", "native"],
        "orientation": "LPS",
        "intensity": {"scale": "window", "clipHu": list(WINDOW_HU), "to": [0, 1]},
        "patch": [512, 512],
        "multipleOf": 1,
        "overlap": 0.1,
        "paddingHu": -1024,
    },
    "output": {"name": "logits", "activation": "softmax", "labels": LABELS},
}
(folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
