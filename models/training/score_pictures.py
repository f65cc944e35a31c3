"""Scores a lung-texture checkpoint on slices whose ground glass and consolidation a radiologist drew, and on healthy lungs: python score_pictures.py DATA_FOLDER RUN/latest.pt|MODEL.onnx [PICTURE.png]

Evaluation alone: these slices and this chest (TCGA-DE-A4MA) never train. The slices are 8-bit pictures, each brought to HU
by its own lung and soft tissue, and stand for all three slices of the network's input; healthy-looking lung is what lies
between -980 and -600 HU more than 4 pixels from a lesion. Slices 1 and 15 are left out: their "consolidation" is coarse
reticulation and crazy paving. The cards' figures come from npm run evaluate, through the kernel; these follow a run.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from held_out import HELD_OUT
from quiet_runtime import onnxruntime
from scanner import SLICES
from texture import CLASSES
from unet import texture_network, to_input

LEFT_OUT = (1, 15)
LUNG_HU, SOFT_HU = -855, 45
"""covidSlices.ts: nothing is less dense than air; where so much of a slice would be, the end of its darkest hundredth is known instead."""
AIR_HU, MOST_BELOW_AIR, DARKEST_SHARE, DARKEST_HU = -1024, 0.02, 0.01, -950
FROM_LESION = 4
HEALTHY = "TCGA-DE-A4MA"
PIXEL_MM = 0.8
LESIONS = {1: "ggo", 2: "consolidation"}
COLOURS = {"ggo": (86, 180, 233), "consolidation": (240, 228, 66), "reticulation": (0, 158, 115), "honeycombing": (213, 94, 0), "emphysema": (204, 121, 167)}


def load_network(file: Path):
    """stack (SLICES, y, x) in HU → class of each pixel of the middle slice."""
    if file.suffix == ".onnx":
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        logits = lambda x: torch.from_numpy(session.run(None, {"ct": x.numpy()})[0])
    else:
        network = texture_network(SLICES, len(CLASSES)).eval()
        network.load_state_dict(torch.load(file, map_location="cpu")["weights"])
        logits = network

    @torch.no_grad()
    def classes(stack: torch.Tensor) -> torch.Tensor:
        rows, columns = stack.shape[1:]
        padded = F.pad(to_input(stack), (0, -columns % 16, 0, -rows % 16), value=-1)
        return logits(padded[None])[0].argmax(0)[:rows, :columns]

    return classes


def grey_to_hu(grey: np.ndarray) -> np.ndarray:
    """HU of a picture by the most frequent grey of lung, or its darkest hundredth, and that of soft tissue."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(float)
    smooth = np.convolve(np.pad(counts, 12, mode="symmetric"), np.exp(-(np.arange(-12, 13) ** 2) / 18), "valid")
    lung, soft = np.argmax(smooth[10:120]) + 10, np.argmax(smooth[150:]) + 150
    through = lambda dark, dark_hu: (grey - dark) / (soft - dark) * (SOFT_HU - dark_hu) + dark_hu
    hu = through(lung, LUNG_HU)
    if (hu < AIR_HU).mean() <= MOST_BELOW_AIR:
        return hu
    return through(np.sort(grey, None)[int(DARKEST_SHARE * grey.size)], DARKEST_HU)


def covid_slices(folder: Path):
    """Number, grey, HU and lesions of each slice, turned upright."""
    from PIL import Image

    for file in sorted((folder / "images").glob("*.jpg"), key=lambda f: int(f.stem)):
        grey = np.array(Image.open(file).convert("L")).T
        lesions = np.array(Image.open(folder / "labels" / f"{file.stem}.png")).T
        if int(file.stem) not in LEFT_OUT and lesions.shape == grey.shape:
            yield int(file.stem), grey, torch.tensor(grey_to_hu(grey), dtype=torch.float32), torch.tensor(lesions)


