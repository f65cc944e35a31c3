"""Reference values for src/kernel/ct by pydicom: affine, size and Hounsfield units of series in ../shared/data.

Use: python dicom.py ../../../shared/data > dicom.json      (pydicom 3, numpy 2)
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pydicom

data = Path(sys.argv[1])


def series(zip_file):
    """CT slices sorted by position along the normal, as (datasets, Hounsfield units in z, y, x order)."""
    datasets = []
    with zipfile.ZipFile(zip_file) as archive:
        for name in archive.namelist():
            if name.endswith("/"):
                continue
            try:
                dataset = pydicom.dcmread(io.BytesIO(archive.read(name)))
            except pydicom.errors.InvalidDicomError:
                continue
            if dataset.get("Modality") == "CT":
                datasets.append(dataset)
    normal = np.cross(*np.array(datasets[0].ImageOrientationPatient, float).reshape(2, 3))
    datasets.sort(key=lambda d: np.dot(normal, np.array(d.ImagePositionPatient, float)))
    hu = np.stack([d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in datasets])
    return datasets, np.maximum(np.rint(hu), -1024).astype(np.int16)


def reference(path):
    datasets, hu = series(data / path)
    first, last = datasets[0], datasets[-1]
    row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    start = np.array(first.ImagePositionPatient, float)
    step = (np.array(last.ImagePositionPatient, float) - start) / (len(datasets) - 1)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2], affine[:3, 3] = row * first.PixelSpacing[1], column * first.PixelSpacing[0], step, start
    rng = np.random.default_rng(1)
    places = [[int(rng.integers(0, n)) for n in hu.shape[::-1]] for _ in range(200)]
    return {
        "path": path,
        "size": list(hu.shape[::-1]),
        "affine": [round(float(v), 6) for v in affine.reshape(-1)],
        "sum": int(hu.sum(dtype=np.int64)),
        "least": int(hu.min()),
        "most": int(hu.max()),
        "voxels": [{"at": p, "hu": int(hu[p[2], p[1], p[0]])} for p in places],
    }


json.dump([reference(p) for p in ["ct/LUNG1-001.zip", "ct/LIDC-IDRI-0314.zip"]], sys.stdout, separators=(",", ":"))
