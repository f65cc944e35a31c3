"""Real lungs as backgrounds of lung-texture, with disease drawn into them, a batch of patches at once on torch's default device.

The parenchyma, its vessels, bronchi, fissures and noise are a patient's (exportFine.ts). Ground glass and consolidation
are one continuum here: a share of the air of each voxel is replaced by something as dense as blood, unevenly at every
scale, and the label follows from how much, as a radiologist's does: consolidation from where vessels are lost. Reticulation
are lines on lung of nearly its own density; honeycombing and emphysema replace what was there. What is none of the six
(dependent density, bands, wide or plugged bronchi) stays normal.

Tensors are (patches, SLICES, y, x). In the labels 0 is outside the lungs, and UNKNOWN within them where readers differ: it
teaches nothing, and the labels beside it do not grow into it.
"""

import random

import numpy as np
import torch
import torch.nn.functional as F

from drawing import DRAWING, TEXTURE
from pack import Volume
from parenchyma import cells, within
from phantom_random import TorchRandom
from scanner import SLICE_MM, SLICES, between, blur, chance, indices, one_of, put, some

MIDDLE = SLICES // 2
"""exportFine.ts: a byte is (HU + 1024) / HU_STEP; codes of the mask."""
HU_STEP, LUNG, HILUM = 12, 1, 2
PLACES = 4000
HILUM_SHARE = 0.25
LATTICE = (6, 128, 128)
NORMAL, GGO, CONSOLIDATION, RETICULATION, HONEYCOMBING, EMPHYSEMA = TEXTURE.values()
"""Disease of a real patch; what is left stays as it was."""
SHARES = {"opacity": 0.38, "reticulation": 0.16, "honeycombing": 0.12, "emphysema": 0.12}
"""An opacity beside the other disease."""
SECOND_SHARE = 0.25
"""Filled share of the air around a voxel from which an opacity is ground glass (+110 HU) and consolidation (about -370 HU on average, its open airways and thin places among it). Between two numbers readers differ: nothing is learned."""
GGO_FILLED, CONSOLIDATION_FILLED = (0.05, 0.12), (0.5, 0.57)
"""Pixels around a voxel whose mean says which it is: readers outline regions of about a centimetre, not voxels."""
LEVEL_PIXELS = 6
AIR_HU = -1000
UNKNOWN = -1
"""Patches whose slices are thicker than their distance."""
THICK_SHARE = 0.2


