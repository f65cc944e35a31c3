"""Writes a run's averaged weights as ONNX with its manifest, and checks ONNX Runtime against PyTorch.

Use: python export.py lobes|textures RUN_FOLDER ../lung-lobes VERSION
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch

from quiet_runtime import onnxruntime
from unet import CT_WINDOW, lobe_network, texture_network

LOBE_MAPS = "H. Tang, C. Zhang, X. Xie. Automatic Pulmonary Lobe Segmentation Using Deep Learning. ISBI 2019 (lobe maps of LUNA16)"
REAL_CHESTS = "The Cancer Imaging Archive: LIDC-IDRI, Lung-PET-CT-Dx, Pancreatic-CT-CBCT-SEG, ACRIN-FLT-Breast, RIDER Pilot (CC BY 3.0 and 4.0)"
REAL_LUNGS = "The Cancer Imaging Archive: LIDC-IDRI, CPTAC-PDA (CC BY 3.0)"
TOLERANCE = 1e-4

MODELS = {
    "lobes": {
        "network": lambda: lobe_network(7),
        "example": (1, 1, 64, 64, 64),
        "other": (1, 1, 80, 64, 96),
        "manifest": {
            "id": "lung-lobes",
            "title": "Lungs and lobes",
            "task": "lobes",
            "licence": "CC-BY-NC-SA-4.0",
            "citation": f"{LOBE_MAPS}; {REAL_CHESTS}",
            "input": {"name": "ct", "dimensions": 3, "spacingMm": [3, 3, 3], "orientation": "LPS",
                      "intensity": {"scale": "window", "clipHu": CT_WINDOW, "to": [-1, 1]}, "patch": [176, 144, 176], "multipleOf": 16, "overlap": 0.25, "paddingHu": -1024},
            "output": {"name": "probabilities", "activation": "none", "labels": [None, "RUL", "RML", "RLL", "LUL", "LLL", None]},
        },
    },
    "textures": {
        "network": lambda: texture_network(3, 6),
        "example": (1, 3, 64, 64),
        "other": (2, 3, 96, 80),
        "manifest": {
            "id": "lung-texture",
            "title": "Lung textures",
            "task": "textures",
            "licence": "MIT",
            "citation": f"LungNB's own drawn chests (samples/phantom); {REAL_LUNGS}",
            "input": {"name": "ct", "dimensions": 2, "contextSlices": 3, "sliceBlend": 0.2, "spacingMm": [0.8, 0.8, 3], "orientation": "LPS",
                      "intensity": {"scale": "window", "clipHu": CT_WINDOW, "to": [-1, 1]}, "patch": [512, 512], "multipleOf": 16, "overlap": 0.25, "paddingHu": -1024},
            "output": {"name": "probabilities", "activation": "none", "labels": ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]},
        },
    },
}  # fmt: skip


@torch.no_grad()
def calibrate(head, file: Path) -> None:
    """Builds the temperature and the biases of calibrate.py into the last layer, where the run has them."""
    if not file.exists():
        return
    calibration = json.loads(file.read_text())
    head.bias += torch.tensor(calibration["bias"])
    head.weight /= calibration["temperature"]
    head.bias /= calibration["temperature"]
    print(calibration)


def trained_on(seen: list[str]) -> str:
    """What the weights learned from, those before them that they began from included; a card's figures on any of it are not held out."""
    return "; ".join(["Random densities, disease and scanners drawn on: " + seen[0], *seen[1:]])


def main():
    kind, run, target, version = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(1)
    description = MODELS[kind]
    network = description["network"]()
    checkpoint = torch.load(run / "latest.pt", map_location="cpu")
    network.load_state_dict(checkpoint["weights"])
    calibrate(network.head, run / "calibration.json")
    # ONNX Runtime's softmax runs on all threads; the kernel's own, for models that give logits, on one.
    network = torch.nn.Sequential(network, torch.nn.Softmax(dim=1)).eval()
    target.mkdir(parents=True, exist_ok=True)
    file = target / "model.onnx"
    shape = description["example"]
    dynamic = {0: "batch"} | {axis: name for axis, name in zip(range(2, len(shape)), ["z", "y", "x"][5 - len(shape):])}
    torch.onnx.export(network, torch.randn(shape), str(file), input_names=["ct"], output_names=["probabilities"], opset_version=18,
                      dynamic_axes={"ct": dynamic, "probabilities": dynamic}, dynamo=False)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    for size in (shape, description["other"]):
        x = torch.randn(size)
        with torch.no_grad():
            expected = network(x).numpy()
        difference = np.abs(session.run(None, {"ct": x.numpy()})[0] - expected).max()
        print(size, "largest difference from PyTorch", difference)
        assert difference < TOLERANCE, "ONNX Runtime and PyTorch disagree"
    manifest = {"lungnbModel": 1, **description["manifest"], "trainedOn": trained_on(checkpoint["seen"]), "version": version, "file": "model.onnx",
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    order = ["lungnbModel", "id", "version", "title", "task", "file", "sha256", "licence", "citation", "trainedOn", "input", "output"]
    (target / "manifest.json").write_text(json.dumps({key: manifest[key] for key in order}, indent=2) + "\n")
    print("step", checkpoint["step"], file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
