"""The 2D U-Net of lung-texture: a few neighbouring slices in, the texture of the middle one out (after Ronneberger et al., MICCAI 2015)."""

import torch
from torch import nn


def convolution(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class UNet2d(nn.Module):
    """Logits of shape (batch, classes, y, x) from (batch, slices, y, x); every side a multiple of 16.

    As in UNet3d, a strided convolution in front and a transposed one behind halve the resolution in between. Batch
    normalisation makes the result independent of the tile and folds into the convolutions.
    """

    def __init__(self, slices: int, classes: int, widths: tuple[int, ...] = (32, 48, 80, 112)):
        super().__init__()
        self.stem = nn.Conv2d(slices, widths[0], 4, stride=2, padding=1)
        self.down = nn.ModuleList()
        self.up = nn.ModuleList()
        previous = widths[0]
        for width in widths:
            self.down.append(nn.Sequential(convolution(previous, width), convolution(width, width)))
            previous = width
        for level in reversed(range(len(widths) - 1)):
            merged = widths[level + 1] + widths[level]
            self.up.append(nn.Sequential(convolution(merged, widths[level]), convolution(widths[level], widths[level])))
        self.pool = nn.MaxPool2d(2)
        self.head = nn.ConvTranspose2d(widths[0], classes, 2, stride=2)

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
