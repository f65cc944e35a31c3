"""Trains lung-texture on simulated chests. Use: python texture.py PACK_FOLDER RUN_FOLDER --minutes 60

The pack holds anatomy alone: parenchyma is painted for every few patches anew (parenchyma.py), on torch's default device.
"""

import random
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from descent import Run, read_options, seed_step
from drawing import TEXTURE
from pack import Volume, load_pack
from parenchyma import paint
from phantom_random import TorchRandom
from unet import texture_network, to_input

CLASSES = list(TEXTURE)
PATCH = 160
SLICES = 3
SLICE_MM = 3
"""Pixel and slice of the slabs in mm (exportTextures.ts)."""
SLAB_MM = (0.8, 0.8, 1)
"""Thin slices of 1 mm on either side of the middle one that a stack may hold: a spacing of 5 mm reaches so far."""
REACH = 12
RIM = 2
MIRRORED_SHARE = 0.12
HILUM_SHARE = 0.35
MOTION_SHARE = 0.15
"""How far the hila lie from the chest's middle at most, in shares of its width and depth."""
HILA = 0.25
"""Sides of a painted part in pixels: what a patch shows is larger or smaller by that much."""
PART_SIDES = (round(PATCH * 0.8), round(PATCH * 1.3))
"""Painted parts among which a patch is chosen, and how many patches each gives: painting takes a CPU core a second or two, a GPU a few milliseconds."""
POOL = 12
PATCHES_PER_PART = {"cuda": 8, "cpu": 24}
PLACES = 1500
SCORED_SLICES = 24


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


def painted(slab: Volume, window, random) -> tuple[torch.Tensor, torch.Tensor]:
    """HU before the scanner and texture labels of the rows and columns `window` of a slab, with parenchyma of their own."""
    arrays = [slab.arrays[name][(slice(None), *window)] for name in ("tissues", "lobes", "vessels", "textures")]
    top = slab.entry["top"] + window[0].start * SLAB_MM[1]
    return paint(*arrays, SLAB_MM, (0, top, 0), random), arrays[-1].long()


def acquire(hu: torch.Tensor, z: int, rng: random.Random):
    """The stack of perfect HU around thin slice `z` as a random CT would hold it, with the mixing of its noise. Slices beyond the slab are its first or last."""
    weights, mixing = through_plane(rng)
    thin = (torch.arange(-REACH, REACH + 1) + z).clamp(0, len(hu) - 1)
    return torch.einsum("on,nyx->oyx", weights, hu[thin]), mixing


def with_rim(labels: torch.Tensor, width: int) -> torch.Tensor:
    """The labels grown by `width` pixels into what surrounds the lungs: a lung mask that reaches over the pleura must not turn it into disease."""
    for _ in range(width):
        padded = F.pad(labels, (1, 1, 1, 1))
        for neighbour in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
            labels = torch.where(labels == 0, neighbour, labels)
    return labels


def mirror_middle(stack: torch.Tensor, truth: torch.Tensor, side: int):
    """The middle square alone, mirrored at its edges over the whole patch: a texture must be known without its surroundings too."""
    start = (PATCH - side) // 2
    cycle = 2 * (side - 1)
    position = (torch.arange(PATCH) - start).remainder(cycle)
    index = start + torch.minimum(position, cycle - position)
    return stack[:, index][:, :, index], truth[index][:, index]


