"""
What int8 would cost: writes a model folder whose network's convolutions are quantised (weights per channel, activations
per tensor, ranges by three real chests), to be measured like any other weights:

    python models/evaluation/int8.py --model models/lung-lobes --data ../shared/data --to /tmp/int8/lung-lobes
    npm run evaluate -- --models /tmp/int8 --output /tmp/int8-results

Needs numpy, pynrrd, onnx and onnxruntime. Prints the CPU time of both networks on one input.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import nrrd
import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

# Chests that lung-lobes learned from, and backgrounds of lung-texture: ranges may come from what training saw.
WHOLE = ["Lung-Dx-A0001", "RIDER-Pilot-0117", "ACRIN-FLT-Breast-001"]
FINE = ["LIDC-IDRI-0002.fine", "LIDC-IDRI-0003.fine", "CPTAC-C3N-00249.fine"]
SLICES_PER_CHEST = 6


def inputs(manifest: dict, data: Path):
    """The network's inputs from real chests, [1, 1, z, y, x] of lung-lobes or [1, 3, y, x] of lung-texture."""
    described = manifest["input"]
    for name in WHOLE if described["dimensions"] == 3 else FINE:
        voxels, _ = nrrd.read(str(data / "chests" / f"{name}.nrrd"))
        scaled = to_range(np.transpose(voxels, (2, 1, 0)), described["intensity"])
        if described["dimensions"] == 3:
            yield padded(scaled[tuple(slice(0, size) for size in described["patch"])], described)[None, None]
            continue
        beside = described["contextSlices"] // 2
        for z in np.linspace(beside, scaled.shape[0] - 1 - beside, SLICES_PER_CHEST).astype(int):
            yield padded(scaled[z - beside : z + beside + 1], described)[None]


def to_range(hu: np.ndarray, intensity: dict) -> np.ndarray:
    low, high = intensity["clipHu"]
    bottom, top = intensity["to"]
    return (np.clip(hu.astype(np.float32), low, high) - low) / (high - low) * (top - bottom) + bottom


def padded(scaled: np.ndarray, described: dict) -> np.ndarray:
    """Padded with air at the far ends, along the axes that the network halves."""
    halved = described["dimensions"]
    margins = [(0, 0)] * (scaled.ndim - halved) + [(0, -size % described["multipleOf"]) for size in scaled.shape[-halved:]]
    return np.pad(scaled, margins, constant_values=described["intensity"]["to"][0])


class Calibration(CalibrationDataReader):
    def __init__(self, manifest: dict, data: Path):
        self.feeds = ({manifest["input"]["name"]: array} for array in inputs(manifest, data))

    def get_next(self):
        return next(self.feeds, None)


def cpu_seconds(path: Path, name: str, array: np.ndarray) -> float:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    session.run(None, {name: array})
    start = time.process_time()
    session.run(None, {name: array})
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((arguments.model / "manifest.json").read_text())
    source, target = arguments.model / manifest["file"], arguments.to / manifest["file"]
    prepared = arguments.to / "prepared.onnx"
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(target),
        Calibration(manifest, arguments.data),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["Conv", "ConvTranspose"],
    )
    prepared.unlink()
    manifest["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
    manifest["version"] += "-int8"
    (arguments.to / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    array = next(inputs(manifest, arguments.data))
    for path in (source, target):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, {cpu_seconds(path, manifest['input']['name'], array):.2f} CPU seconds on {array.shape}")


if __name__ == "__main__":
    main()
