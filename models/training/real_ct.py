"""Real chests at 3 mm as training sees them: bent and cropped, with disease drawn into their lungs and a scanner's noise.

Of a real chest only the right lung, the left lung and "no lung" are known, and some voxels are not (realChest.ts): what is
drawn keeps to that, and the loss takes nothing where nothing is known.
"""

import random

import torch
import torch.nn.functional as F

from synthetic_ct import Chest, box_mean, crop_points, draw_dense_lung, finish, nearest, smooth_noise
from unet import CT_WINDOW

NO_LUNG, RIGHT, LEFT, NOT_KNOWN = 0, 1, 2, 3
"""In the labels of a batch, codes of real chests begin here, and so differ from lobes: SIDES + RIGHT, and so on."""
SIDES = 10
# For draw_dense_lung, which asks for lobes: one lobe stands for the right lung, one for the left.
SOME_RIGHT_LOBE, SOME_LEFT_LOBE = 1, 4
LEAST_LUNG_VOXELS = 500
# Blood without contrast agent, and a little more.
BLOOD_HU = (20, 120)


def linear(volume: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    """The volume at points in its voxels (z, y, x), trilinear."""
    size = volume.shape
    grid = torch.stack([2 * points[..., axis] / (size[axis] - 1) - 1 for axis in (2, 1, 0)], -1)[None]
    return F.grid_sample(volume.float()[None, None], grid, align_corners=True, padding_mode="border")[0, 0]


def draw_real(chest: Chest, shape, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """Hounsfield units scaled to -1..1 and codes (SIDES + NO_LUNG, RIGHT, LEFT or NOT_KNOWN)."""
    hu_volume, known_volume = chest.arrays
    points = crop_points(chest, shape, rng)
    (known,), inside = nearest([known_volume], points)
    hu = torch.where(inside, linear(hu_volume, points), float(CT_WINDOW[0]))
    known = known.long()
    if int(((known == RIGHT) | (known == LEFT)).sum()) > LEAST_LUNG_VOXELS:
        hu, known = draw_disease(hu, known, rng)
    if rng.random() < 0.3:
        hu = add_contrast_agent(hu, known, rng)
    # Padding that the scanner model adds is labelled 0 there: no lung.
    image, codes = finish(hu, known + SIDES, rng)
    return image, codes.clamp(min=SIDES + NO_LUNG)


def draw_disease(hu: torch.Tensor, known: torch.Tensor, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """Another density of the parenchyma, ground glass in patches, and what hides the lung; an effusion makes lung no lung."""
    shape = hu.shape
    lung = (known == RIGHT) | (known == LEFT)
    aerated = lung & (hu < -600)
    if rng.random() < 0.35 and aerated.any():
        shift = rng.uniform(-900, -450) - hu[aerated].mean()
        hu = torch.where(lung & (hu < -300), hu + shift * ((-300 - hu) / 600).clamp(0, 1), hu)
    if rng.random() < 0.35:
        field = smooth_noise(shape, rng.uniform(5, 20)) + (1 - box_mean(lung.float(), 7)) * rng.uniform(0, 4)
        patch = lung & (field > rng.uniform(0.3, 1.6)) & (hu < -300)
        hu = torch.where(patch, hu + rng.uniform(60, 420) + torch.randn(shape) * rng.uniform(0, 120), hu)
    lobes = torch.where(known == RIGHT, SOME_RIGHT_LOBE, torch.where(known == LEFT, SOME_LEFT_LOBE, 0))
    # The real bronchi are dense vessels' neighbours, too fine to be told: consolidation may hide them.
    hu = draw_dense_lung(hu, lobes, lung, torch.zeros_like(lung), rng)
    return hu, torch.where(lung & (lobes == 0), NO_LUNG, known)


def add_contrast_agent(hu: torch.Tensor, known: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """Blood in an ellipsoid somewhere in the middle of the crop, up to 300 HU brighter."""
    distance = 0
    for axis, n in enumerate(hu.shape):
        along = ((torch.arange(n) - rng.uniform(0.3, 0.7) * n) / rng.uniform(15, 40)) ** 2
        distance = distance + along.view([-1 if a == axis else 1 for a in range(3)])
    blood = ((known == NO_LUNG) | (known == NOT_KNOWN)) & (hu > BLOOD_HU[0]) & (hu < BLOOD_HU[1])
    return torch.where((distance < 1) & blood, hu + rng.uniform(40, 300), hu)
