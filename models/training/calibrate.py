"""Calibrates a lung-texture run on its held-out slabs, and as much on disease drawn into real lungs, as it was trained. Use: python calibrate.py PACK_FOLDER RUN_FOLDER

A bias per class makes the percentages of the most probable class right on average, because percentages are what users
see; one temperature then makes the probabilities as likely as they claim (Guo et al., ICML 2017). Writes
RUN_FOLDER/calibration.json, which export.py builds into the network.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

from descent import use_device
from texture import CLASSES, SLICES, Patches, load_volumes, scanned_slices
from unet import texture_network

SLICES_PER_SLAB = 8
VOXELS_PER_SLAB = 80_000
"""Steps whose real patches calibrate: no run comes so far."""
VOXELS_PER_STEP = 6_000
REAL_STEPS, FIRST_REAL_STEP, REAL_BATCH = 160, 1_000_000_000, 8


@torch.no_grad()
def collect(network, slabs):
    """Logits and labels of random lung voxels of every slab, each on a few scanners and with as many parenchymas."""
    logits, labels = [], []
    for slab in slabs:
        own_logits, own_labels = [], []
        for image, truth in scanned_slices(slab, 1000, SLICES_PER_SLAB):
            inside = truth > 0
            own_logits.append(network(image)[0][:, inside].T)
            own_labels.append(truth[inside] - 1)
        own_logits, own_labels = torch.cat(own_logits), torch.cat(own_labels)
        chosen = torch.randperm(len(own_labels))[:VOXELS_PER_SLAB]
        logits.append(own_logits[chosen])
        labels.append(own_labels[chosen])
    return torch.cat(logits), torch.cat(labels)


@torch.no_grad()
def collect_real(network, fine):
    """The same of the lung voxels of patches of real lungs, each with disease of its own; the lungs are those that train."""
    patches = Patches([], fine, seed=1000, batch=REAL_BATCH)
    logits, labels = [], []
    for step in range(FIRST_REAL_STEP, FIRST_REAL_STEP + REAL_STEPS):
        images, truth = patches(step)
        inside = truth > 0
        chosen = torch.randperm(int(inside.sum()))[:VOXELS_PER_STEP]
        logits.append(network(images).movedim(1, -1)[inside][chosen])
        labels.append((truth[inside] - 1)[chosen])
    return torch.cat(logits), torch.cat(labels)


def halves(drawn, real):
    """As many voxels of each."""
    count = min(len(drawn[1]), len(real[1]))
    chosen = [(logits[pick], labels[pick]) for logits, labels in (drawn, real) for pick in [torch.randperm(len(labels))[:count]]]
    return tuple(torch.cat(parts) for parts in zip(*chosen))


def unbiased(logits, labels):
    """Biases with which each class is the most probable one as often as it is true."""
    bias = torch.zeros(len(CLASSES))
    truth = torch.bincount(labels, minlength=len(CLASSES)) / len(labels)
    for step in range(300):
        read = torch.bincount((logits + bias).argmax(1), minlength=len(CLASSES)) / len(labels)
        bias += 0.3 / (1 + step / 30) * torch.log((truth + 1e-4) / (read + 1e-4))
    return bias - bias[0]


def best_temperature(logits, labels):
    candidates = torch.linspace(0.6, 2.5, 96)
    losses = torch.stack([F.cross_entropy(logits / t, labels) for t in candidates])
    return candidates[losses.argmin()].item()


def percents(classes):
    return (torch.bincount(classes, minlength=len(CLASSES)) / len(classes) * 100).round(decimals=2).tolist()


def main():
    pack, run = Path(sys.argv[1]), Path(sys.argv[2])
    use_device()
    network = texture_network(SLICES, len(CLASSES)).eval()
    network.load_state_dict(torch.load(run / "latest.pt", map_location="cpu")["weights"])
    _, held_out, fine = load_volumes(pack)
    drawn = collect(network, held_out)
    logits, labels = halves(drawn, collect_real(network, fine)) if fine else drawn
    bias = unbiased(logits, labels)
    temperature = best_temperature(logits + bias, labels)
    print("true", percents(labels), "read", percents(logits.argmax(1)), "calibrated", percents((logits + bias).argmax(1)))
    calibration = {"temperature": round(temperature, 3), "bias": [round(b, 3) for b in bias.tolist()]}
    print(calibration)
    (run / "calibration.json").write_text(json.dumps(calibration) + "\n")


if __name__ == "__main__":
    main()