class Lungs:
    """The real lungs of a pack, and where their patches are centred: voxels (z, y, x) of lung, and of the hila."""

    def __init__(self, volumes: list[Volume]):
        self.volumes, self.places = volumes, []
        for number, volume in enumerate(volumes):
            mask = volume.arrays["lungs"][1:-1, ::3, ::3].cpu().numpy()
            rng = np.random.default_rng(number)
            self.places.append([rng.permutation(np.argwhere(mask == code))[:PLACES] * (1, 3, 3) + (1, 0, 0) for code in (LUNG, HILUM)])

    def cut(self, side: int, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor, float]:
        """HU and mask (SLICES, side, side) of a patch somewhere in a lung, and the mm of its pixels."""
        number = rng.randrange(len(self.volumes))
        volume, (lung, hilum) = self.volumes[number], self.places[number]
        places = hilum if rng.random() < HILUM_SHARE and len(hilum) else lung
        z, y, x = (int(v) for v in places[rng.randrange(len(places))])
        own = volume.entry["pixelMm"]
        pixel_mm = 0.8 * rng.uniform(0.8, 1.25)
        wanted = round(side * pixel_mm / own)
        window = []
        for centre, extent in ((y, volume.arrays["lungs"].shape[1]), (x, volume.arrays["lungs"].shape[2])):
            span = min(wanted, extent)
            first = min(max(centre - span // 2 + rng.randint(-40, 40), 0), extent - span)
            window.append(slice(first, first + span))
        order = slice(z - 1, z + 2)
        density = volume.arrays["density"][(order, *window)].float()
        mask = volume.arrays["lungs"][(order, *window)].float()
        # The steps of the bytes are filled evenly, as the noise had been.
        hu = (density + torch.rand_like(density) - 0.5) * HU_STEP - 1024
        resize = lambda x, mode: F.interpolate(x[None], size=(side, side), mode=mode, **({} if mode == "nearest" else {"align_corners": False}))[0]
        return resize(hu, rng.choice(["bilinear", "bicubic"])), resize(mask, "nearest"), pixel_mm


class Places:
    """Where the voxels of some patches lie in mm, and the fields of noise there."""

    def __init__(self, shape: torch.Size, pixel_mm: torch.Tensor):
        patches, slices, rows, columns = shape
        y = (torch.arange(rows) - rows / 2).view(1, 1, -1, 1) * pixel_mm
        x = (torch.arange(columns) - columns / 2).view(1, 1, 1, -1) * pixel_mm
        z = ((torch.arange(slices) - slices // 2) * float(SLICE_MM)).view(1, -1, 1, 1)
        self.pixel_mm, self.count = pixel_mm, patches
        self.x, self.y, self.z = (axis.expand(shape) for axis in (x, y, z))

    def noise(self, cell_mm: torch.Tensor, fields: int = 1) -> torch.Tensor:
        """`fields` fields of noise.ts's smoothNoise, of shape (patches, fields, slices, y, x): about unit variance, features of about `cell_mm`."""
        lattice = torch.randn(self.count, fields, *LATTICE) * 1.7
        places = [axis / cell_mm + torch.rand(self.count, 1, 1, 1) for axis in (self.x, self.y, self.z)]
        grid = torch.stack([place * 2 / (n - 1) for place, n in zip(places, LATTICE[::-1])], -1)
        return F.grid_sample(lattice, grid, padding_mode="reflection", align_corners=True)

    def field(self, low_mm: float, high_mm: float) -> torch.Tensor:
        return self.noise(between(self.count, low_mm, high_mm))[:, 0]

    def cells(self, cell_mm: torch.Tensor, bend_mm=0):
        """noise.ts's cells: mm from a wall, mm from the centre, and a number of the cell's own."""
        x, y, z = ((axis + bend_mm) / cell_mm + 16 * torch.rand(self.count, 1, 1, 1) for axis in (self.x, self.y, self.z))
        wall, centre, own = cells(TorchRandom.on_device(), 1.0)(x, y, z)
        return wall * cell_mm, centre * cell_mm, own

    def tubes(self, low_mm: float, high_mm: float) -> torch.Tensor:
        """mm from winding tubes some way apart."""
        apart = between(self.count, low_mm, high_mm)
        return self.noise(apart, 2).square().sum(1).sqrt() * apart / 2


def ranges(part: str, name: str, count: int) -> torch.Tensor:
    """A parameter of the phantom's painting for each patch."""
    return between(count, *DRAWING["parameters"][f"parenchyma/{part}"][name])


def box(x: torch.Tensor, pixels: int) -> torch.Tensor:
    """The mean over a square of each slice."""
    return F.avg_pool2d(x, 2 * pixels + 1, 1, pixels, count_include_pad=False)


def fill(hu: torch.Tensor, share: torch.Tensor, dense_hu) -> torch.Tensor:
    """HU once a share of the air is replaced: vessels stay, and the noise between them."""
    background = torch.maximum(hu, box(hu, 1))
    return hu + share * (dense_hu - background).clamp(min=0)


def region(at: Places, hu: torch.Tensor, mask: torch.Tensor, rim_weight: torch.Tensor, threshold: torch.Tensor) -> torch.Tensor:
    """How far inside a diseased region each voxel lies, negative outside: patches of centimetres, nearer to the pleura or around vessels and bronchi as weighted."""
    count = at.count
    lung = (mask > 0).float()
    rim = 1 - box(box(lung, 12), 12)
    vessels = box(box(((hu > -650) & (mask > 0)).float(), 8), 6) * torch.where(chance(count, 0.3), between(count, 2, 7), 0)
    gravity = at.y / 60 * between(count, -0.2, 0.7)
    return 0.8 * at.field(18, 45) + between(count, 0.05, 0.5) * at.field(5, 13) + rim_weight * rim + vessels + gravity - threshold


def edge(inside: torch.Tensor, mask: torch.Tensor, soft: torch.Tensor) -> torch.Tensor:
    """Share of a disease, 0 to 1, over an edge of width `soft`; none in the hila, nor where it would be a shell of a few pixels: no reader would call that a disease."""
    share = (inside / soft + 0.5).clamp(0, 1) * (mask == LUNG)
    wide = box((share > 0.5).float(), 5) / box((mask > 0).float(), 5).clamp(min=0.3)
    return share * ((wide - 0.3) / 0.2).clamp(0, 1)


def relabel(labels: torch.Tensor, share: torch.Tensor, label: int) -> torch.Tensor:
    """`label` where most of the middle slice has it, nothing on its edge."""
    middle = share[:, MIDDLE]
    return torch.where(middle > 0.6, label, torch.where(middle > 0.15, UNKNOWN, labels))


def draw_opacity(hu, labels, mask, at: Places):
    """Ground glass and consolidation, with halo or reversed halo, mosaic of lobules, fine lines, bubbles and air in bronchi."""
    count = at.count
    inside = region(at, hu, mask, between(count, 0, 3) * chance(count, 0.5), one_of(between(count, -0.3, 0.8), between(count, 0.5, 1.7)))
    share = edge(inside, mask, one_of(between(count, 0.02, 0.15), between(count, 0.2, 1)))
    rim_fill = one_of(between(count, 0.12, 0.6), between(count, 0.12, 1), between(count, 0.65, 1.02))
    core_fill = one_of(rim_fill, rim_fill + (1 - rim_fill) * between(count, 0.2, 1), rim_fill * between(count, 0.3, 1.1))
    core = ((inside - between(count, 0.2, 0.9)) / between(count, 0.1, 0.8)).clamp(0, 1)
    mean = share * (rim_fill + (core_fill - rim_fill) * core)
    uneven = one_of(between(count, 0, 0.12), between(count, 0.1, 0.4))
    mean = mean * (1 + uneven * at.field(7, 15)).clamp(min=0.2)

    lobular = chance(count, 0.4)
    wall_mm, _, own = at.cells(torch.where(lobular, between(count, 8, 16), between(count, 3.2, 8)), between(count, 0.3, 1.4) * at.field(4, 8))
    mosaic = lobular * between(count, 0, 0.7) * chance(count, 0.5)
    mean = mean * (1 - mosaic * own)
    filled = mean * (1 + uneven * (at.field(1.3, 2.5) * between(count, 0, 1) + at.field(3, 6)))
    lines = within(wall_mm, between(count, 0.2, 0.7)) * torch.where(chance(count, 0.45), between(count, 0.05, 0.3), 0)
    filled = filled + lines * share * (1 - mean).clamp(min=0)
    bubbles = ((at.field(2, 5) - between(count, 1.1, 2.2)) / 0.3).clamp(0, 1) * torch.where(chance(count, 0.35), between(count, 0.2, 0.9), 0)
    filled = (filled * (1 - bubbles)).clamp(0, 1.05)
    diseased = fill(hu, filled, between(count, 0, 70))
    airways = within(at.tubes(9, 24), between(count, 0.3, 1.6)) * chance(count, 0.6) * (mean > 0.25)
    diseased = diseased + airways * between(count, 0.5, 1) * (AIR_HU + 40 - diseased)

    return diseased, opacity_labels(labels, share[:, MIDDLE], mean[:, MIDDLE])


def opacity_labels(labels: torch.Tensor, share: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
    """What a radiologist calls a middle slice of which an opacity has `share` of each pixel and fills `mean` of its air: by the level of its surroundings within the opacity. The fall of a sharp edge is no ground glass."""
    core = (share > 0.5).float()
    level = torch.where(core > 0, box(mean * core, LEVEL_PIXELS) / box(core, LEVEL_PIXELS).clamp(min=0.01), mean)
    falling = (core == 0) & (F.max_pool2d(mean, 5, 1, 2) - mean > 0.25)
    (ggo_from, ggo), (ggo_to, consolidated) = GGO_FILLED, CONSOLIDATION_FILLED
    found = torch.where(level > consolidated, CONSOLIDATION, torch.where((level > ggo) & (level < ggo_to) & ~falling, GGO, UNKNOWN))
    return torch.where(mean > ggo_from, found, labels)


def draw_reticulation(hu, labels, mask, at: Places):
    """A net of lines, some septa and widened bronchi; the lung between them is hardly denser than it was."""
    count = at.count
    own = lambda name: ranges("reticulation", name, count)
    share = edge(region(at, hu, mask, between(count, 0.5, 3), between(count, 0.3, 1.3)), mask, between(count, 0.1, 0.5))
    medium = at.field(5, 9)
    shift = own("bend") * medium
    strength = (1 - own("gaps") * (0.6 + 0.8 * medium)).clamp(0.1, 1)
    line_mm = own("lineMm")
    line = torch.maximum(within(at.cells(own("netMm"), shift)[0], line_mm) * strength, within(at.cells(own("septaMm"), -shift)[0], line_mm * 0.9))
    ground = hu + share * (own("groundHu") + 25 * medium)
    diseased = ground + share * line * (own("lineHu") - ground).clamp(min=0)
    lumen_mm, bronchus = own("lumenMm"), at.tubes(14, 24)
    wall = within(bronchus, lumen_mm + 0.8) * share
    diseased = diseased + wall * (-120 - diseased).clamp(min=0)
    diseased = diseased + within(bronchus, lumen_mm) * share * (AIR_HU + 60 - diseased)
    return diseased, relabel(labels, share, RETICULATION)


def draw_honeycombing(hu, labels, mask, at: Places):
    """Cysts of a few mm with shared walls, against the pleura."""
    count = at.count
    own = lambda name: ranges("honeycombing", name, count)
    share = edge(region(at, hu, mask, between(count, 1, 4), between(count, 0.6, 1.6)), mask, between(count, 0.02, 0.15))
    cell_mm, noise = own("cellMm"), at.field(1.3, 2.2)
    from_wall, centre_mm, number = at.cells(cell_mm)
    wall = torch.maximum(within(from_wall, own("wallMm")), 1 - within(centre_mm, cell_mm * own("round")))
    wall_hu, cyst_hu = own("wallHu"), own("cystHu")
    cyst = cyst_hu + 20 * number + (wall_hu - cyst_hu) * wall
    honeycomb = torch.where(number < own("filled"), wall_hu + 25 * noise, cyst) + grain(hu)
    return hu + share * (honeycomb - hu), relabel(labels, share, HONEYCOMBING)


def draw_emphysema(hu, labels, mask, at: Places):
    """Holes within the lobules, or hardly any lung left; larger vessels stay."""
    count = at.count
    share = edge(region(at, hu, mask, between(count, 0, 2), between(count, 0, 1.2)), mask, between(count, 0.1, 0.5))
    centrilobular = chance(count, 0.5)
    cell_mm = torch.where(centrilobular, ranges("centrilobular", "cellMm", count), ranges("confluent", "holesMm", count))
    wall_mm, centre_mm, own = at.cells(cell_mm)
    radius_mm, soft_mm = cell_mm * ranges("centrilobular", "radius", count), ranges("centrilobular", "softMm", count)
    holes = ((radius_mm * (0.7 + 0.6 * own) - centre_mm) / soft_mm + 0.5).clamp(0, 1)
    strands = 1 - ranges("confluent", "strand", count) * within(wall_mm, ranges("confluent", "strandMm", count))
    empty = share * torch.where(centrilobular, holes, strands) * (blur(hu, between(count, 1, 1)) < -600)
    hole_hu = torch.where(centrilobular, ranges("centrilobular", "holeHu", count), ranges("confluent", "holeHu", count))
    return hu + empty * (hole_hu + grain(hu) - hu).clamp(max=0), relabel(labels, share, EMPHYSEMA)


def grain(hu: torch.Tensor) -> torch.Tensor:
    """What a real lung has of noise: its difference from its surroundings, where that is not a vessel's."""
    return (hu - box(hu, 1)).clamp(-60, 60)


def draw_dependent(hu, labels, mask, at: Places):
    """Denser lung within two centimetres of what it lies on, and where it was not breathed in: normal."""
    count = at.count
    lung = (mask > 0).float()
    reach = 24
    behind = 1 - F.avg_pool2d(F.pad(lung, (0, 0, 0, 2 * reach)), (2 * reach + 1, 1), 1)
    share = between(count, 0.02, 0.16) * behind.clamp(0, 1) ** 2 * 1.3 + between(count, 0, 0.05) * at.field(20, 40).clamp(min=0)
    return fill(hu, share * lung, 50), labels


def draw_band(hu, labels, mask, at: Places):
    """A plate of collapsed lung, a few mm thick: normal."""
    count = at.count
    angle = between(count, 0, 6.3)
    along = at.x * angle.cos() + at.y * angle.sin() - between(count, -30, 30)
    across = at.y * angle.cos() - at.x * angle.sin() - between(count, -40, 40) + at.z * between(count, -1, 1) + between(count, 0, 3) * at.field(12, 25)
    thin = within(across.abs(), between(count, 0.3, 1.6)) * ((between(count, 8, 35) - along.abs()) / 4).clamp(0, 1)
    return fill(hu, thin * between(count, 0.4, 1) * (mask > 0), 40), labels


def draw_bronchi(hu, labels, mask, at: Places):
    """Wide bronchi with thick walls beside their artery, and others filled with mucus: normal."""
    count = at.count
    for _ in range(4):
        direction = [torch.randn(count, 1, 1, 1) for _ in range(3)]
        norm = sum(d**2 for d in direction).sqrt()
        start = [between(count, -45, 45), between(count, -45, 45), between(count, -6, 6)]
        offset = [axis - s for axis, s in zip((at.x, at.y, at.z), start)]
        along = sum(o * d / norm for o, d in zip(offset, direction)).clamp(-10, 10)
        distance = lambda shift: sum((o - along * d / norm - s) ** 2 for o, d, s in zip(offset, direction, shift)).sqrt()
        lumen_mm = between(count, 0.8, 4.5)
        wall_mm = lumen_mm + between(count, 0.6, 2)
        axis = distance((0, 0, 0))
        artery = within(distance((wall_mm * 1.5, wall_mm * 0.6, 0)), wall_mm * between(count, 0.4, 0.8))
        lung = (mask > 0).float()
        tissue = torch.maximum(within(axis, wall_mm), artery) * lung
        hu = hu + tissue * (between(count, -200, 60) - hu).clamp(min=0)
        open_ = chance(count, 0.65) * within(axis, lumen_mm) * lung
        hu = hu + open_ * (AIR_HU + 30 + grain(hu) - hu)
    return hu, labels


def up_to_pleura(mask: torch.Tensor, hu: torch.Tensor) -> torch.Tensor:
    """The mask, made at 3 mm, drawn to the edge of the air by up to three pixels."""
    grown = F.max_pool2d(mask, 7, 1, 3)
    air = box(hu, 1) < -500
    return torch.where((mask == 0) & air, grown, torch.where((mask > 0) & (box(hu, 2) > -50) & (box((mask > 0).float(), 3) < 0.8), 0, mask))


DISTRACTORS = ((draw_dependent, 0.45), (draw_band, 0.15), (draw_bronchi, 0.2))
DISEASES = {"emphysema": draw_emphysema, "reticulation": draw_reticulation, "honeycombing": draw_honeycombing, "opacity": draw_opacity}


def draw_real(lungs: Lungs, count: int, side: int, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """HU (count, SLICES, side, side) and labels (count, side, side), some UNKNOWN, of `count` patches of real lungs."""
    stacks, masks, pixel_mm = zip(*(lungs.cut(side, rng) for _ in range(count)))
    hu = torch.stack(stacks)
    mask = up_to_pleura(torch.stack(masks), hu)
    labels = (mask[:, MIDDLE] > 0).long()
    chosen = {name: [] for name in DISEASES}
    for patch in range(count):
        name = rng.choices([*SHARES, None], [*SHARES.values(), 1 - sum(SHARES.values())])[0]
        if name:
            chosen[name].append(patch)
        if name and name != "opacity" and rng.random() < SECOND_SHARE:
            chosen["opacity"].append(patch)
    for draw, patches in [(draw, some(count, share, rng)) for draw, share in DISTRACTORS] + [(draw, chosen[name]) for name, draw in DISEASES.items()]:
        if patches:
            at = Places((len(patches), *hu.shape[1:]), put([pixel_mm[n] for n in patches]).view(-1, 1, 1, 1))
            own = indices(patches)
            hu[own], labels[own] = draw(hu[own], labels[own], mask[own], at)
    for patch in some(count, THICK_SHARE, rng):
        hu[patch] += rng.uniform(0, 0.7) * (hu[patch].mean(0) - hu[patch])
    return hu, labels
