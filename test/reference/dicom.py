"""Reference values for src/kernel/ct by pydicom and SimpleITK: affine, size and Hounsfield units of the series in ../shared/data.

Untilted series are read by both, which have to agree; a tilted one is straightened slice by slice with SimpleITK.

Use: python dicom.py ../../../shared/data > dicom.json
(pydicom 3 with pylibjpeg-openjpeg, numpy 2, SimpleITK 2.5)
"""

import hashlib
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk

data = Path(sys.argv[1])


def files_of(path):
    """The bytes of all files of a folder or zip file by name."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def slices_of(path, chosen=lambda dataset: True):
    """(dataset, bytes) of the CT slices, by position along the normal."""
    slices = []
    for content in files_of(path).values():
        try:
            dataset = pydicom.dcmread(io.BytesIO(content))
        except pydicom.errors.InvalidDicomError:
            continue
        if dataset.get("Modality") == "CT" and chosen(dataset):
            slices.append((dataset, content))
    normal = np.cross(*np.array(slices[0][0].ImageOrientationPatient, float).reshape(2, 3))
    slices.sort(key=lambda one: np.dot(normal, np.array(one[0].ImagePositionPatient, float)))
    return slices


def by_pydicom(slices):
    datasets = [dataset for dataset, _ in slices]
    first, last = datasets[0], datasets[-1]
    hu = np.stack([d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in datasets])
    row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    start = np.array(first.ImagePositionPatient, float)
    step = (np.array(last.ImagePositionPatient, float) - start) / (len(datasets) - 1)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2], affine[:3, 3] = row * first.PixelSpacing[1], column * first.PixelSpacing[0], step, start
    return affine, np.maximum(np.rint(hu), -1024).astype("<i2")


def by_simpleitk(slices):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for n, (_, content) in enumerate(slices):
            names.append(f"{folder}/{n:04}.dcm")
            Path(names[-1]).write_bytes(content)
        image = sitk.ReadImage(names)
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return affine, np.maximum(np.rint(sitk.GetArrayFromImage(image)), -1024).astype("<i2")


def straightened(slices):
    """Each slice moved within its plane to where the first one's normal leads, on the grid that holds them all."""
    affine, hu = by_pydicom(slices)
    row, column, step, start = (affine[:3, n] for n in range(4))
    spacing = [np.linalg.norm(row), np.linalg.norm(column)]
    first, second = row / spacing[0], column / spacing[1]
    normal = np.cross(first, second)
    shear = np.array([step @ first, step @ second])
    last = len(slices) - 1
    corner = np.minimum(0, shear * last)
    size = [n + int(np.ceil(abs(s) * last / mm)) for n, s, mm in zip(hu.shape[::-1][:2], shear, spacing)]
    upright = np.eye(4)
    upright[:3] = np.stack([row, column, normal * (step @ normal), start + first * corner[0] + second * corner[1]], 1)
    moved = []
    for k, values in enumerate(hu):
        image = sitk.GetImageFromArray(values.astype(np.float64))
        image.SetSpacing(spacing)
        image.SetOrigin([float(v) for v in shear * k])
        grid = sitk.Image(size, sitk.sitkFloat64)
        grid.SetSpacing(spacing)
        grid.SetOrigin([float(v) for v in corner])
        moved.append(sitk.GetArrayFromImage(sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, -1024.0)))
    # Where the slice ends, SimpleITK repeats its last values for half a pixel, and LungNB goes over to padding.
    inside = [[int(np.ceil((s * k - c) / mm)) + 1 for s, c, mm in zip(shear, corner, spacing)] for k in range(len(slices))]
    return upright, np.stack(moved), inside, hu.shape[::-1][:2]


def reference(path, patient_slices, **more):
    affine, hu = by_pydicom(patient_slices)
    other, also = by_simpleitk(patient_slices)
    assert np.allclose(affine, other, atol=1e-3), (affine, other)
    assert np.array_equal(hu, also)
    return {
        "path": path,
        **more,
        "size": list(hu.shape[::-1]),
        "affine": [round(float(v), 6) + 0.0 for v in affine.reshape(-1)],
        "sha256": hashlib.sha256(hu.tobytes()).hexdigest(),
    }


def tilted(path, thickness):
    slices = slices_of(data / path, lambda dataset: float(dataset.SliceThickness) == thickness)
    affine, hu, inside, size = straightened(slices)
    rng = np.random.default_rng(1)
    voxels = []
    for _ in range(500):
        k = int(rng.integers(0, len(slices)))
        i, j = (int(low + rng.integers(0, n - 2)) for low, n in zip(inside[k], size))
        voxels.append([i, j, k, round(float(hu[k, j, i]), 3)])
    return {
        "path": path,
        "thickness": thickness,
        "size": list(hu.shape[::-1]),
        "affine": [round(float(v), 6) + 0.0 for v in affine.reshape(-1)],
        "voxels": voxels,
    }


untilted = ["ct/LUNG1-001.zip", "ct/LIDC-IDRI-0314.zip", "dicom/j2k-series"]
odd = "dicom/odd/ge-gantry-tilt-and-gaps.zip"
json.dump(
    {"untilted": [reference(p, slices_of(data / p)) for p in untilted], "tilted": [tilted(odd, t) for t in (4.0, 7.0)]},
    sys.stdout,
    separators=(",", ":"),
)
