"""Zones of drawn lungs by scipy's distance transform, and of real ones from an exported map of lobes.

Use: python zones.py > zones.json                    (numpy 2, scipy 1.17)
     python zones.py lobes.seg.nrrd [peripheral mm]  ml of each zone, to compare with `quantify … by zone`

Lungs are closed by a ball of 10 mm on their own grid (LungNB: on voxels of about 3 mm); what lies 5 mm or more beneath
that envelope and is no lung counts as lung for the distance.
"""

import json
import sys
import zlib

import numpy as np
from scipy.ndimage import distance_transform_edt

ZONES = [f"{side}-{third}-{depth}" for side in ("right", "left") for third in ("upper", "middle", "lower")
         for depth in ("central", "peripheral")]


def depth_of(lung, spacing):
    """mm to the nearest voxel outside the lung; nothing lies beyond the picture. Arrays are z, y, x."""
    room = [int(np.ceil(10 / mm)) + 1 for mm in spacing]
    padded = np.pad(lung, [(r, r) for r in room])
    near = distance_transform_edt(~padded, sampling=spacing) <= 10
    closed = distance_transform_edt(near, sampling=spacing) > 10
    beneath = distance_transform_edt(closed, sampling=spacing)
    inner = tuple(slice(r, -r) for r in room)
    gaps = (beneath[inner] >= 5) & ~lung
    return distance_transform_edt(lung | gaps, sampling=spacing)


def zones_of(lobes, affine, peripheral):
    spacing = np.linalg.norm(affine[:3, :3], axis=0)[::-1]
    k, j, i = np.indices(lobes.shape)
    height = affine[2, 0] * i + affine[2, 1] * j + affine[2, 2] * k
    zones = np.zeros(lobes.shape, np.uint8)
    depths = np.zeros(lobes.shape)
    for n, labels in enumerate(((1, 2, 3), (4, 5))):
        lung = np.isin(lobes, labels)
        if not lung.any():
            continue
        depth = depth_of(lung, spacing)
        low, high = height[lung].min(), height[lung].max()
        share = (height - low) / (high - low)
        third = np.where(share >= 2 / 3 - 1e-5, 0, np.where(share >= 1 / 3 - 1e-5, 1, 2))
        zones[lung] = (6 * n + 2 * third + (depth <= peripheral) + 1)[lung]
        depths[lung] = depth[lung]
    return zones, depths


def drawn(hilum):
    """Two ellipsoids; with a hilum, a bar of 3 × 3 voxels leads from the middle into each."""
    z, y, x = np.meshgrid(np.arange(40), np.arange(50), np.arange(60), indexing="ij")
    right = ((x - 16) / 12) ** 2 + ((y - 25) / 18) ** 2 + ((z - 20) / 17) ** 2 <= 1
    left = ((x - 43) / 11) ** 2 + ((y - 25) / 18) ** 2 + ((z - 19) / 16) ** 2 <= 1
    lobes = np.zeros(x.shape, np.uint8)
    lobes[right] = np.where(z[right] >= 22, 1, 3)
    lobes[left] = np.where(z[left] >= 20, 4, 5)
    if hilum:
        lobes[(x >= 14) & (x < 46) & (abs(y - 25) <= 1) & (abs(z - 20) <= 1)] = 0
    return lobes


def turned(degrees):
    """About the patient's x: rows run downwards as well."""
    a = np.radians(degrees)
    affine = np.eye(4)
    affine[:3, :3] = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]]) @ np.diag((2.0, 2.5, 5.0))
    return affine


def case(degrees, peripheral, hilum):
    affine = turned(degrees)
    zones, depths = zones_of(drawn(hilum), affine, peripheral)
    inside = zones > 0
    return {
        "affine": affine.ravel().tolist(),
        "peripheral": peripheral,
        "hilum": hilum,
        "voxels": [int((zones == n + 1).sum()) for n in range(12)],
        "depthSum": float(depths[inside].sum()),
        "depthMost": float(depths.max()),
    }


def exported(path):
    data = open(path, "rb").read()
    end = data.index(b"\n\n")
    head = dict(line.replace(":=", ":").split(":", 1) for line in data[:end].decode().split("\n") if ":" in line)
    size = [int(n) for n in head["sizes"].split()]
    axes = [[float(n) for n in axis.split(",")] for axis in head["space directions"].strip()[1:-1].split(") (")]
    affine = np.eye(4)
    affine[:3, :3] = np.array(axes).T
    return np.frombuffer(zlib.decompress(data[end + 2 :], 47), np.uint8).reshape(size[::-1]), affine


if __name__ == "__main__":
    if len(sys.argv) > 1:
        lobes, affine = exported(sys.argv[1])
        zones, _ = zones_of(lobes, affine, float(sys.argv[2]) if len(sys.argv) > 2 else 20)
        ml = abs(np.linalg.det(affine[:3, :3])) / 1000
        for n, zone in enumerate(ZONES):
            print(f"{zone:26} {(zones == n + 1).sum() * ml:8.1f}")
    else:
        cases = [case(0, 20, False), case(0, 10, False), case(12, 20, False), case(0, 20, True)]
        json.dump(cases, sys.stdout, indent=1)
        print()
