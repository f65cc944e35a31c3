"""Real emphysema against real normal lung: AUC of the mean emphysema probability over labelled 31 × 31 patches.

Use: python emphysema_patches.py EmphysemaPatches.mat MODEL_FOLDER
The patches (Chest Imaging Platform) are one slice deep and about 0.65 mm per pixel: each is mirrored at its edges to
96 pixels, and stands for all three slices. For evaluation only; needs scipy.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import scipy.io

SIDE = 96


def main():
    patches_file, folder = sys.argv[1], Path(sys.argv[2])
    manifest = json.loads((folder / "manifest.json").read_text())
    low, high = manifest["input"]["huWindow"]
    index = manifest["output"]["labels"].index("emphysema")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / manifest["file"]), options, providers=["CPUExecutionProvider"])
    content = scipy.io.loadmat(patches_file)
    scores = {}
    for stack, label in zip(content["EmphyPatch"][0], content["classLabel"][0]):
        stack = np.moveaxis(stack, 2, 0).astype(np.float32)
        before = (SIDE - stack.shape[1]) // 2
        after = SIDE - stack.shape[1] - before
        while (missing := max(before, after)) > 0:
            step = min(missing, stack.shape[1] - 1)
            stack = np.pad(stack, ((0, 0), (min(before, step), min(after, step)), (min(before, step), min(after, step))), mode="reflect")
            before, after = before - min(before, step), after - min(after, step)
        images = (np.clip(stack, low, high) - low) / (high - low) * 2 - 1
        images = np.repeat(images[:, None], manifest["input"]["contextSlices"], axis=1)
        probabilities = np.concatenate([session.run(None, {"ct": images[n : n + 16]})[0] for n in range(0, len(images), 16)])
        middle = slice((SIDE - 31) // 2, (SIDE - 31) // 2 + 31)
        scores[str(label[0])] = probabilities[:, index, middle, middle].mean((1, 2))
    result = {name: {"patches": len(values), "medianProbability": round(float(np.median(values)), 3)} for name, values in scores.items()}
    for name, values in scores.items():
        if name != "NT":
            result[name]["aucAgainstNormal"] = round(area_under_curve(values, scores["NT"]), 3)
    print(json.dumps(result, indent=2))


def area_under_curve(positive: np.ndarray, negative: np.ndarray) -> float:
    """The chance that a positive scores above a negative, ties counted half (Mann and Whitney 1947)."""
    difference = positive[:, None] - negative[None]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


if __name__ == "__main__":
    main()
