"""Synthetic CT at 3 mm from simulated chests: domain randomisation after SynthSeg (Billot et al., Med Image Anal 2023).

Tissues, lobes, vessels and textures are drawn by exportLobes.ts; here they are deformed, cropped, and given random
Hounsfield units, more dense disease, noise and slice thickness, on torch's default device. Never mirrored: left and
right are to be learned.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from drawing import DRAWING, TEXTURE, TISSUE
from unet import CT_WINDOW, to_input

LUNG, AIRWAY_LUMEN, VESSEL = (TISSUE[name] for name in ("lung", "airwayLumen", "vessel"))
CENTRAL_AIRWAY = 6
# Mean HU of each tissue, low and high end of its uniform draw, around the phantom's own (drawing.json) and wider.
TISSUE_HU = {
    "outside": (-1020, -980), "fat": (-135, -60), "muscle": (20, 85), "bone": (250, 900), "marrow": (80, 350), "mediastinum": (-30, 70),
    "heart": (30, 70), "abdomen": (0, 90), "liver": (30, 90), "kidney": (15, 60), "bowelGas": (-1010, -650), "clothing": (-960, -300),
    "cavalBlood": (25, 65), "pulmonaryBlood": (25, 65), "aorticBlood": (25, 65), "systemicVein": (25, 65), "node": (0, 90),
    "calcification": (200, 1500), "brain": (10, 60), "bowelContent": (-50, 400), "table": (-700, 500), "foam": (-980, -600),
    "mattress": (-980, -700), "metal": (1500, 3071), "wire": (-300, 1500), "implant": (-20, 250), "gland": (-20, 80),
    "lung": (-920, -680), "airwayLumen": (-1010, -900), "airwayWall": (-250, 40), "vessel": (-150, 120),
}  # fmt: skip
# Half of the chests have contrast agent, in one of the phantom's phases, its densities times this.
CONTRAST_CHANCE, CONTRAST_STRENGTH = 0.55, (0.7, 1.3)
# A tissue that the phantom drew anew, and that has no range above, varies by this much around its density there.
UNNAMED_HU = 60
# What the phantom draws between these densities is soft tissue.
SOFT_HU = (0, 100)
GGO, CONSOLIDATION, RETICULATION, HONEYCOMBING, EMPHYSEMA = (
    TEXTURE[name] for name in ("ggo", "consolidation", "reticulation", "honeycombing", "emphysema")
)


def tissue_range(name: str) -> tuple[float, float]:
    """Low and high end of a tissue's mean HU."""
    if name in TISSUE_HU:
        return TISSUE_HU[name]
    own = DRAWING["tissueHu"][name]
    return own - UNNAMED_HU, own + UNNAMED_HU


def draw_contrast(table: torch.Tensor, rng: random.Random) -> float:
    """Gives the tissues in `table` the densities of one phase of contrast agent; returns what the vessels of the lung gain."""
    contrast = DRAWING["contrast"]
    for name, (low, high) in rng.choice(contrast["phases"][1:]).items():
        table[TISSUE[name]] = rng.uniform(low, high) * rng.uniform(*CONTRAST_STRENGTH)
    blood = (table[TISSUE["pulmonaryBlood"]] + table[TISSUE["aorticBlood"]]).item() / 2
    return contrast["lungVesselShare"] * max(0.0, blood - contrast["plainBloodHu"])


def smooth_noise(shape, cell: float) -> torch.Tensor:
    """Band-limited noise with unit variance and features of about `cell` voxels."""
    coarse = [max(2, math.ceil(n / cell) + 1) for n in shape]
    noise = F.interpolate(torch.randn(1, 1, *coarse), size=shape, mode="trilinear", align_corners=True)[0, 0]
    return noise / (noise.std() + 1e-6)


@dataclass
class Chest:
    """A volume of the pack, with the bounds of its lungs in voxels (z, y, x), around which it is cropped."""

    entry: dict
    arrays: list[torch.Tensor]
    low: np.ndarray
    high: np.ndarray


def chest_of(volume, names: tuple[str, ...], is_lung: Callable[[torch.Tensor], torch.Tensor]) -> Chest:
    """`names` are the arrays to keep, and is_lung says of the second one where the lungs are."""
    arrays = [volume.arrays[name] for name in names]
    lung = is_lung(arrays[1]).nonzero()
    return Chest(volume.entry, arrays, lung.amin(0).cpu().numpy(), lung.amax(0).cpu().numpy())


