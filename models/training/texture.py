"""Trains lung-texture on simulated chests. Use: python texture.py DATA_FOLDER RUN_FOLDER --minutes 60"""

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
from unet import texture_network, to_input

CLASSES = ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]
PATCH = 160
BATCH = 8
SLICES = 3
SLICE_MM = 3
"""Thin slices of 1 mm on either side of the middle one that a stack may hold: a spacing of 5 mm reaches so far."""
REACH = 12
RIM = 2
MIRRORED_SHARE = 0.12
HILUM_SHARE = 0.35
MOTION_SHARE = 0.15
"""How far the hila lie from the chest's middle at most, in shares of its width and depth."""
HILA = 0.25


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


def gaussian_blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    radius = max(1, round(2 * sigma))
    weights = torch.exp(-(torch.arange(-radius, radius + 1.0) ** 2) / (2 * sigma**2))
    weights = weights / weights.sum()
    x = x[:, None]
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="replicate"), weights.view(1, 1, 1, -1))
    x = F.conv2d(F.pad(x, (0, 0, radius, radius), mode="replicate"), weights.view(1, 1, -1, 1))
    return x[:, 0]


def through_plane(rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """How a random CT's slices become the network's: weights (SLICES, thin) of the 2 · REACH + 1 thin slices of 1 mm around the middle one, and the mixing (SLICES, SLICES) of their noise.

    The CT's slices are the mean over their thickness, or of two thin ones (as samples/phantom draws them); the kernel
    then resamples them by a triangle of max(spacing, SLICE_MM), which mixes neighbours and averages their noise.
    """
    # Slices thinner than 1 mm are noisier and averaged more: the same to the network.
    spacing = rng.choice([rng.uniform(1, 2), rng.uniform(2, 3.5), rng.uniform(3, 5)])
    halves = rng.random() < 0.4 and spacing > 2
    thickness = spacing * rng.uniform(0.8, 1.4)
    thin = torch.arange(-REACH, REACH + 1.0)
    reach = max(spacing, SLICE_MM)
    positions = torch.arange(-8, 9) * spacing + rng.uniform(0, spacing)
    rows, shares = [], []
    for output in range(SLICES):
        share = (1 - (positions - (output - SLICES // 2) * SLICE_MM).abs() / reach).clamp(min=0)
        share = share / share.sum()
        row = torch.zeros(len(thin))
        for weight, position in zip(share.tolist(), positions.tolist()):
            if weight == 0:
                continue
            if halves:
                profile = sum((1 - (thin - position - side * spacing / 4).abs()).clamp(min=0) for side in (-1, 1))
            else:
                profile = (thickness / 2 + 0.5 - (thin - position).abs()).clamp(0, 1)
            row += weight * profile / profile.sum().clamp(min=1e-6)
        rows.append(row / row.sum())
        shares.append(share)
    shares = torch.stack(shares)
    covariance = shares @ shares.T + 1e-4 * torch.eye(SLICES)
    return torch.stack(rows), torch.linalg.cholesky(covariance)


def scan(hu: torch.Tensor, noise_mixing: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """A random scanner for a (SLICES, y, x) stack of perfect HU: inflation, calibration, kernel, dose."""
    hu = (hu + 1000) * rng.uniform(0.9, 1.2) - 1000 + rng.gauss(0, 7)
    hu = gaussian_blur(hu, rng.uniform(0.35, 0.95))
    noise = torch.randn_like(hu) * rng.choice([rng.uniform(3, 20), rng.uniform(10, 45), rng.uniform(30, 90)])
    if rng.random() < 0.5:
        sigma = rng.uniform(0.5, 1.3)
        noise = gaussian_blur(noise, sigma) * (1 + 2.2 * sigma) * rng.uniform(0.4, 1)
    if rng.random() < 0.6:
        hu = hu + rng.uniform(0.2, 1.1) * (hu - gaussian_blur(hu, rng.uniform(0.8, 1.9)))
    return hu + torch.einsum("on,nyx->oyx", noise_mixing, noise)


def acquire(chest, z: int, window, rng: random.Random):
    """The stack of perfect HU around thin slice `z` of a chest as a random CT would hold it, with the mixing of its noise. Thin slices beyond z's block are its first or last: other blocks have another parenchyma."""
    entry, hu, _ = chest
    first = z // entry["block"] * entry["block"]
    last = min(first + entry["block"], hu.shape[0]) - 1
    weights, mixing = through_plane(rng)
    used = torch.nonzero(weights.sum(0) > 0)[:, 0]
    low, high = int(used[0]), int(used[-1]) + 1
    slices = [hu[(min(max(z - REACH + n, first), last), *window)] for n in range(low, high)]
    stack = torch.from_numpy(np.stack(slices).astype(np.float32))
    return torch.einsum("on,nyx->oyx", weights[:, low:high], stack), mixing


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


def hila(stack: torch.Tensor, hu: np.ndarray, first: tuple[int, int], scale: float) -> torch.Tensor:
    """True where a pixel of the stack, which begins at the chest's row and column `first`, may lie at a hilum."""
    rows, columns = (
        ((begin + (torch.arange(count) + 0.5) * scale) / whole - 0.5).abs() < HILA
        for begin, count, whole in zip(first, stack.shape[1:], hu.shape[1:])
    )
    return rows[:, None] & columns


def positions(stack: torch.Tensor):
    """Row and column of every pixel of a slice."""
    return torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in stack.shape[1:]), indexing="ij")


def add_hilar_vessel(stack: torch.Tensor, truth: torch.Tensor, where: torch.Tensor, rng: random.Random):
    """A vessel of 4 to 14 mm that leaves the mediastinum or runs beside it, with or without contrast agent: drawn trees have none so wide within the lungs, and lung masks hold them. Where it lies in lung it is normal. `where` it may begin: see `hila`."""
    lung = (truth > 0).float()
    near = F.max_pool2d(lung[None, None], 9, 1, 4)[0, 0] > 0
    starts = torch.nonzero(near & (lung == 0) & (stack[SLICES // 2] > -200) & where)
    if len(starts) == 0:
        return stack, truth
    start = starts[rng.randrange(len(starts))].float()
    rows, columns = positions(stack)
    around = lung * ((rows - start[0]) ** 2 + (columns - start[1]) ** 2 < 30**2)
    towards = torch.stack([(around * rows).sum(), (around * columns).sum()]) / around.sum().clamp(min=1) - start
    angle = float(torch.atan2(towards[0], towards[1])) + rng.gauss(0, 0.5)
    direction = torch.tensor([np.sin(angle), np.cos(angle)], dtype=torch.float32)
    beside = rng.random() < 0.5
    if beside:
        start = start + direction * rng.uniform(2, 16)
    length, radius, taper = rng.uniform(0, 8) if beside else rng.uniform(6, 36), rng.uniform(2.5, 9), rng.uniform(0.3, 1)
    density = rng.uniform(20, 90) if rng.random() < 0.7 else rng.uniform(90, 350)
    drift = torch.tensor([rng.gauss(0, 1.5), rng.gauss(0, 1.5)])
    drawn, shares = [], []
    for n in range(SLICES):
        y, x = (start + drift * (n - SLICES // 2)).tolist()
        along = ((rows - y) * direction[0] + (columns - x) * direction[1]).clamp(-length / 3, length)
        distance = torch.hypot(rows - y - along * direction[0], columns - x - along * direction[1])
        width = radius * (1 - (1 - taper) * along.clamp(min=0) / max(length, 1))
        share = (width - distance + 0.5).clamp(0, 1)
        drawn.append(stack[n] + (density - stack[n]).clamp(min=0) * share)
        shares.append(share)
    normal = (shares[SLICES // 2] > 0.5) & (truth > 0)
    return torch.stack(drawn), torch.where(normal, torch.ones_like(truth), truth)


def move(stack: torch.Tensor, rng: random.Random):
    """What a heartbeat leaves of an edge: a part of the picture, averaged with itself a few pixels further."""
    rows, columns = positions(stack)
    y, x, reach = rng.uniform(0, PATCH), rng.uniform(0, PATCH), rng.uniform(10, 40)
    weight = torch.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * reach**2))
    angle, steps = rng.uniform(0, 2 * np.pi), rng.randint(2, 6)
    shifted = [torch.roll(stack, (round(n * np.sin(angle)), round(n * np.cos(angle))), (1, 2)) for n in range(steps + 1)]
    moved = torch.stack(shifted).mean(0) if rng.random() < 0.5 else (shifted[0] + shifted[-1]) / 2
    return stack + weight * (moved - stack)


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
        z, y, x = (int(v) for v in voxels[rng.randrange(len(voxels))] * np.array([1, 4, 4]))
        _, hu, labels = self.chests[number]
        side = min(int(PATCH * rng.uniform(0.8, 1.3)), *hu.shape[1:])
        y0 = int(np.clip(y - side // 2 + rng.randint(-50, 50), 0, hu.shape[1] - side))
        x0 = int(np.clip(x - side // 2 + rng.randint(-50, 50), 0, hu.shape[2] - side))
        window = (slice(y0, y0 + side), slice(x0, x0 + side))
        stack, mixing = acquire(self.chests[number], z, window, rng)
        truth = torch.from_numpy(with_rim(np.asarray(labels[(z, *window)]), RIM).astype(np.int64))
        stack = F.interpolate(stack[None], size=(PATCH, PATCH), mode="bilinear", align_corners=False)[0]
        truth = F.interpolate(truth[None, None].float(), size=(PATCH, PATCH), mode="nearest")[0, 0].long()
        if rng.random() < HILUM_SHARE:
            stack, truth = add_hilar_vessel(stack, truth, hila(stack, hu, (y0, x0), side / PATCH), rng)
        if rng.random() < MOTION_SHARE:
            stack = move(stack, rng)
        if rng.random() < MIRRORED_SHARE:
            stack, truth = mirror_middle(stack, truth, rng.randint(24, 72))
        flips = [axis for axis in (-1,) if rng.random() < 0.5]
        if rng.random() < 0.25:
            flips.append(-2)
        return to_input(scan(stack, mixing, rng)).flip(flips), truth.flip(flips)


def masked_loss(logits, labels):
    """Cross-entropy and Dice over lung voxels alone; label 0 is outside the lungs."""
    entropy = F.cross_entropy(logits, labels - 1, ignore_index=-1, label_smoothing=0.02)
    inside = (labels > 0)[:, None]
    probabilities = logits.softmax(1) * inside
    truth = F.one_hot((labels - 1).clamp(min=0), logits.shape[1]).movedim(-1, 1) * inside
    overlap, total = (probabilities * truth).sum((0, 2, 3)), (probabilities + truth).sum((0, 2, 3))
    return entropy + 0.5 * (1 - ((2 * overlap + 100) / (total + 100)).mean())


def scanned_slices(chest, seed: int, step: int):
    """(input (1, SLICES, y, x), labels (y, x)) of every `step`-th slice of a chest, one scanner a slice; sides cut to multiples of 16."""
    _, hu, labels = chest
    rng = random.Random(seed)
    torch.manual_seed(seed)
    window = tuple(slice(0, n // 16 * 16) for n in hu.shape[1:])
    for z in range(step // 2, hu.shape[0], step):
        truth = np.asarray(labels[(z, *window)])
        if truth.any():
            stack, mixing = acquire(chest, z, window, rng)
            truth = torch.from_numpy(truth.astype(np.int64))
            if rng.random() < HILUM_SHARE:
                stack, truth = add_hilar_vessel(stack, truth, hila(stack, hu, (0, 0), 1), rng)
            yield to_input(scan(stack, mixing, rng))[None], truth


@torch.no_grad()
def evaluate(network, chests):
    """Macro F1 over held-out chests and the mean absolute error of percent of lung, per class."""
    confusion = np.zeros((6, 6))
    errors = []
    for number, chest in enumerate(chests):
        counts = np.zeros((6, 6))
        for image, truth in scanned_slices(chest, number, 14):
            predicted = network(image)[0].argmax(0)
            inside = truth > 0
            counts += np.bincount((truth[inside] - 1) * 6 + predicted[inside], minlength=36).reshape(6, 6)
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
        line = {"step": step, "seconds": round(time.time() - start), "loss": round(sum(losses[-100:]) / len(losses[-100:]), 3), **evaluate(average, held_out)}
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
