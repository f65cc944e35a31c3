"""Air trapping, the response map and transitions of classes between two CTs with a given registration, by numpy and scipy.

    python3 test/reference/airTrapping.py > test/reference/airTrapping.json

CTs, labels and the registration follow from the formulas below, which test/unit/registration/counted.test.ts has too.
Made with numpy 2 and scipy 1.17.
"""
import json

import numpy as np
from scipy.ndimage import map_coordinates

LOBES = ["RUL", "RML", "RLL", "LUL", "LLL"]
TEXTURES = ["normal", "ggo", "consolidation", "reticulation", "honeycombing", "emphysema"]


def grid(size, spacing, origin):
    affine = np.eye(4)
    affine[:3, :3] = np.diag(spacing)
    affine[:3, 3] = origin
    k, j, i = np.meshgrid(*(np.arange(n) for n in size[::-1]), indexing="ij")
    return affine, i, j, k


def ct(size, spacing, origin, salt):
    affine, i, j, k = grid(size, spacing, origin)
    return {
        "affine": affine,
        "hu": (i * 37 + j * 53 + k * 71 + i * j * salt) % 620 - 1080,
        "lobes": (i * 2 + j + k * 3 + salt) % 6,
        "textures": (i + 2 * j + k + salt) % 7,
    }


FIRST = ct((14, 12, 10), (0.9, 0.8, 1.2), (-6, -5, -6), 3)
SECOND = ct((13, 12, 11), (1.0, 0.9, 1.1), (-6, -5, -6), 5)
GRID, GI, GJ, GK = grid((6, 5, 5), (2.5, 2.5, 2.5), (-6.2, -5.1, -5.5))
STEPS = [(GI * 5 + GJ * 3 + GK * 11) % 23 * 4 - 40, (GI * 7 + GJ * 2 + GK * 5) % 19 * 4 - 36, (GI * 3 + GJ * 8 + GK) % 17 * 4 - 30]
TO_MOVING = np.array([[1.05, 0.02, 0, 0.3], [-0.02, 0.96, 0.01, -0.2], [0, 0.03, 1.1, 0.4], [0, 0, 0, 1]])
FIELD = [step / 256 for step in STEPS]


def sample(values, xyz):
    return map_coordinates(values.astype(float), xyz[::-1], order=1, mode="nearest")


def determinants():
    """Of x + u(x), by central differences within the grid and by one-sided ones at its edge."""
    slopes = np.array([np.gradient(u)[::-1] for u in FIELD])
    for a in range(3):
        slopes[a, a] += 1
    return np.linalg.det(np.moveaxis(slopes, (0, 1), (-2, -1))) * abs(np.linalg.det(TO_MOVING[:3, :3]))


def places():
    """For each lung voxel of the first CT: its indices, its place in the second CT, and how much it expands."""
    inside = np.argwhere(FIRST["lobes"] > 0)
    ijk = np.vstack([inside[:, ::-1].T, np.ones(len(inside))])
    at = (np.linalg.inv(GRID) @ FIRST["affine"] @ ijk)[:3]
    moved = at + np.array([sample(u, at) for u in FIELD])
    second = np.linalg.inv(SECOND["affine"]) @ TO_MOVING @ GRID @ np.vstack([moved, np.ones(len(inside))])
    return tuple(inside.T), second[:3], sample(determinants(), at)


def nearest(labels, xyz):
    index = np.floor(xyz + 0.5).astype(int)
    size = np.array(labels.shape[::-1])[:, None]
    within = ((index >= 0) & (index < size)).all(axis=0)
    found = np.zeros(xyz.shape[1], int)
    found[within] = labels[tuple(index[::-1, within])]
    return found


def hu_at(hu, xyz):
    size = np.array(hu.shape[::-1])[:, None]
    beyond = ((xyz < -0.5) | (xyz > size - 0.5)).any(axis=0)
    return np.where(beyond, -1024, np.floor(sample(hu, xyz) + 0.5))


def regions(lobes):
    yield "total", lobes > 0
    for n, lobe in enumerate(LOBES):
        yield lobe, lobes == n + 1


def main():
    voxel_ml = float(np.prod([0.9, 0.8, 1.2]) / 1000)
    air = []
    for region, part in regions(FIRST["lobes"]):
        hu = FIRST["hu"][part]
        air.append(
            {
                "region": region,
                "volumeMl": len(hu) * voxel_ml,
                "meanHu": hu.mean(),
                "belowPercent": 100 * (hu < -856).mean(),
                "betweenPercent": 100 * ((hu >= -950) & (hu < -856)).mean(),
            }
        )
    own, xyz, expansion = places()
    lobes = FIRST["lobes"][own]
    inspired, expired = FIRST["hu"][own], hu_at(SECOND["hu"], xyz)
    other = nearest(SECOND["lobes"], xyz)
    counted = (other > 0) & (inspired >= -1000) & (inspired <= -500) & (expired >= -1000) & (expired <= -500)
    thin, trapped = inspired < -950, expired < -856
    kinds = [~thin & ~trapped, ~thin & trapped, thin & trapped, thin & ~trapped]
    response = [
        {
            "region": region,
            "classifiedMl": float((counted & part).sum()) * voxel_ml,
            "percent": [100 * float((kind & counted & part).sum()) / float((counted & part).sum()) for kind in kinds],
        }
        for region, part in regions(lobes)
    ]
    before = FIRST["textures"][own]
    after = np.where(other > 0, nearest(SECOND["textures"], xyz), 7)
    names = ["none", *TEXTURES, "outside"]
    _, _, _, slices = grid((14, 12, 10), (1, 1, 1), (0, 0, 0))
    slices = slices[own]
    transitions = [
        {
            "region": region,
            "before": names[a],
            "after": names[b],
            "beforeMl": int(cell.sum()) * voxel_ml,
            "afterMl": float(expansion[cell].sum()) * voxel_ml,
            "mostSlice": int(np.bincount(slices[cell]).argmax()),
        }
        for region, part in regions(lobes)
        for a in range(7)
        for b in range(8)
        if (cell := part & (before == a) & (after == b)).any()
    ]
    print(json.dumps({"air": air, "response": response, "transitions": transitions}))


main()