def crop_points(chest: Chest, shape, rng: random.Random) -> torch.Tensor:
    """Where each voxel of a rotated, scaled, elastically bent crop lies in the chest: (z, y, x) in its voxels, of shape (*shape, 3)."""
    size, low, high = np.array(chest.arrays[0].shape), chest.low, chest.high
    if rng.random() < 0.78:
        centre = (low + high) / 2 + np.array([rng.gauss(0, 14), rng.gauss(0, 7), rng.gauss(0, 7)])
    elif rng.random() < 0.5:
        centre = np.array([rng.uniform(0, max(1, low[0])), size[1] / 2, size[2] / 2])
    else:
        centre = np.array([rng.uniform(0, size[0]), rng.uniform(0.2, 0.8) * size[1], rng.uniform(0.2, 0.8) * size[2]])
    angles = [rng.gauss(0, 0.09), rng.gauss(0, 0.06), rng.gauss(0, 0.06)]
    common = rng.uniform(0.85, 1.2)
    scales = [common * rng.uniform(0.9, 1.12) for _ in range(3)]
    rotation = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = [i for i in range(3) if i != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = math.cos(angle)
        turn[a, b], turn[b, a] = -math.sin(angle), math.sin(angle)
        rotation = rotation @ turn
    matrix = torch.tensor(rotation @ np.diag(scales), dtype=torch.float32)
    axes = [torch.arange(n, dtype=torch.float32) - (n - 1) / 2 for n in shape]
    points = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1) @ matrix.T + torch.tensor(centre, dtype=torch.float32)
    for cell, amplitude in ((40, rng.uniform(0, 5)), (18, rng.uniform(0, 1.6))):
        points = points + torch.stack([smooth_noise(shape, cell) for _ in range(3)], -1) * amplitude
    return points