def hila(stack: torch.Tensor, whole: tuple[int, int], first: tuple[int, int], scale: float) -> torch.Tensor:
    """True where a pixel of the stack, which begins at row and column `first` of a slab of `whole` rows and columns, may lie at a hilum."""
    rows, columns = (
        ((begin + (torch.arange(count) + 0.5) * scale) / extent - 0.5).abs() < HILA
        for begin, count, extent in zip(first, stack.shape[1:], whole)
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


class Part:
    """A painted part of a slab: `PART_SIDES` pixels wide, all its slices; and where its patches are centred."""

    def __init__(self, slab: Volume, place: tuple[int, int, int], rng: random.Random, painter):
        rows, columns = slab.arrays["tissues"].shape[1:]
        self.whole = (rows, columns)
        side = min(rng.randint(*PART_SIDES), rows, columns)
        self.z, y, x = place
        self.top = min(max(y - side // 2 + rng.randint(-50, 50), 0), rows - side)
        self.left = min(max(x - side // 2 + rng.randint(-50, 50), 0), columns - side)
        window = (slice(self.top, self.top + side), slice(self.left, self.left + side))
        self.hu, self.labels = painted(slab, window, painter)
        self.scale = side / PATCH

    def patch(self, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
        """Input (SLICES, PATCH, PATCH) by a random scanner, and labels (PATCH, PATCH)."""
        z = min(max(self.z + rng.randint(-3, 3), 0), len(self.hu) - 1)
        stack, mixing = acquire(self.hu, z, rng)
        truth = with_rim(self.labels[z], RIM)
        stack = F.interpolate(stack[None], size=(PATCH, PATCH), mode="bilinear", align_corners=False)[0]
        truth = F.interpolate(truth[None, None].float(), size=(PATCH, PATCH), mode="nearest")[0, 0].long()
        if rng.random() < HILUM_SHARE:
            where = hila(stack, self.whole, (self.top, self.left), self.scale)
            stack, truth = add_hilar_vessel(stack, truth, where, rng)
        if rng.random() < MOTION_SHARE:
            stack = move(stack, rng)
        if rng.random() < MIRRORED_SHARE:
            stack, truth = mirror_middle(stack, truth, rng.randint(24, 72))
        flips = [axis for axis in (-1,) if rng.random() < 0.5]
        if rng.random() < 0.25:
            flips.append(-2)
        return to_input(scan(stack, mixing, rng)).flip(flips), truth.flip(flips)


class Patches:
    """draw(step) of a run: patches of the parts that are painted at that step. A part is painted from the seed and its number alone."""

    def __init__(self, slabs: list[Volume], seed: int, batch: int):
        self.slabs, self.seed, self.batch = slabs, seed, batch
        self.places = self.index_places()
        self.per_part = PATCHES_PER_PART[torch.get_default_device().type]
        self.parts: dict[int, Part] = {}

    def index_places(self) -> dict[int, list[tuple[int, np.ndarray]]]:
        """Voxels of every class and slab, to centre patches on."""
        places = {c: [] for c in TEXTURE.values()}
        for number, slab in enumerate(self.slabs):
            thinned = slab.arrays["textures"][:, ::4, ::4].cpu().numpy()
            for c in places:
                found = np.argwhere(thinned == c)
                if len(found):
                    chosen = found[np.random.default_rng(number).integers(0, len(found), PLACES)]
                    places[c].append((number, chosen * np.array([1, 4, 4])))
        return places

    def __call__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        oldest = step * self.batch // self.per_part
        rng = seed_step(self.seed, step)
        chosen = [oldest + rng.randrange(POOL) for _ in range(self.batch)]
        missing = sorted(set(chosen) - set(self.parts))
        self.parts = {n: part for n, part in self.parts.items() if n >= oldest} | {n: self.paint_part(n) for n in missing}
        rng = seed_step(self.seed, f"{step} patches")
        images, labels = zip(*(self.parts[n].patch(rng) for n in chosen))
        return torch.stack(images), torch.stack(labels)

    def paint_part(self, number: int) -> Part:
        rng = seed_step(self.seed, f"part {number}")
        # Normal lung leads, as in patients; the other classes share the rest, so that each is seen often enough.
        diseases = [c for c in self.places if c > 1 and self.places[c]]
        c = 1 if rng.random() < 0.4 or not diseases else rng.choice(diseases)
        slab, voxels = rng.choice(self.places[c])
        place = tuple(int(v) for v in voxels[rng.randrange(len(voxels))])
        return Part(self.slabs[slab], place, rng, TorchRandom(f"{self.seed} {number}"))


def masked_loss(logits, labels, _images):
    """Cross-entropy and Dice over lung voxels alone; label 0 is outside the lungs."""
    entropy = F.cross_entropy(logits, labels - 1, ignore_index=-1, label_smoothing=0.02)
    inside = (labels > 0)[:, None]
    probabilities = logits.softmax(1) * inside
    truth = F.one_hot((labels - 1).clamp(min=0), logits.shape[1]).movedim(-1, 1) * inside
    overlap, total = (probabilities * truth).sum((0, 2, 3)), (probabilities + truth).sum((0, 2, 3))
    return entropy + 0.5 * (1 - ((2 * overlap + 100) / (total + 100)).mean())


def scanned_slices(slab: Volume, seed: int, count: int):
    """(input (1, SLICES, y, x), labels (y, x)) of `count` slices of a slab, each painted and scanned anew; sides cut to multiples of 16."""
    depth, *whole = slab.arrays["tissues"].shape
    window = tuple(slice(0, n // 16 * 16) for n in whole)
    for number in range(count):
        rng = seed_step(seed, f"scanned {slab.entry['name']} {number}")
        hu, labels = painted(slab, window, TorchRandom(f"{seed} {slab.entry['name']} {number}"))
        z = (2 * number + 1) * depth // (2 * count)
        truth = labels[z]
        if truth.any():
            stack, mixing = acquire(hu, z, rng)
            if rng.random() < HILUM_SHARE:
                stack, truth = add_hilar_vessel(stack, truth, hila(stack, whole, (0, 0), 1), rng)
            yield to_input(scan(stack, mixing, rng))[None], truth


class Scores:
    """score(network): macro F1 over slices of held-out slabs, and the mean absolute error of percent of lung, per class."""

    def __init__(self, slabs: list[Volume]):
        self.slices = [s for slab in slabs[: SCORED_SLICES] for s in scanned_slices(slab, 0, 1)]

    @torch.no_grad()
    def __call__(self, network: torch.nn.Module) -> dict:
        classes = len(CLASSES)
        confusion, errors = np.zeros((classes, classes)), []
        for image, truth in self.slices:
            inside = truth > 0
            pairs = (truth[inside] - 1) * classes + network(image)[0].argmax(0)[inside]
            counts = torch.bincount(pairs, minlength=classes**2).view(classes, classes).cpu().numpy()
            confusion += counts
            errors.append(np.abs(counts.sum(0) - counts.sum(1)) / counts.sum() * 100)
        f1 = 2 * np.diag(confusion) / np.maximum(1, confusion.sum(0) + confusion.sum(1))
        named = lambda values, digits: dict(zip(CLASSES, np.round(values, digits).tolist()))
        return {"macroF1": round(float(f1.mean()), 4), "f1": named(f1, 3), "meanAbsoluteErrorPercent": named(np.mean(errors, 0), 2)}


def load_slabs(pack: Path) -> tuple[list[Volume], list[Volume]]:
    """Slabs to train on, and those held out."""
    slabs = load_pack(pack, ("slab",))
    return [s for s in slabs if not s.entry["heldOut"]], [s for s in slabs if s.entry["heldOut"]]


def patches_of(pack: Path, seed: int, batch: int) -> Patches:
    return Patches(load_slabs(pack)[0], seed, batch)


def main(arguments: list[str] | None = None):
    options = read_options(minutes=60, rate=3e-3, batch=8, arguments=arguments)
    training, held_out = load_slabs(options.pack)
    torch.manual_seed(options.seed)
    run = Run(options, texture_network(SLICES, len(CLASSES)), torch.channels_last, [f"{len(training)} slabs of simulated chests (samples/phantom)"])
    run.train(partial(patches_of, options.pack, options.seed, options.batch), masked_loss, Scores(held_out))


if __name__ == "__main__":
    main()
