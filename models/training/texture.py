"""Trains lung-texture on simulated chests and on real lungs with disease drawn into them. Use: python texture.py PACK_FOLDER RUN_FOLDER --minutes 60

Of drawn chests the pack holds anatomy alone: parenchyma is painted for every few patches anew (parenchyma.py). Of real ones
it holds densities (fine_ct.py). Both on torch's default device, and seen by the same scanners (scanner.py).
"""

import random
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from descent import Run, read_options, seed_step
from drawing import TEXTURE
from fine_ct import Lungs, draw_real
from pack import Volume, load_pack
from parenchyma import paint
from phantom_random import TorchRandom
from scanner import REACH, SLICES, between, chance, indices, put, scan, some, through_plane
from unet import texture_network, to_input

CLASSES = list(TEXTURE)
PATCH = 160
"""Pixel and slice of the slabs in mm (exportTextures.ts)."""
SLAB_MM = (0.8, 0.8, 1)
"""Patches of a batch that are of real lungs, where the pack has some."""
REAL_SHARE = 0.5
RIM = 2
MIRRORED_SHARE = 0.12
HILUM_SHARE = 0.35
MOTION_SHARE = 0.15
"""How far the hila lie from the chest's middle at most, in shares of its width and depth."""
HILA = 0.25
"""Sides of a painted part in pixels: what a patch shows is larger or smaller by that much."""
PART_SIDES = (round(PATCH * 0.8), round(PATCH * 1.3))
"""Painted parts among which a patch is chosen, and how many patches each gives: painting takes a CPU core a second or two, a GPU tens of milliseconds."""
POOL = 12
PATCHES_PER_PART = {"cuda": 12, "cpu": 24}
PLACES = 1500
SCORED_SLICES = 24


def painted(slab: Volume, window, random) -> tuple[torch.Tensor, torch.Tensor]:
    """HU before the scanner and texture labels of the rows and columns `window` of a slab, with parenchyma of their own."""
    arrays = [slab.arrays[name][(slice(None), *window)] for name in ("tissues", "lobes", "vessels", "textures")]
    top = slab.entry["top"] + window[0].start * SLAB_MM[1]
    return paint(*arrays, SLAB_MM, (0, top, 0), random), arrays[-1].long()


def acquire(hu: torch.Tensor, z: int, rng: random.Random):
    """The stack of perfect HU around thin slice `z` as a random CT would hold it, with the mixing of its noise. Slices beyond the slab are its first or last."""
    weights, mixing = through_plane(rng)
    thin = indices([min(max(n, 0), len(hu) - 1) for n in range(z - REACH, z + REACH + 1)])
    return torch.einsum("on,nyx->oyx", put(weights), hu[thin]), mixing


def with_rim(labels: torch.Tensor, width: int) -> torch.Tensor:
    """The labels (patches, y, x) grown by `width` pixels into what surrounds the lungs: a lung mask that reaches over the pleura must not turn it into disease."""
    for _ in range(width):
        padded = F.pad(labels, (1, 1, 1, 1))
        for neighbour in (padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]):
            labels = torch.where(labels == 0, neighbour, labels)
    return labels


def mirror_middle(stack: torch.Tensor, truth: torch.Tensor, side: int):
    """The middle square alone, mirrored at its edges over the whole patch: a texture must be known without its surroundings too."""
    start = (PATCH - side) // 2
    cycle = 2 * (side - 1)
    position = (torch.arange(PATCH) - start).remainder(cycle)
    index = start + torch.minimum(position, cycle - position)
    return stack[:, index][:, :, index], truth[index][:, index]


def hila(shape: tuple[int, int], whole: tuple[int, int], first: tuple[int, int], scale: float) -> torch.Tensor:
    """True where a pixel of a patch of `shape`, which begins at row and column `first` of a slab of `whole` rows and columns, may lie at a hilum."""
    rows, columns = (
        ((begin + (torch.arange(count) + 0.5) * scale) / extent - 0.5).abs() < HILA
        for begin, count, extent in zip(first, shape, whole)
    )
    return rows[:, None] & columns


