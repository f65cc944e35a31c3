"""Holds that the painting in torch and the phantom's give the same Hounsfield units: python check_drawing.py

drawing.json has small chests as samples/phantom painted them; a unit test of the project holds that file current.
"""

import torch

from drawing import DRAWING
from parenchyma import paint
from phantom_random import PhantomRandom

"""Single precision moves a few voxels beside an edge between two cells; everything else agrees to a tenth."""
TOLERANCE_HU, OUTLIER_HU, OUTLIERS = 0.5, 5, 0.002


def largest_differences(example: dict) -> torch.Tensor:
    shape = example["size"][::-1]
    arrays = [torch.tensor(example[name], dtype=torch.uint8).view(shape) for name in ("tissues", "lobes", "vessels", "textures")]
    hu = paint(*arrays, example["spacing"], example["origin"], PhantomRandom(example["seed"]))
    return (hu - torch.tensor(example["hu"]).view(shape)).abs().flatten()


def main():
    for example in DRAWING["examples"]:
        difference = largest_differences(example)
        beyond = (difference > TOLERANCE_HU).float().mean().item()
        print(example["seed"], "median", round(difference.median().item(), 3), "largest", round(difference.max().item(), 2), "HU")
        if beyond > OUTLIERS or difference.max() > OUTLIER_HU:
            raise SystemExit(f"{example['seed']}: torch paints {100 * beyond:.1f} % of the voxels otherwise than samples/phantom: bring parenchyma.py up to textures.ts and paint.ts")


if __name__ == "__main__":
    main()
