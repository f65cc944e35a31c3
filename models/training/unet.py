"""The U-Net of both models: all its work at half the input's resolution and coarser (after Ronneberger et al., MICCAI 2015)."""

from collections.abc import Callable

import torch
from torch import nn

# Hounsfield units that the input's scale from -1 to 1 spans, and those of the usual window for soft tissue.
CT_WINDOW = (-1024, 400)
SOFT_TISSUE_WINDOW = (-160, 240)


def to_input(hu: torch.Tensor) -> torch.Tensor:
    """Hounsfield units on the input's scale; those beyond the window are clipped."""
    low, high = CT_WINDOW
    return (hu.clamp(low, high) - low) / (high - low) * 2 - 1


class UNet(nn.Module):
    """Logits of shape (batch, classes, *space) from (batch, inputs, *space); every side of space a multiple of 16.

    A strided convolution in front and a transposed one behind keep all layers between them at half the input's
    resolution, where a training step takes a fraction of the time. `convolution` and `transposed` are torch's of the
    wanted dimension, `pool` halves, and `block(inputs, outputs)` is a convolution with its norm and activation.
    """

    def __init__(self, inputs: int, classes: int, widths: tuple[int, ...], convolution, transposed, pool: nn.Module, block: Callable[[int, int], nn.Module]):
        super().__init__()
        self.stem = convolution(inputs, widths[0], 4, stride=2, padding=1)
        self.down = nn.ModuleList()
        self.up = nn.ModuleList()
        previous = widths[0]
        for width in widths:
            self.down.append(nn.Sequential(block(previous, width), block(width, width)))
            previous = width
        for level in reversed(range(len(widths) - 1)):
            merged = widths[level + 1] + widths[level]
            self.up.append(nn.Sequential(block(merged, widths[level]), block(widths[level], widths[level])))
        self.pool = pool
        self.head = transposed(widths[0], classes, 2, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        skips = []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else self.pool(x))
            skips.append(x)
        skips.pop()
        for block in self.up:
            x = nn.functional.interpolate(x, scale_factor=2, mode="nearest")
            x = block(torch.cat([x, skips.pop()], dim=1))
        return self.head(x)


def block_3d(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, 3, padding=1, bias=False),
        nn.InstanceNorm3d(outputs, affine=True),
        nn.LeakyReLU(0.01, inplace=True),
    )


def block_2d(inputs: int, outputs: int) -> nn.Sequential:
    """Batch normalisation makes the result independent of the tile and folds into the convolutions."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class TwoWindows(UNet):
    """Sees its input twice: as it is, and through the narrower window of soft tissue, each on a scale from -1 to 1.

    Consolidated lung differs from liver and muscle by tens of Hounsfield units, which are next to nothing on the
    input's scale.
    """

    def __init__(self, wide_hu: tuple[int, int], narrow_hu: tuple[int, int], classes: int, *layers):
        super().__init__(2, classes, *layers)
        low, high = (2 * (hu - wide_hu[0]) / (wide_hu[1] - wide_hu[0]) - 1 for hu in narrow_hu)
        self.centre, self.half_width = (low + high) / 2, (high - low) / 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        narrow = ((x - self.centre) / self.half_width).clamp(-1, 1)
        return super().forward(torch.cat([x, narrow], dim=1))


def lobe_network(classes: int) -> UNet:
    """lung-lobes: (batch, 1, z, y, x) at 3 mm."""
    return TwoWindows(CT_WINDOW, SOFT_TISSUE_WINDOW, classes, (32, 48, 96, 128), nn.Conv3d, nn.ConvTranspose3d, nn.MaxPool3d(2), block_3d)


def texture_network(slices: int, classes: int) -> UNet:
    """lung-texture: (batch, slices, y, x), a few neighbouring slices; the texture of the middle one."""
    return UNet(slices, classes, (32, 48, 80, 112), nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d(2), block_2d)
