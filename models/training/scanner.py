"""A random scanner for lung-texture's patches, a whole batch at once on torch's default device: slices, kernel, dose, and pictures of 8 bits.

Whatever differs between patches is drawn on the device (`between`), or on the host from Python's generator where it
decides which patches are concerned: nothing waits for the device.
"""

import math
import random

import numpy as np
import torch
import torch.nn.functional as F

SLICES = 3
SLICE_MM = 3
"""Thin slices of 1 mm on either side of the middle one that a stack may hold: a spacing of 5 mm reaches so far."""
REACH = 12
KERNEL_REACH = 4
"""Shares of the patches: stored as 8-bit pictures, some of them as JPEG; one slice alone, repeated, as from a picture or a slice of a centimetre."""
PICTURE_SHARE, JPEG_SHARE, REPEATED_SHARE = 0.3, 0.6, 0.25
"""Rows and columns of a JPEG's block, and the usual table of its luminance (ITU-T T.81, annex K) as a + b (row + column)."""
BLOCK = 8
JPEG_TABLE = (10, 7)


def put(values, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """A few numbers of the host on the device, without waiting for it."""
    tensor = torch.as_tensor(values, dtype=dtype, device="cpu")
    device = torch.get_default_device()
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


def between(count: int, low: float, high: float) -> torch.Tensor:
    """A number for each patch, of shape (count, 1, 1, 1)."""
    return torch.rand(count, 1, 1, 1) * (high - low) + low


def chance(count: int, probability: float) -> torch.Tensor:
    return torch.rand(count, 1, 1, 1) < probability


def one_of(*choices: torch.Tensor) -> torch.Tensor:
    """For each patch one of some tensors (count, 1, 1, 1), all as likely."""
    stacked = torch.stack(choices)
    pick = torch.randint(len(choices), (1, *choices[0].shape))
    return stacked.gather(0, pick)[0]


def some(count: int, share: float, rng: random.Random) -> list[int]:
    """The patches that something befalls."""
    return [n for n in range(count) if rng.random() < share]


def indices(patches: list[int]) -> torch.Tensor:
    return put(patches, torch.int64)


def blur(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """Each slice of (patches, slices, y, x) under a Gaussian of its patch's `sigma` (patches, 1, 1, 1) in pixels, up to 2."""
    patches, slices = x.shape[:2]
    weights = torch.exp(-(torch.arange(-KERNEL_REACH, KERNEL_REACH + 1.0) ** 2) / (2 * sigma**2))
    weights = (weights / weights.sum(3, keepdim=True)).repeat_interleave(slices, 0)
    planes = x.reshape(1, patches * slices, *x.shape[2:])
    planes = F.conv2d(F.pad(planes, (KERNEL_REACH,) * 2 + (0, 0), mode="replicate"), weights, groups=len(weights))
    planes = F.conv2d(F.pad(planes, (0, 0) + (KERNEL_REACH,) * 2, mode="replicate"), weights.mT, groups=len(weights))
    return planes.view_as(x)


def through_plane(rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """How a random CT's slices become the network's: weights (SLICES, thin) of the 2 · REACH + 1 thin slices of 1 mm around the middle one, and the mixing (SLICES, SLICES) of their noise.

    The CT's slices are the mean over their thickness, or of two thin ones (as samples/phantom draws them); the kernel
    then resamples them by a triangle of max(spacing, SLICE_MM), which mixes neighbours and averages their noise. On the
    host: a few hundred numbers.
    """
    # Slices thinner than 1 mm are noisier and averaged more: the same to the network.
    spacing = rng.choice([rng.uniform(1, 2), rng.uniform(2, 3.5), rng.uniform(3, 5)])
    halves = rng.random() < 0.4 and spacing > 2
    thickness = spacing * rng.uniform(0.8, 1.4)
    thin = np.arange(-REACH, REACH + 1.0)
    positions = np.arange(-8, 9) * spacing + rng.uniform(0, spacing)
    outputs = (np.arange(SLICES) - SLICES // 2) * SLICE_MM
    shares = np.maximum(0, 1 - np.abs(positions - outputs[:, None]) / max(spacing, SLICE_MM))
    shares /= shares.sum(1, keepdims=True)
    distance = thin - positions[:, None]
    if halves:
        profiles = sum(np.maximum(0, 1 - np.abs(distance - side * spacing / 4)) for side in (-1, 1))
    else:
        profiles = np.clip(thickness / 2 + 0.5 - np.abs(distance), 0, 1)
    profiles /= np.maximum(profiles.sum(1, keepdims=True), 1e-6)
    weights = shares @ profiles
    return weights / weights.sum(1, keepdims=True), np.linalg.cholesky(shares @ shares.T + 1e-4 * np.eye(SLICES))


def scan(hu: torch.Tensor, noise_mixing: torch.Tensor, real: int, rng: random.Random) -> torch.Tensor:
    """A random scanner for stacks (patches, SLICES, y, x) in HU: inflation, calibration, kernel, dose. The last `real` stacks have been scanned once, and keep their blur and noise."""
    patches = len(hu)
    drawn = (torch.arange(patches) < patches - real).view(-1, 1, 1, 1)
    inflation = torch.where(drawn, between(patches, 0.9, 1.2), between(patches, 0.95, 1.1))
    hu = (hu + 1000) * inflation - 1000 + 7 * torch.randn(patches, 1, 1, 1)
    hu = blur(hu, torch.where(drawn, between(patches, 0.35, 0.95), between(patches, 0.1, 0.6)))
    hu = hu + torch.where(chance(patches, 0.6), between(patches, 0.2, 1.1), 0) * (hu - blur(hu, between(patches, 0.8, 1.9)))
    white = torch.randn_like(hu)
    sigma = between(patches, 0.5, 1.3)
    grainy = blur(white, sigma) * (1 + 2.2 * sigma) * between(patches, 0.4, 1)
    noise = torch.where(chance(patches, 0.5), grainy, white) * one_of(between(patches, 3, 20), between(patches, 10, 45), between(patches, 30, 90))
    noise = noise * torch.where(drawn | chance(patches, 0.3), 1.0, 0.3)
    return as_pictures(hu + torch.einsum("bon,bnyx->boyx", noise_mixing, noise), rng)


def as_pictures(hu: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """Some patches as pictures show them: 256 greys of a lung window, some after JPEG; some with one slice in place of all."""
    hu = hu.clone()
    for n in some(len(hu), REPEATED_SHARE, rng):
        hu[n] = hu[n, SLICES // 2].clone()
    pictures = some(len(hu), PICTURE_SHARE, rng)
    if pictures:
        low, width = between(len(pictures), -1100, -950), between(len(pictures), 950, 1500)
        own = indices(pictures)
        grey = ((hu[own] - low) / width).clamp(0, 1) * 255
        strength = torch.where(chance(len(pictures), JPEG_SHARE), between(len(pictures), 0.05, 0.5), 0.01)
        hu[own] = jpeg(grey.round(), strength).round() / 255 * width + low
    return hu


def jpeg(grey: torch.Tensor, strength: torch.Tensor) -> torch.Tensor:
    """The loss of a JPEG in pictures (patches, slices, y, x) whose sides are multiples of 8: cosines of each block, rounded to steps of the table times `strength`."""
    n = torch.arange(BLOCK, dtype=torch.float32)
    cosines = torch.cos(math.pi * (2 * n[None] + 1) * n[:, None] / (2 * BLOCK)) * (2 / BLOCK) ** 0.5
    cosines[0] /= 2**0.5
    patches, slices, rows, columns = grey.shape
    blocks = grey.view(patches, slices, rows // BLOCK, BLOCK, columns // BLOCK, BLOCK).transpose(3, 4)
    steps = (JPEG_TABLE[0] + JPEG_TABLE[1] * (n[:, None] + n)) * strength[..., None, None]
    coefficients = (cosines @ blocks @ cosines.T / steps).round() * steps
    return (cosines.T @ coefficients @ cosines).transpose(3, 4).reshape(grey.shape)
