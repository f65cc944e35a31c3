"""Overlap and surface distances of drawn regions, by SimpleITK and by DeepMind's surface-distance.

Use: python surfaces.py > surfaces.json   (SimpleITK 2.5, surface-distance 0.1, numpy 2, scipy 1.17)

`itk`: Dice by LabelOverlapMeasures, Hausdorff's distance by HausdorffDistance; mean and 95th percentile of the distances
between border voxels (LabelContour) by SignedMaurerDistanceMap, the mean over both borders and the larger percentile of
both directions. `deepmind`: surface elements between voxels, weighted by area: another definition of the same surfaces.
"""

import json

import numpy as np
import SimpleITK as sitk
from surface_distance import metrics

SIZE, SPACING = (30, 26, 18), (0.7, 0.8, 2.5)
z, y, x = np.meshgrid(*[np.arange(n) for n in reversed(SIZE)], indexing="ij")


def ellipsoid(centre, radii):
    return sum(((axis - c) / r) ** 2 for axis, c, r in zip((x, y, z), centre, radii)) <= 1


REGIONS = {
    "a": ellipsoid((13, 12, 8), (8, 7, 5)),
    "moved": ellipsoid((14.5, 13, 7), (7.5, 7.2, 5.3)),
    "small": ellipsoid((18, 12, 9), (2, 2, 1.5)),
    "scattered": ellipsoid((13, 12, 8), (8, 7, 5)) & ((7 * x + 3 * y + 5 * z) % 11 == 0),
    "far": ellipsoid((25, 20, 14), (3, 3, 2)),
}


def image(region):
    made = sitk.GetImageFromArray(region.astype(np.uint8))
    made.SetSpacing(SPACING)
    return made


def border_distances(of, to):
    border = sitk.GetArrayFromImage(sitk.LabelContour(image(of), fullyConnected=False)) > 0
    other = sitk.LabelContour(image(to), fullyConnected=False)
    distances = sitk.Abs(sitk.SignedMaurerDistanceMap(other, squaredDistance=False, useImageSpacing=True))
    return sitk.GetArrayFromImage(distances)[border]


def by_itk(a, b):
    overlap = sitk.LabelOverlapMeasuresImageFilter()
    overlap.Execute(image(a), image(b))
    hausdorff = sitk.HausdorffDistanceImageFilter()
    hausdorff.Execute(image(a), image(b))
    there, back = border_distances(a, b), border_distances(b, a)
    return {
        "dice": overlap.GetDiceCoefficient(),
        "hausdorff": hausdorff.GetHausdorffDistance(),
        "mean": float(np.concatenate([there, back]).mean()),
        "hd95": float(max(np.percentile(there, 95), np.percentile(back, 95))),
    }


def by_deepmind(a, b):
    found = metrics.compute_surface_distances(a, b, tuple(reversed(SPACING)))
    there, back = metrics.compute_average_surface_distance(found)
    return {
        "dice": float(metrics.compute_dice_coefficient(a, b)),
        "mean_there": float(there),
        "mean_back": float(back),
        "hd95": float(metrics.compute_robust_hausdorff(found, 95)),
    }


PAIRS = [("a", "moved"), ("a", "small"), ("a", "scattered"), ("a", "far"), ("moved", "a"), ("a", "a")]
print(
    json.dumps(
        [
            {"left": l, "right": r, "itk": by_itk(REGIONS[l], REGIONS[r]), "deepmind": by_deepmind(REGIONS[l], REGIONS[r])}
            for l, r in PAIRS
        ],
        indent=1,
    )
)
