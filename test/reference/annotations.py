"""Reference values for slabs and for what is drawn on slices, on a volume that both sides compute by one formula.

Slabs by numpy; areas of polygons by shapely; which pixels lie inside by scikit-image (polygons) and numpy (circles); their
mean and standard deviation by SimpleITK.

Use: python annotations.py > annotations.json (numpy 2, scikit-image 0.26, shapely 2.2, SimpleITK 2.5)
"""

import json

import numpy as np
import SimpleITK as sitk
from shapely.geometry import Polygon
from skimage.measure import points_in_poly

NX, NY, NZ = 23, 19, 17
K, J, I = np.meshgrid(np.arange(NZ), np.arange(NY), np.arange(NX), indexing="ij")
HU = ((I * 7919 + J * 104729 + K * 1299709) % 2003 - 1024).astype(np.int16)

PIXEL = (0.7, 1.9)  # Across and down, in mm.


def slab(axis, index, spacing, mm, kind):
    """By overlap of the slices' own thickness with the slab."""
    half = mm / 2
    centres = (np.arange(HU.shape[axis]) - index) * spacing
    overlap = np.minimum(centres + spacing / 2, half) - np.maximum(centres - spacing / 2, -half)
    share = np.clip(overlap / spacing, 0, 1)
    taken = [n for n in range(len(share)) if n == index or share[n] >= 0.4999]
    slices = np.moveaxis(HU, axis, 0)
    if kind == "mean":
        picture = np.floor(np.average(slices, axis=0, weights=share) + 0.5)
    else:
        picture = (slices[taken].max if kind == "mip" else slices[taken].min)(axis=0)
    return {
        "plane": ["axial", "coronal", "sagittal"][axis],
        "index": index,
        "spacing": spacing,
        "mm": mm,
        "kind": kind,
        "sum": int(picture.sum()),
        "first": int(picture[0, 0]),
        "last": int(picture[-1, -1]),
    }


def statistics(mask, pixels):
    image = sitk.GetImageFromArray(pixels.astype(np.float64))
    labels = sitk.GetImageFromArray(mask.astype(np.uint8))
    found = sitk.LabelStatisticsImageFilter()
    found.Execute(image, labels)
    return {
        "pixels": int(found.GetCount(1)),
        "mean": found.GetMean(1),
        "sd": found.GetSigma(1),
    }


def outline(shape, points, k):
    pixels = HU[k]
    rows, columns = np.mgrid[0:NY, 0:NX]
    middles = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], axis=1)
    if shape == "polygon":
        mask = points_in_poly(middles, points).reshape(NY, NX)
        area = Polygon([(x * PIXEL[0], y * PIXEL[1]) for x, y in points]).area
    else:
        (x, y), (rim_x, rim_y) = points
        radius = np.hypot((rim_x - x) * PIXEL[0], (rim_y - y) * PIXEL[1])
        away = np.hypot((middles[:, 0] - x) * PIXEL[0], (middles[:, 1] - y) * PIXEL[1])
        mask = (away < radius).reshape(NY, NX)
        area = np.pi * radius**2
    return {"shape": shape, "points": points, "index": k, "area": area, **statistics(mask, pixels)}


def body(outlines, distance):
    """Trapezoids between the outlines, and half a slice beyond the first and the last."""
    places = np.array([o["index"] for o in outlines]) * distance
    areas = np.array([o["area"] for o in outlines])
    volume = np.trapezoid(areas, places) + (areas[0] + areas[-1]) * distance / 2
    return {"distance": distance, "indices": [o["index"] for o in outlines], "ml": volume / 1000}


SQUARE = [[3, 2], [9, 2], [9, 8], [3, 8]]
HOLLOW = [[2.2, 1.3], [20.7, 3.1], [12.4, 8.8], [19.5, 16.2], [4.1, 14.9]]
CIRCLE = [[11.3, 9.6], [16.1, 11.2]]
OUTLINES = [outline("circle", CIRCLE, k) for k in (3, 4, 5)] + [outline("circle", [[11, 9], [14.5, 9]], 8)]

print(
    json.dumps(
        {
            "size": [NX, NY, NZ],
            "pixel": PIXEL,
            "ruler": {"points": [[3.5, 2.25], [17.75, 15.5]], "mm": float(np.hypot(14.25 * PIXEL[0], 13.25 * PIXEL[1]))},
            "outlines": [outline("polygon", SQUARE, 2), outline("polygon", HOLLOW, 6), *OUTLINES],
            "body": body(OUTLINES, 1.25),
            "slabs": [
                slab(axis, index, spacing, mm, kind)
                for kind in ("mip", "minip", "mean")
                for axis, index, spacing, mm in ((0, 8, 0.8, 5), (0, 1, 2.5, 10), (1, 9, 0.7, 3), (2, 22, 0.7, 4), (0, 5, 5, 3))
            ],
        },
        indent=1,
    )
)
