"""Pairs of CTs with a known deformation, and how well SimpleITK finds it: the reference of src/kernel/registration.

    python3 test/reference/registration.py FOLDER

FOLDER holds NAME.nrrd (HU) with NAME.lungs.nrrd (0 is no lung), such as `registration.ts draw` writes and as chests with
masks of their lungs have. Of each, the script bends a fixed image F(x) = M(phi(x)) for two fields phi: `visit` (another
day: posture, a little less air, a lesion that is new) and `breath` (expiration: the diaphragm rises by 25 mm, and density
follows from the mass of lung that stays). It writes NAME-KIND.json with raw arrays beside it, which `registration.ts measure`
reads, registers by SimpleITK (affine by correlation on lungs alone, then diffeomorphic demons after histogram matching,
from 12 to 3 mm), and prints the error at 500 points of the lungs in mm. Made with numpy 2, scipy 1.17 and SimpleITK 2.5.
"""
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import gaussian_filter, map_coordinates

SPACING = 3.0  # mm, of the pairs
LEAST = 30  # mm, around the lungs


def load(path):
    """HU and mask, cropped to the lungs, on isotropic voxels; arrays are z, y, x in LPS."""
    image = sitk.DICOMOrient(sitk.ReadImage(str(path)), "LPS")
    mask = sitk.DICOMOrient(sitk.ReadImage(str(path).replace(".nrrd", ".lungs.nrrd")), "LPS")
    # A map of lobes may lie on its CT's grid with rounded numbers in its header.
    mask.CopyInformation(image)
    mask = sitk.Cast(mask > 0, sitk.sitkUInt8)
    size = [int(round(n * s / SPACING)) for n, s in zip(image.GetSize(), image.GetSpacing())]
    smooth = sitk.SmoothingRecursiveGaussian(sitk.Cast(image, sitk.sitkFloat32), 0.7)

    def on(what, how, background):
        return sitk.Resample(what, size, sitk.Transform(), how, image.GetOrigin(), [SPACING] * 3, image.GetDirection(), background)

    hu = sitk.GetArrayFromImage(on(smooth, sitk.sitkLinear, -1024)).astype(np.float32)
    lungs = sitk.GetArrayFromImage(on(mask, sitk.sitkNearestNeighbor, 0)) > 0
    room = int(LEAST / SPACING)
    box = tuple(slice(max(0, a.min() - room), a.max() + room + 1) for a in np.nonzero(lungs))
    return hu[box], lungs[box]


def field(lungs, kind, seed):
    """Displacement in mm from each voxel of the fixed image to the moving one: (3, z, y, x), x first."""
    rng = np.random.default_rng(seed)
    shape = lungs.shape
    z, y, x = np.meshgrid(*(np.arange(n) * SPACING for n in shape), indexing="ij")
    zs, ys, _ = np.nonzero(lungs)
    low, high = zs.min() * SPACING, zs.max() * SPACING
    front, back = ys.min() * SPACING, ys.max() * SPACING
    up = np.clip((z - low) / (high - low), 0, 1)
    fore = np.clip((back - y) / (back - front), 0, 1)
    amount = {"visit": (6.0, 2.0, 3.0), "breath": (25.0, 6.0, 4.0)}[kind]
    # From the fixed to the moving: what lies low was lower still in the deeper breath.
    u = np.stack([0 * x, -amount[1] * fore, -amount[0] * (1 - up) ** 1.5])
    for axis in range(3):
        random = gaussian_filter(rng.standard_normal(shape), 22 / SPACING)
        u[axis] += amount[2] * random / np.abs(random).max()
    angle = np.deg2rad({"visit": 3.0, "breath": 1.0}[kind])
    cx, cy = x.mean(), y.mean()
    u[0] += (np.cos(angle) - 1) * (x - cx) - np.sin(angle) * (y - cy) + 5
    u[1] += np.sin(angle) * (x - cx) + (np.cos(angle) - 1) * (y - cy) - 6
    u[2] += 4
    return u


