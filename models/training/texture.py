"""Trains lung-texture on drawn chests. Use: python texture.py DATA_FOLDER RUN_FOLDER --minutes 60"""

import copy
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset

from descent import descend, read_options, save, set_rate, update_average
from unet import texture_network

CLASSES = ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]
HU_WINDOW = (-1024.0, 400.0)
PATCH = 160
BATCH = 8
SLICES = 3
RIM = 2
MIRRORED_SHARE = 0.12


def load_chests(folder: Path):
    """(entry, HU int16, labels uint8) in z, y, x order, memory-mapped."""
    chests = []
    for line in (folder / "volumes.jsonl").read_text().splitlines():
        entry = json.loads(line)
        shape = tuple(entry["size"][::-1])
        hu = np.memmap(folder / f"{entry['name']}.hu", np.int16, "r", shape=shape)
        labels = np.memmap(folder / f"{entry['name']}.labels", np.uint8, "r", shape=shape)
        chests.append((entry, hu, labels))
    return chests


def to_input(hu: torch.Tensor) -> torch.Tensor:
    low, high = HU_WINDOW
    return (hu.clamp(low, high) - low) / (high - low) * 2 - 1


def gaussian_blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    radius = max(1, round(2 * sigma))
    weights = torch.exp(-(torch.arange(-radius, radius + 1.0) ** 2) / (2 * sigma**2))
    weights = weights / weights.sum()
    x = x[:, None]
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="replicate"), weights.view(1, 1, 1, -1))
    x = F.conv2d(F.pad(x, (0, 0, radius, radius), mode="replicate"), weights.view(1, 1, -1, 1))
    return x[:, 0]