def score_covid(classes, folder: Path, picture: Path | None) -> dict:
    counts = {name: torch.zeros(len(CLASSES)) for name in ("healthy", *LESIONS.values())}
    views = []
    for _, grey, hu, lesions in covid_slices(folder):
        read = classes(hu.expand(SLICES, -1, -1))
        near = F.max_pool2d((lesions > 0).float()[None], 2 * FROM_LESION + 1, 1, FROM_LESION)[0] > 0
        masks = {name: lesions == code for code, name in LESIONS.items()} | {"healthy": ~near & (hu < -600) & (hu > -980)}
        for name, mask in masks.items():
            counts[name] += torch.bincount(read[mask], minlength=len(CLASSES))
        truth = sum(mask * (CLASSES.index(LESIONS[code])) for code, mask in ((c, lesions == c) for c in LESIONS))
        views.append(overlays(grey, truth, torch.where((hu < -500) | (lesions > 0), read, 0)))
    if picture:
        save_views(views, picture)
    return {name: percents(count) for name, count in counts.items()}


def overlays(grey: np.ndarray, *labels: torch.Tensor) -> np.ndarray:
    rgb = np.repeat(grey[..., None], 3, 2).astype(float)
    shown = [rgb]
    for label in labels:
        over = rgb.copy()
        for name, colour in COLOURS.items():
            inside = (label == CLASSES.index(name)).numpy()
            over[inside] = 0.55 * rgb[inside] + 0.45 * np.array(colour)
        shown.append(over)
    return np.concatenate(shown, 1).astype(np.uint8)


def save_views(views: list[np.ndarray], picture: Path) -> None:
    from PIL import Image

    small = [np.array(Image.fromarray(view).resize((750, 190))) for view in views]
    columns = [np.concatenate(small[n :: 3][: len(small) // 3], 0) for n in range(3)]
    Image.fromarray(np.concatenate(columns, 1)).save(picture)


def read_nrrd(file: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values in z, y, x order, spacing and origin (x, y, z) of a gzipped NRRD in LPS along the axes."""
    header, data = file.read_bytes().split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in header.decode().splitlines() if ": " in line and not line.startswith("#"))
    sizes = [int(n) for n in fields["sizes"].split()]
    numbers = lambda text: np.array([[float(n) for n in v.strip("()").split(",")] for v in text.split()])
    values = np.frombuffer(gzip.decompress(data), {"short": "<i2", "uchar": np.uint8}[fields["type"]]).reshape(sizes[::-1])
    return values, np.diag(numbers(fields["space directions"])), numbers(fields["space origin"])[0]


def score_healthy(classes, folder: Path) -> dict:
    """Every third slice of the healthy chest that no training sees, its pixels resampled to the network's."""
    assert HEALTHY in HELD_OUT["forGood"]["textures"]
    hu, spacing, origin = read_nrrd(folder / f"{HEALTHY}.fine.nrrd")
    known, known_spacing, known_origin = read_nrrd(folder / f"{HEALTHY}.lungs.nrrd")
    places = [np.round((origin[a] + np.arange(hu.shape[2 - a]) * spacing[a] - known_origin[a]) / known_spacing[a]).astype(int) for a in range(3)]
    mask = known[np.ix_(*(p.clip(0, n - 1) for p, n in zip(places[::-1], known.shape)))] > 0
    count = torch.zeros(len(CLASSES))
    size = [round(n * spacing[0] / PIXEL_MM) for n in hu.shape[1:]]
    for z in range(1, len(hu) - 1, 3):
        stack = F.interpolate(torch.tensor(hu[z - 1 : z + 2], dtype=torch.float32)[None], size=size, mode="bilinear")[0]
        inside = F.interpolate(torch.tensor(mask[z])[None, None].float(), size=size)[0, 0] > 0
        count += torch.bincount(classes(stack)[inside], minlength=len(CLASSES))
    return percents(count)


def percents(count: torch.Tensor) -> dict:
    return dict(zip(CLASSES, (100 * count / count.sum()).round(decimals=2).tolist()))


def main():
    data, weights, *picture = map(Path, sys.argv[1:])
    torch.set_num_threads(1)
    classes = load_network(weights)
    scores = score_covid(classes, data / "covid-slices", picture[0] if picture else None)
    scores[HEALTHY] = score_healthy(classes, data / "chests")
    for name, score in scores.items():
        print(name, json.dumps(score))


if __name__ == "__main__":
    main()