def nearest(arrays: list[torch.Tensor], points: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Each array at the voxel nearest to each point, 0 outside it; and where the points lie inside."""
    size = arrays[0].shape
    index = points.round().long()
    inside = torch.ones(points.shape[:3], dtype=torch.bool)
    for axis in range(3):
        inside &= (index[..., axis] >= 0) & (index[..., axis] < size[axis])
        index[..., axis].clamp_(0, size[axis] - 1)
    flat = (index[..., 0] * size[1] + index[..., 1]) * size[2] + index[..., 2]
    return [torch.where(inside, array.reshape(-1)[flat], 0) for array in arrays], inside


def deform(chest: Chest, shape, rng: random.Random) -> list[torch.Tensor]:
    """A bent crop of `shape` voxels of each array; outside them is air."""
    return nearest(chest.arrays, crop_points(chest, shape, rng))[0]


def box_mean(x: torch.Tensor, width: int) -> torch.Tensor:
    return F.avg_pool3d(x[None, None], width, 1, width // 2, count_include_pad=False)[0, 0]


def far_mean(x: torch.Tensor, width: int) -> torch.Tensor:
    """The mean over about four times `width` voxels, found at a quarter of the resolution."""
    coarse = F.avg_pool3d(x[None, None], 4, 4)
    mean = F.avg_pool3d(coarse, width, 1, width // 2, count_include_pad=False)
    return F.interpolate(mean, size=x.shape, mode="trilinear")[0, 0]


def draw_ct(tissues: torch.Tensor, lobes: torch.Tensor, vessels: torch.Tensor, textures: torch.Tensor, rng: random.Random):
    """Hounsfield units scaled to -1..1 and the label map (0 background, 1–5 lobes, 6 central airway)."""
    shape = tissues.shape
    table = torch.tensor([rng.uniform(*tissue_range(name)) for name in TISSUE])
    if rng.random() < 0.1:
        table[LUNG] = rng.uniform(-680, -420)
    if rng.random() < 0.1:
        for name, own in DRAWING["tissueHu"].items():
            if SOFT_HU[0] < own < SOFT_HU[1]:
                table[TISSUE[name]] = rng.uniform(-120, 250)
    gain = draw_contrast(table, rng) if rng.random() < CONTRAST_CHANCE else 0
    vessel_hu, table[VESSEL] = table[VESSEL].item() + gain, table[LUNG].item()
    hu = table[tissues.long()]
    labels = lobes.long().clone()
    lung = (lobes > 0) & (lobes < CENTRAL_AIRWAY)
    body = tissues > 0
    hu += torch.where(body & ~lung, smooth_noise(shape, rng.uniform(3, 10)) * rng.uniform(0, 30), 0)
    if lung.any():
        hu = draw_lung(hu, labels, lung, tissues, textures, rng)
        share = vessels / 255 * rng.choice([0, rng.uniform(0.5, 1), rng.uniform(0.8, 1.3)])
        hu = hu + share.clamp(max=1) * (vessel_hu - hu).clamp(min=0)
        hu = draw_dense_lung(hu, labels, lung, tissues == AIRWAY_LUMEN, rng)
    return finish(hu, labels, rng)


def draw_lung(hu, labels, lung, tissues, textures, rng: random.Random):
    """The parenchyma with its gravity gradient, textures and fissures; vessels are not drawn yet."""
    shape = hu.shape
    parenchyma = lung & ((tissues == LUNG) | (tissues == VESSEL))
    depth = torch.linspace(-0.5, 0.5, shape[1])[None, :, None]
    change = depth * rng.uniform(0, 200) * rng.choice([1, 1, 1, -1])
    change = change + smooth_noise(shape, rng.uniform(8, 24)) * rng.choice([rng.uniform(0, 15), rng.uniform(5, 45)])
    change = change + torch.randn(shape) * rng.choice([rng.uniform(0, 12), rng.uniform(5, 50)])
    if rng.random() < 0.3:
        for lobe in range(1, 6):
            change = change + (labels == lobe) * rng.gauss(0, 22)
    if rng.random() < 0.75:  # the drawn disease, each of its textures or not
        grain = torch.randn(shape)
        for texture, low, high, noise in ((GGO, 60, 400, 40), (RETICULATION, 60, 420, 120), (HONEYCOMBING, 50, 650, 200)):
            if rng.random() < 0.8:
                added = rng.uniform(low, high) + grain * rng.uniform(0.2, 1) * noise
                change = torch.where(textures == texture, change + added, change)
    else:
        textures = torch.zeros_like(textures)
    hu = hu + torch.where(parenchyma, change, 0)
    if rng.random() < 0.7:
        hu = torch.where(parenchyma & (textures == EMPHYSEMA), rng.uniform(-1010, -950) + torch.randn(shape) * rng.uniform(3, 30), hu)
    if rng.random() < 0.9:
        hu = torch.where(lung & (textures == CONSOLIDATION) & (tissues != AIRWAY_LUMEN), consolidation(shape, rng), hu)
    edge = torch.zeros_like(lung)
    for axis in range(3):
        step = labels.narrow(axis, 1, shape[axis] - 1) != labels.narrow(axis, 0, shape[axis] - 1)
        edge.narrow(axis, 0, shape[axis] - 1).logical_or_(step)
    if rng.random() < 0.92:  # fissures, whole or incomplete
        visible = edge & parenchyma & (box_mean(lung.float(), 3) > 0.97) & (smooth_noise(shape, 14) > rng.choice([-9, -1.2, rng.uniform(-1.2, 0.7)]))
        hu = torch.where(visible, hu + rng.choice([rng.uniform(30, 90), rng.uniform(60, 260)]), hu)
    if rng.random() < 0.15:  # patches of any density, some leaning on the pleura
        rim = 1 - box_mean(lung.float(), 7)
        field = smooth_noise(shape, rng.uniform(5, 26)) + rim * rng.choice([0, rng.uniform(0, 5)])
        value = rng.choice([rng.uniform(-750, -400), rng.uniform(-400, 60), rng.uniform(-1000, -950)])
        hu = torch.where(parenchyma & (field > rng.uniform(0.6, 1.9)), value + torch.randn(shape) * rng.uniform(0, 120), hu)
    return hu


def consolidation(shape, rng: random.Random) -> torch.Tensor:
    """Hounsfield units of consolidated lung: uneven, and in most patients with air in its bronchi."""
    hu = rng.uniform(-120, 80) + smooth_noise(shape, rng.uniform(1.7, 4)) * rng.uniform(5, 50)
    hu = hu + torch.randn(shape) * rng.choice([rng.uniform(0, 15), rng.uniform(5, 80)])
    if rng.random() < 0.35:
        return hu
    # Where two noises are near zero at once, there are winding tubes. Few bronchi are as wide as a voxel.
    cell = rng.uniform(5, 10)
    from_axis = (smooth_noise(shape, cell) ** 2 + smooth_noise(shape, cell) ** 2).sqrt()
    air = rng.uniform(0.05, 0.9) * (1 - from_axis * cell / rng.uniform(0.8, 2)).clamp(min=0)
    return hu - (hu + 950) * air


def draw_dense_lung(hu, labels, lung, lumen, rng: random.Random):
    """What hides the lung: consolidation as it spreads, masses, a dense lobe, and an effusion, which is no lung."""
    if rng.random() < 0.45:
        return hu
    shape = hu.shape
    rim = 1 - box_mean(lung.float(), 7)
    depth = torch.linspace(-0.5, 0.5, shape[1])[None, :, None]
    height = torch.linspace(-0.5, 0.5, shape[0])[:, None, None]
    if rng.random() < 0.4:  # consolidation of a good part of the lung: outer, basal, dependent or in patches, as disease spreads
        outer = 1 - far_mean(lung.float(), rng.choice([3, 3, 5]))
        spread = rng.uniform(0, 3) * outer + depth * rng.uniform(-0.5, 2) - height * rng.uniform(-0.5, 2)
        spread = spread + rng.uniform(0.2, 0.8) * smooth_noise(shape, rng.uniform(5, 16)) + 0.2 * smooth_noise(shape, 3)
        threshold = spread[lung][:: 1 + int(lung.sum()) // 20_000].quantile(1 - rng.uniform(0.03, 0.4))
        filled = lung & (spread > threshold)
        if rng.random() < 0.7:
            filled &= ~lumen
        hu = torch.where(filled, consolidation(shape, rng), hu)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):  # consolidations or masses, often at the pleura
        where = (lung & (rim > 0.15) if rng.random() < 0.6 else lung).nonzero()
        if len(where) == 0:
            continue
        centre = where[rng.randrange(len(where))].float()
        axes = [((torch.arange(n) - c) / rng.uniform(4, 20)) ** 2 for n, c in zip(shape, centre)]
        ball = (axes[0][:, None, None] + axes[1][None, :, None] + axes[2][None, None, :]) < 1 + 0.35 * smooth_noise(shape, 8)
        hu = torch.where(ball & lung, rng.uniform(-150, 80) + torch.randn(shape) * rng.uniform(0, 60), hu)
    if rng.random() < 0.1:  # most of one lobe dense, with its larger airways and vessels mostly hidden
        lobe = lung & (labels == rng.randint(1, 5)) & (smooth_noise(shape, 16) > rng.uniform(-2, 0.3))
        hu = torch.where(lobe, rng.uniform(-650, 60) + 0.15 * (hu + 700) + torch.randn(shape) * rng.uniform(0, 80), hu)
    if rng.random() < 0.08:  # pleural effusion: fluid behind the lung, which is no lung
        where = lung.nonzero().float()
        level = torch.quantile(where[:, 1], rng.uniform(0.75, 0.97)) if len(where) < 100_000 else where[::17, 1].quantile(rng.uniform(0.75, 0.97))
        side = labels >= 4 if rng.random() < 0.5 else (labels > 0) & (labels < 4)
        fluid = lung & side & (torch.arange(shape[1])[None, :, None] > level)
        hu = torch.where(fluid, rng.uniform(-5, 40), hu)
        labels[fluid] = 0
    return hu


def finish(hu: torch.Tensor, labels: torch.Tensor, rng: random.Random):
    """The scanner: partial volume, thick slices, noise, a field of view with padding, then the input window; and the labels within the field of view."""
    shape = hu.shape
    if rng.random() < 0.6:
        kernel = torch.tensor([1.0, rng.uniform(1.5, 10), 1.0])
        kernel = (kernel / kernel.sum()).view(1, 1, 3, 1, 1)
        x = hu[None, None]
        for axis in range(3):
            k = kernel.movedim(2, 2 + axis) if axis else kernel
            padding = [0, 0, 0]
            padding[axis] = 1
            x = F.conv3d(F.pad(x, [p for a in (2, 1, 0) for p in (padding[a], padding[a])], mode="replicate"), k)
        hu = x[0, 0]
    if rng.random() < 0.3:
        slices = max(8, int(shape[0] / rng.uniform(1.2, 3.2)))
        hu = F.interpolate(F.interpolate(hu[None, None], size=(slices, *shape[1:]), mode="area"), size=shape, mode="trilinear")[0, 0]
    hu = hu + torch.randn(shape) * rng.choice([rng.uniform(0, 12), rng.uniform(0, 25), rng.uniform(20, 90)])
    if rng.random() < 0.3:
        y = torch.arange(shape[1])[:, None] - shape[1] * rng.uniform(0.42, 0.58)
        x = torch.arange(shape[2])[None, :] - shape[2] * rng.uniform(0.42, 0.58)
        outside = y**2 + x**2 > (max(shape[1:]) * rng.uniform(0.46, 0.6)) ** 2
        hu = torch.where(outside[None], rng.choice([-1024.0, -1024.0, -1000.0, -400.0]), hu)
        labels = torch.where(outside[None], 0, labels)
    if rng.random() < 0.3:  # a scan that ends within the crop: above and below it the network sees padding
        slices = rng.choice([rng.randint(6, 40), rng.randint(30, shape[0])])
        first = rng.randint(0, shape[0] - slices)
        beyond = torch.ones(shape[0], dtype=torch.bool)
        beyond[first : first + slices] = False
        hu = torch.where(beyond[:, None, None], CT_WINDOW[0], hu)
        labels = torch.where(beyond[:, None, None], 0, labels)
    return to_input(hu), labels