def jacobian(u):
    """Determinant of the derivative of x + u(x)."""
    d = np.stack([np.stack(np.gradient(u[a], SPACING)[::-1]) for a in range(3)])
    for a in range(3):
        d[a, a] += 1
    return (
        d[0, 0] * (d[1, 1] * d[2, 2] - d[1, 2] * d[2, 1])
        - d[0, 1] * (d[1, 0] * d[2, 2] - d[1, 2] * d[2, 0])
        + d[0, 2] * (d[1, 0] * d[2, 1] - d[1, 1] * d[2, 0])
    )


def bend(hu, lungs, kind, seed):
    u = field(lungs, kind, seed)
    index = np.meshgrid(*(np.arange(n, dtype=np.float64) for n in hu.shape), indexing="ij")
    at = [index[0] + u[2] / SPACING, index[1] + u[1] / SPACING, index[2] + u[0] / SPACING]
    fixed = map_coordinates(hu, at, order=3, mode="nearest")
    mask = map_coordinates(lungs.astype(np.float32), at, order=1, mode="constant") > 0.5
    determinant = jacobian(u)
    fixed = np.where(mask, np.clip((fixed + 1000) * determinant - 1000, -1024, 300), fixed)
    rng = np.random.default_rng(seed + 1)
    if kind == "visit":
        # A ground-glass lesion of 2.5 cm that the other date lacks.
        inside = np.argwhere(mask)
        centre = inside[rng.integers(len(inside))]
        distance = np.sqrt(sum(((index[a] - centre[a]) * SPACING) ** 2 for a in range(3)))
        fixed = np.where(mask & (distance < 12.5), np.maximum(fixed, -550 + 0.3 * (fixed + 850)), fixed)
    fixed = fixed + rng.normal(0, 15, hu.shape)
    return np.clip(fixed, -1024, 3000), mask, u, determinant


def points(mask, u, seed):
    """500 points of the fixed lungs, and where they are in the moving image, in mm."""
    rng = np.random.default_rng(seed + 2)
    zyx = np.argwhere(mask)
    chosen = zyx[rng.choice(len(zyx), 500, replace=False)]
    own = chosen[:, ::-1] * SPACING
    return own, own + np.stack([u[a][tuple(chosen.T)] for a in range(3)], axis=1)


def image_of(array):
    image = sitk.GetImageFromArray(array.astype(np.float32))
    image.SetSpacing([SPACING] * 3)
    return image


def on_lungs(hu, mask):
    """What both ways see: lungs alone, in a flat surrounding."""
    return image_of(np.where(mask, np.clip(hu, -1024, 100), 100))


def affine(fixed, moving, fixed_mask, moving_mask):
    def centre(mask):
        return np.array([a.mean() for a in np.nonzero(mask)])[::-1] * SPACING

    start = sitk.AffineTransform(3)
    start.SetCenter(centre(fixed_mask))
    start.SetTranslation(centre(moving_mask) - centre(fixed_mask))
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsCorrelation()
    method.SetMetricSamplingStrategy(method.REGULAR)
    method.SetMetricSamplingPercentage(0.1)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(1.0, 1e-3, 150)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([4, 2])
    method.SetSmoothingSigmasPerLevel([3, 1])
    method.SetInitialTransform(start, inPlace=False)
    return sitk.AffineTransform(sitk.CompositeTransform(method.Execute(fixed, moving)).GetBackTransform())


