"""Two pointwise networks of a few weights, in the form of real models, for the kernel's tests.

Use: python tinyModels.py ../fixtures/models      (onnx 1)

tiny-lobes calls every voxel below about -300 HU RUL. tiny-textures reads the middle of three slices: the lower the
density, the further from consolidation to emphysema.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LOBES = ["background", "RUL", "RML", "RLL", "LUL", "LLL", "airway"]
TEXTURES = ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]


def write(folder, model, weights, bias, manifest):
    dimensions = weights.ndim - 2
    axes = ["z", "y", "x"][-dimensions:]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["ct", "w", "b"], ["logits"], kernel_shape=[1] * dimensions)],
        model,
        [helper.make_tensor_value_info("ct", TensorProto.FLOAT, ["batch", weights.shape[1], *axes])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", weights.shape[0], *axes])],
        [numpy_helper.from_array(weights.astype(np.float32), "w"), numpy_helper.from_array(bias.astype(np.float32), "b")],
    )
    target = folder / model
    target.mkdir(parents=True, exist_ok=True)
    data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()
    (target / "model.onnx").write_bytes(data)
    shared = {"lungnbModel": 1, "id": model, "version": "1.0.0", "title": model, "file": "model.onnx", "sha256": hashlib.sha256(data).hexdigest(),
              "licence": "MIT", "citation": "test", "trainedOn": "nothing"}
    (target / "manifest.json").write_text(json.dumps({**shared, **manifest}, indent=1) + "\n")


folder = Path(sys.argv[1])
lobe_weights = np.zeros((7, 1, 1, 1, 1))
lobe_weights[0], lobe_weights[1] = 20, -20
write(folder, "tiny-lobes", lobe_weights, np.array([0, 0, -50, -50, -50, -50, -50]), {
    "task": "lobes",
    "input": {"name": "ct", "dimensions": 3, "spacingMm": [2, 2, 2], "orientation": "LPS", "huWindow": [-1000, 400], "patch": [8, 8, 8],
              "multipleOf": 2, "overlap": 0.25, "paddingHu": 400},
    "output": {"name": "logits", "activation": "softmax", "labels": LOBES}})
texture_weights = np.zeros((6, 3, 1, 1))
texture_weights[2, 1], texture_weights[5, 1] = 30, -30
write(folder, "tiny-textures", texture_weights, np.array([0, -50, 5, -50, -50, -25]), {
    "task": "textures",
    "input": {"name": "ct", "dimensions": 2, "contextSlices": 3, "spacingMm": [1, 1, 1], "orientation": "LPS", "huWindow": [-1000, 400],
              "patch": [16, 16], "multipleOf": 4, "overlap": 0.25, "paddingHu": -1000},
    "output": {"name": "logits", "activation": "softmax", "labels": TEXTURES}})
