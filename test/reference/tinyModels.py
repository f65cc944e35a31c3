"""Networks of a few weights, in the form of real models, for the kernel's tests.

Use: python tinyModels.py ../fixtures/models      (onnx 1)

tiny-lobes calls every voxel below about -300 HU RUL. tiny-textures reads the middle of three slices: the lower the
density, the further from consolidation to emphysema. moved-labels takes the input value of the voxel before each voxel, one
further along x, two along y and three along z, for its label value, so that every axis and direction can be told apart.
flat-labels is its like in 2D, for patches of 8 x 6 only, and takes the voxel's own slice before it. outside-weights has its
weights in a second file, which is not there. half-lobes is tiny-lobes in numbers of 16 bits.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LOBES = [None, "RUL", "RML", "RLL", "LUL", "LLL", None]
WINDOW = {"scale": "window", "clipHu": [-1000, 400], "to": [-1, 1]}
TEXTURES = ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]


def save(folder, name, graph, manifest):
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()
    (target / "model.onnx").write_bytes(data)
    shared = {"lungnbModel": 1, "id": name, "version": "1.0.0", "title": name, "file": "model.onnx", "sha256": hashlib.sha256(data).hexdigest(),
              "licence": "MIT", "citation": "test", "trainedOn": "nothing"}
    (target / "manifest.json").write_text(json.dumps({**shared, **manifest}, indent=1) + "\n")


def pointwise(folder, model, weights, bias, manifest):
    dimensions = weights.ndim - 2
    axes = ["z", "y", "x"][-dimensions:]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["ct", "w", "b"], ["logits"], kernel_shape=[1] * dimensions)],
        model,
        [helper.make_tensor_value_info("ct", TensorProto.FLOAT, ["batch", weights.shape[1], *axes])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", weights.shape[0], *axes])],
        [numpy_helper.from_array(weights.astype(np.float32), "w"), numpy_helper.from_array(bias.astype(np.float32), "b")],
    )
    save(folder, model, graph, manifest)


def labels(folder, name, weights, into, out, nodes, constants, manifest):
    """A convolution whose values are rounded to label values by `nodes`, from "moved" to "labels"."""
    graph = helper.make_graph(
        [helper.make_node("Conv", ["ct", "w"], ["moved"], kernel_shape=weights.shape[2:], pads=2 * [n // 2 for n in weights.shape[2:]]), *nodes],
        name,
        [helper.make_tensor_value_info("ct", TensorProto.FLOAT, into)],
        [helper.make_tensor_value_info("labels", TensorProto.INT64, out)],
        [numpy_helper.from_array(weights.astype(np.float32), "w"), *constants],
    )
    save(folder, name, graph, {**manifest, "output": {"name": "labels", "activation": "argmax", "labels": LOBES if manifest["task"] == "lobes" else TEXTURES}})


folder = Path(sys.argv[1])
lobe_weights = np.zeros((7, 1, 1, 1, 1))
lobe_weights[0], lobe_weights[1] = 20, -20
pointwise(folder, "tiny-lobes", lobe_weights, np.array([0, 0, -50, -50, -50, -50, -50]), {
    "task": "lobes",
    "input": {"name": "ct", "dimensions": 3, "spacingMm": [2, 2, 2], "orientation": "LPS", "intensity": WINDOW, "patch": [8, 8, 8],
              "multipleOf": 2, "overlap": 0.25, "paddingHu": 400},
    "output": {"name": "logits", "activation": "softmax", "labels": LOBES}})
texture_weights = np.zeros((6, 3, 1, 1))
texture_weights[2, 1], texture_weights[5, 1] = 30, -30
pointwise(folder, "tiny-textures", texture_weights, np.array([0, -50, 5, -50, -50, -25]), {
    "task": "textures",
    "input": {"name": "ct", "dimensions": 2, "contextSlices": 3, "spacingMm": [1, 1, 1], "orientation": "LPS", "intensity": WINDOW,
              "patch": [16, 16], "multipleOf": 4, "overlap": 0.25, "paddingHu": -1000},
    "output": {"name": "logits", "activation": "softmax", "labels": TEXTURES}})

# With this mean and deviation the input is HU itself.
HU = {"scale": "z-score", "clipHu": [-1024, 3071], "meanHu": 0, "sdHu": 1}
AS_THEY_ARE = {"orientation": "LPS", "spacingMm": ["native", "native", "native"], "intensity": HU, "overlap": 0, "paddingHu": 0}
integer = [helper.make_node("Round", ["moved"], ["whole"]), helper.make_node("Cast", ["whole"], ["channels"], to=TensorProto.INT64)]
kernel = np.zeros((1, 1, 7, 7, 7))
kernel[0, 0, 3 - 3, 3 - 2, 3 - 1] = 1
labels(folder, "moved-labels", kernel, ["batch", 1, "z", "y", "x"], ["batch", "z", "y", "x"],
       [*integer, helper.make_node("Squeeze", ["channels", "axis"], ["labels"])], [numpy_helper.from_array(np.array([1]), "axis")],
       {"task": "lobes", "input": {"name": "ct", "dimensions": 3, **AS_THEY_ARE, "patch": [16, 16, 16]}})
flat = np.zeros((1, 3, 1, 1))
flat[0, 0] = 1
labels(folder, "flat-labels", flat, [1, 3, 6, 8], [1, 1, 6, 8], [*integer, helper.make_node("Identity", ["channels"], ["labels"])], [],
       {"task": "textures", "input": {"name": "ct", "dimensions": 2, "contextSlices": 3, **AS_THEY_ARE, "patch": [8, 6]}})

# tiny-lobes in numbers of 16 bits.
half = onnx.load(folder / "tiny-lobes" / "model.onnx").graph
for value in (*half.input, *half.output):
    value.type.tensor_type.elem_type = TensorProto.FLOAT16
for tensor in half.initializer:
    tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name))
tiny = json.loads((folder / "tiny-lobes" / "manifest.json").read_text())
save(folder, "half-lobes", half, {key: tiny[key] for key in ("task", "input", "output")})

outside = onnx.load(folder / "tiny-lobes" / "model.onnx")
target = folder / "outside-weights"
target.mkdir(exist_ok=True)
onnx.save(outside, target / "model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=0)
(target / "model.onnx.data").unlink()
manifest = json.loads((folder / "tiny-lobes" / "manifest.json").read_text())
manifest |= {"id": "outside-weights", "sha256": hashlib.sha256((target / "model.onnx").read_bytes()).hexdigest()}
(target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