def positions(stack: torch.Tensor):
    """Row and column of every pixel of a slice."""
    return torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in stack.shape[-2:]), indexing="ij")


def add_hilar_vessels(stacks: torch.Tensor, truth: torch.Tensor, where: torch.Tensor):
    """In each patch (SLICES, y, x) with its truth (y, x) a vessel of 4 to 14 mm that leaves the mediastinum or runs beside it, with or without contrast agent: drawn trees have none so wide within the lungs, and lung masks hold them. Where it lies in lung it is normal. `where` it may begin: see `hila`; nowhere, and there is none."""
    count = len(stacks)
    lung = (truth > 0).float()[:, None]
    starts = (F.max_pool2d(lung, 9, 1, 4) > 0) & (lung == 0) & (stacks[:, SLICES // 2, None] > -200) & where[:, None]
    # The largest of random numbers is a random place, and nothing waits for a list of them.
    start = (torch.rand_like(lung) * starts).flatten(1).argmax(1).view(-1, 1, 1, 1)
    rows, columns = positions(stacks)
    y, x = (start // stacks.shape[-1]).float(), (start % stacks.shape[-1]).float()
    around = lung * ((rows - y) ** 2 + (columns - x) ** 2 < 30**2)
    mean = lambda of: (around * of).sum((2, 3), keepdim=True) / around.sum((2, 3), keepdim=True).clamp(min=1)
    angle = torch.atan2(mean(rows) - y, mean(columns) - x) + 0.5 * torch.randn(count, 1, 1, 1)
    down, right = angle.sin(), angle.cos()
    beside = chance(count, 0.5)
    away = beside * between(count, 2, 16)
    y, x = y + down * away, x + right * away
    length = torch.where(beside, between(count, 0, 8), between(count, 6, 36))
    radius, taper = between(count, 2.5, 9), between(count, 0.3, 1)
    density = torch.where(chance(count, 0.7), between(count, 20, 90), between(count, 90, 350))
    slices = (torch.arange(SLICES) - SLICES // 2).view(1, -1, 1, 1)
    y, x = (p + 1.5 * torch.randn(count, 1, 1, 1) * slices for p in (y, x))
    along = torch.minimum(torch.maximum((rows - y) * down + (columns - x) * right, -length / 3), length)
    distance = torch.hypot(rows - y - along * down, columns - x - along * right)
    width = radius * (1 - (1 - taper) * along.clamp(min=0) / length.clamp(min=1))
    share = (width - distance + 0.5).clamp(0, 1) * starts.any(3).any(2)[..., None, None]
    normal = (share[:, SLICES // 2] > 0.5) & (truth > 0)
    return stacks + (density - stacks).clamp(min=0) * share, torch.where(normal, torch.ones_like(truth), truth)


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
        self.hila = hila((PATCH, PATCH), self.whole, (self.top, self.left), side / PATCH)

    def patch(self, rng: random.Random):
        """HU (SLICES, PATCH, PATCH) before the scanner, labels (PATCH, PATCH), and the mixing of the scanner's noise."""
        z = min(max(self.z + rng.randint(-3, 3), 0), len(self.hu) - 1)
        stack, mixing = acquire(self.hu, z, rng)
        stack = F.interpolate(stack[None], size=(PATCH, PATCH), mode="bilinear", align_corners=False)[0]
        truth = F.interpolate(self.labels[z][None, None].float(), size=(PATCH, PATCH), mode="nearest")[0, 0].long()
        return stack, truth, mixing


class Patches:
    """draw(step) of a run: patches of the parts that are painted at that step, and of real lungs. A part is painted from the seed and its number alone."""

    def __init__(self, slabs: list[Volume], fine: list[Volume], seed: int, batch: int):
        self.slabs, self.seed, self.batch = slabs, seed, batch
        self.lungs = Lungs(fine)
        # Without slabs every patch is of real lungs, without real lungs none.
        self.real = round(batch * (REAL_SHARE if fine else 0)) if slabs else batch
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
        oldest = step * (self.batch - self.real) // self.per_part
        rng = seed_step(self.seed, step)
        chosen = [oldest + rng.randrange(POOL) for _ in range(self.batch - self.real)]
        missing = sorted(set(chosen) - set(self.parts))
        self.parts = {n: part for n, part in self.parts.items() if n >= oldest} | {n: self.paint_part(n) for n in missing}
        rng = seed_step(self.seed, f"{step} patches")
        groups = [self.drawn([self.parts[n] for n in chosen], rng)] if chosen else []
        if self.real:
            groups.append((*draw_real(self.lungs, self.real, PATCH, rng), [np.eye(SLICES)] * self.real))
        stacks, truth = (torch.cat([group[part] for group in groups]) for part in (0, 1))
        mixing = [own for group in groups for own in group[2]]
        images, labels = self.seen(stacks, with_rim(truth, RIM).clamp(min=0), put(np.stack(mixing)), rng)
        return images, labels

    def drawn(self, parts: list[Part], rng: random.Random):
        """Patches of painted parts before the scanner."""
        stacks, truth, mixing = zip(*(part.patch(rng) for part in parts))
        stacks, truth = torch.stack(stacks), torch.stack(truth)
        with_vessel = some(len(parts), HILUM_SHARE, rng)
        if with_vessel:
            own = indices(with_vessel)
            stacks[own], truth[own] = add_hilar_vessels(stacks[own], truth[own], torch.stack([parts[n].hila for n in with_vessel]))
        return stacks, truth, mixing

    def seen(self, stacks: torch.Tensor, truth: torch.Tensor, mixing: torch.Tensor, rng: random.Random):
        """Inputs and labels by random scanners, some moved, some without surroundings, flipped: textures have no side."""
        for n in some(self.batch, MOTION_SHARE, rng):
            stacks[n] = move(stacks[n], rng)
        for n in some(self.batch, MIRRORED_SHARE, rng):
            stacks[n], truth[n] = mirror_middle(stacks[n], truth[n], rng.randint(24, 72))
        images = to_input(scan(stacks, mixing, self.real, rng))
        flips = [[axis for axis, share in ((-1, 0.5), (-2, 0.25)) if rng.random() < share] for _ in range(self.batch)]
        return tuple(torch.stack([x[n].flip(axes) for n, axes in enumerate(flips)]) for x in (images, truth))

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
            stacks, truths = stack[None], truth[None]
            if rng.random() < HILUM_SHARE:
                stacks, truths = add_hilar_vessels(stacks, truths, hila(truth.shape, whole, (0, 0), 1)[None])
            yield to_input(scan(stacks, put(mixing)[None], 0, rng)), truths[0]


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


def load_volumes(pack: Path) -> tuple[list[Volume], list[Volume], list[Volume]]:
    """Slabs to train on, those held out, and real lungs to draw disease into."""
    volumes = load_pack(pack, ("slab", "fine"))
    slabs = [v for v in volumes if v.entry["kind"] == "slab"]
    fine = [v for v in volumes if v.entry["kind"] == "fine"]
    return [s for s in slabs if not s.entry["heldOut"]], [s for s in slabs if s.entry["heldOut"]], fine


def seen(slabs: list[Volume], fine: list[Volume]) -> list[str]:
    """What a run learns from, in the words of its manifest."""
    return [f"{len(slabs)} slabs of simulated chests (samples/phantom)", *(f"{v.entry['source']}: its lungs, with disease drawn into them" for v in fine)]


def patches_of(pack: Path, seed: int, batch: int) -> Patches:
    training, _, fine = load_volumes(pack)
    return Patches(training, fine, seed, batch)


def main(arguments: list[str] | None = None):
    options = read_options(minutes=60, rate=3e-3, batch=8, arguments=arguments)
    training, held_out, fine = load_volumes(options.pack)
    torch.manual_seed(options.seed)
    run = Run(options, texture_network(SLICES, len(CLASSES)), torch.channels_last, seen(training, fine))
    run.train(partial(patches_of, options.pack, options.seed, options.batch), masked_loss, Scores(held_out))


if __name__ == "__main__":
    main()