def scan(hu: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """A random scanner for a (slices, y, x) stack of perfect HU: inflation, calibration, kernel, dose, slice thickness."""
    hu = (hu + 1000) * rng.uniform(0.9, 1.2) - 1000 + rng.gauss(0, 7)
    if rng.random() < 0.5:  # neighbours taken from the slice itself or mixed with it: very thick slices, stack ends
        share = rng.choice([0.0, 0.3, 0.6])
        middle = hu[SLICES // 2].clone()
        hu = torch.stack([middle if i == SLICES // 2 else share * hu[i] + (1 - share) * middle for i in range(SLICES)])
    hu = gaussian_blur(hu, rng.uniform(0.35, 0.95))
    noise = torch.randn_like(hu) * rng.choice([rng.uniform(3, 20), rng.uniform(10, 45), rng.uniform(30, 90)])
    if rng.random() < 0.5:
        sigma = rng.uniform(0.5, 1.3)
        noise = gaussian_blur(noise, sigma) * (1 + 2.2 * sigma) * rng.uniform(0.4, 1)
    if rng.random() < 0.45:
        hu = hu + rng.uniform(0.2, 1.1) * (hu - gaussian_blur(hu, rng.uniform(0.8, 1.6)))
    return hu + noise


def with_rim(labels: np.ndarray, width: int) -> np.ndarray:
    """The labels grown by `width` pixels into what surrounds the lungs: a lung mask that reaches over the pleura must not turn it into disease."""
    for _ in range(width):
        padded = np.pad(labels, 1)
        grown = labels.copy()
        for neighbour in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
            grown = np.where(grown == 0, neighbour, grown)
        labels = grown
    return labels


def mirror_middle(stack: torch.Tensor, truth: torch.Tensor, side: int):
    """The middle square alone, mirrored at its edges over the whole patch: a texture must be known without its surroundings too."""
    start = (PATCH - side) // 2
    cycle = 2 * (side - 1)
    position = (torch.arange(PATCH) - start).remainder(cycle)
    index = start + torch.minimum(position, cycle - position)
    return stack[:, index][:, :, index], truth[index][:, index]


class Patches(IterableDataset):
    def __init__(self, chests, seed: int):
        self.chests, self.seed = chests, seed

    def __iter__(self):
        torch.set_num_threads(1)
        torch.manual_seed(self.seed)
        rng = random.Random(self.seed)
        places = self.index_places(rng)
        while True:
            samples = [self.sample(rng, places) for _ in range(BATCH)]
            yield torch.stack([s[0] for s in samples]), torch.stack([s[1] for s in samples])

    def index_places(self, rng):
        """A few thousand voxels of every class and chest, to centre patches on."""
        places = {c: [] for c in range(1, 7)}
        for number, (_, _, labels) in enumerate(self.chests):
            thinned = np.asarray(labels[:, ::4, ::4])
            for c in range(1, 7):
                found = np.argwhere(thinned == c)
                if len(found):
                    chosen = found[np.random.default_rng(number).integers(0, len(found), 1500)]
                    places[c].append((number, chosen))
        return places

    def sample(self, rng, places):
        # Normal lung leads, as in patients; the other classes share the rest, so that each is seen often enough.
        c = 1 if rng.random() < 0.4 else rng.choice([k for k in range(2, 7) if places[k]])
        number, voxels = rng.choice(places[c])
        z, y, x = voxels[rng.randrange(len(voxels))] * np.array([1, 4, 4])
        _, hu, labels = self.chests[number]
        zoom = rng.uniform(0.8, 1.3)
        side = int(PATCH * zoom)
        y0 = int(np.clip(y - side // 2 + rng.randint(-50, 50), 0, hu.shape[1] - side))
        x0 = int(np.clip(x - side // 2 + rng.randint(-50, 50), 0, hu.shape[2] - side))
        window = (slice(y0, y0 + side), slice(x0, x0 + side))
        zs = [min(max(z + d, 0), hu.shape[0] - 1) for d in range(-(SLICES // 2), SLICES // 2 + 1)]
        stack = torch.from_numpy(np.stack([hu[(k, *window)] for k in zs]).astype(np.float32))
        truth = torch.from_numpy(with_rim(np.asarray(labels[(z, *window)]), RIM).astype(np.int64))
        stack = F.interpolate(stack[None], size=(PATCH, PATCH), mode="bilinear", align_corners=False)[0]
        truth = F.interpolate(truth[None, None].float(), size=(PATCH, PATCH), mode="nearest")[0, 0].long()
        if rng.random() < MIRRORED_SHARE:
            stack, truth = mirror_middle(stack, truth, rng.randint(24, 72))
        flips = [axis for axis in (-1,) if rng.random() < 0.5]
        if rng.random() < 0.25:
            flips.append(-2)
        return to_input(scan(stack, rng)).flip(flips), truth.flip(flips)


def masked_loss(logits, labels):
    """Cross-entropy and Dice over lung voxels alone; label 0 is outside the lungs."""
    entropy = F.cross_entropy(logits, labels - 1, ignore_index=-1, label_smoothing=0.02)
    inside = (labels > 0)[:, None]
    probabilities = logits.softmax(1) * inside
    truth = F.one_hot((labels - 1).clamp(min=0), logits.shape[1]).movedim(-1, 1) * inside
    overlap, total = (probabilities * truth).sum((0, 2, 3)), (probabilities + truth).sum((0, 2, 3))
    return entropy + 0.5 * (1 - ((2 * overlap + 100) / (total + 100)).mean())


@torch.no_grad()
def evaluate(network, chests):
    """Macro F1 over held-out chests and the mean absolute error of percent of lung, per class."""
    confusion = np.zeros((6, 6))
    errors = []
    for number, (_, hu, labels) in enumerate(chests):
        rng = random.Random(number)
        torch.manual_seed(number)
        counts = np.zeros((6, 6))
        for z in range(2, hu.shape[0] - 2, 5):
            truth = labels[z]
            if not truth.any():
                continue
            stack = to_input(scan(torch.from_numpy(hu[z - 1 : z + 2].astype(np.float32)), rng))
            predicted = network(stack[None])[0].argmax(0).numpy()
            inside = truth > 0
            np.add.at(counts, (truth[inside].astype(int) - 1, predicted[inside]), 1)
        confusion += counts
        errors.append(np.abs(counts.sum(0) - counts.sum(1)) / counts.sum() * 100)
    f1 = 2 * np.diag(confusion) / np.maximum(1, confusion.sum(0) + confusion.sum(1))
    rounded = lambda values, digits: dict(zip(CLASSES, np.round(values, digits).tolist()))
    return {"macroF1": round(float(f1.mean()), 3), "f1": rounded(f1, 3), "meanAbsoluteErrorPercent": rounded(np.mean(errors, 0), 2)}


def main():
    options = read_options(minutes=60, rate=3e-3)
    chests = load_chests(options.data)
    training = [c for c in chests if not c[0]["heldOut"]]
    held_out = [c for c in chests if c[0]["heldOut"]]
    loader = iter(DataLoader(Patches(training, options.seed), batch_size=None, num_workers=1, prefetch_factor=4))
    network = texture_network(SLICES, len(CLASSES)).to(memory_format=torch.channels_last)
    if options.start:
        network.load_state_dict(torch.load(options.start, map_location="cpu")["weights"])
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    start, step, losses, last_saved = time.time(), 0, [], time.time()
    log = (options.run / "log.jsonl").open("w")

    def checkpoint():
        save(average, options.run, step)
        line = {"step": step, "seconds": round(time.time() - start), "loss": round(sum(losses[-100:]) / len(losses[-100:]), 3), **evaluate(average, held_out[:4])}
        log.write(json.dumps(line) + "\n")
        log.flush()
        print(line, flush=True)

    while (share := (time.time() - start) / (options.minutes * 60)) < 1:
        set_rate(optimiser, options.rate, step, share)
        images, labels = next(loader)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(images.to(memory_format=torch.channels_last))
        loss = masked_loss(logits.float(), labels)
        descend(loss, network, optimiser)
        step += 1
        losses.append(loss.item())
        update_average(average, network, step)
        if step % 50 == 0:
            print(f"{step} {time.time() - start:.0f}s loss {sum(losses[-50:]) / 50:.3f}", flush=True)
        if time.time() - last_saved > 480:
            checkpoint()
            last_saved = time.time()
    checkpoint()


if __name__ == "__main__":
    main()