def by_demons(fixed, moving, start):
    matched = sitk.HistogramMatching(moving, fixed, 256, 15, True)
    grown = None
    for shrink, sigma, rounds in ((4, 2.0, 80), (2, 1.0, 60), (1, 0.0, 30)):
        def level(image):
            smooth = sitk.SmoothingRecursiveGaussian(image, sigma * SPACING / 2) if sigma else image
            size = [max(8, n // shrink) for n in image.GetSize()]
            spacing = [s * n / m for s, n, m in zip(image.GetSpacing(), image.GetSize(), size)]
            return sitk.Resample(smooth, size, sitk.Transform(), sitk.sitkLinear, image.GetOrigin(), spacing)

        f = level(fixed)
        m = sitk.Resample(matched, fixed, start, sitk.sitkLinear, 100.0)
        m = level(m)
        demons = sitk.DiffeomorphicDemonsRegistrationFilter()
        demons.SetNumberOfIterations(rounds)
        demons.SetStandardDeviations(1.5)
        demons.SetSmoothDisplacementField(True)
        if grown is not None:
            grown = sitk.Resample(grown, f, sitk.Transform(), sitk.sitkLinear, 0.0)
            grown = demons.Execute(f, m, grown)
        else:
            grown = demons.Execute(f, m)
    return sitk.CompositeTransform([start, sitk.DisplacementFieldTransform(sitk.Cast(grown, sitk.sitkVectorFloat64))])


def folded(transform, fixed, mask):
    u = sitk.TransformToDisplacementField(transform, sitk.sitkVectorFloat64, fixed.GetSize(), fixed.GetOrigin(), fixed.GetSpacing(), fixed.GetDirection())
    determinant = jacobian(np.moveaxis(sitk.GetArrayFromImage(u), -1, 0))
    return 100 * float((determinant[mask] <= 0).mean())


def quality(transform, pair):
    error = [np.linalg.norm(np.array(transform.TransformPoint(p)) - q) for p, q in zip(pair["own"].tolist(), pair["other"])]
    moved = sitk.Resample(image_of(pair["moving_mask"]), pair["fixed"], transform, sitk.sitkLinear, 0.0)
    moved = sitk.GetArrayFromImage(moved) > 0.5
    mask = pair["mask"]
    return {
        "tre_mean_mm": float(np.mean(error)),
        "tre_p95_mm": float(np.percentile(error, 95)),
        "dice": float(2 * (moved & mask).sum() / (moved.sum() + mask.sum())),
        "folded_percent": folded(transform, pair["fixed"], mask),
    }


def timed(work):
    start = time.process_time()
    done = work()
    return done, {"cpu_seconds": round(time.process_time() - start, 1), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def write(folder, name, fixed, mask, hu, lungs, own, other):
    for part, array in (("fixed", fixed), ("moving", hu)):
        np.round(array).astype(np.int16).tofile(folder / f"{name}.{part}.raw")
    for part, array in (("fixedLungs", mask), ("movingLungs", lungs)):
        array.astype(np.uint8).tofile(folder / f"{name}.{part}.raw")
    head = {"size": hu.shape[::-1], "spacing": SPACING, "own": own.tolist(), "other": other.tolist()}
    (folder / f"{name}.json").write_text(json.dumps(head))


def pairs(folder):
    for path in sorted(p for p in folder.glob("*.nrrd") if not p.name.endswith(".lungs.nrrd")):
        hu, lungs = load(path)
        for seed, kind in enumerate(("visit", "breath")):
            fixed, mask, u, determinant = bend(hu, lungs, kind, 10 + seed)
            own, other = points(mask, u, 10 + seed)
            name = f"{path.stem}-{kind}"
            write(folder, name, fixed, mask, hu, lungs, own, other)
            before = np.linalg.norm(own - other, axis=1)
            print(name, hu.shape, f"before {before.mean():.2f} mm, least determinant {determinant[mask].min():.2f}", flush=True)
            yield name, {
                "fixed": on_lungs(fixed, mask),
                "moving": on_lungs(hu, lungs),
                "mask": mask,
                "moving_mask": lungs,
                "own": own,
                "other": other,
            }


def main(folder):
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    results = {}
    for name, pair in list(pairs(folder)):
        start, used = timed(lambda: affine(pair["fixed"], pair["moving"], pair["mask"], pair["moving_mask"]))
        results[name] = {"affine": {**quality(start, pair), **used}}
        found, used = timed(lambda: by_demons(pair["fixed"], pair["moving"], start))
        results[name]["demons"] = {**quality(found, pair), **used}
        print(name, json.dumps(results[name]), flush=True)
    (folder / "simpleitk.results.json").write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
