"""Reference values for src/kernel/ct/dicomFile.ts: Hounsfield units and affine of single files, every voxel of them.

Lossy JPEG is decoded by dcmtk's dcmdjpeg (pydicom's decoder rounds differently, and knows no spectral selection or full
progression), all else by pydicom with its pylibjpeg and pyjpegls plugins: OpenJPEG, CharLS, libjpeg and RLE.

Use: node writeSyntaxes.ts /tmp/syntaxes && python syntaxes.py ../../../shared/data/dicom /tmp/syntaxes > syntaxes.json
(pydicom 3, numpy 2, pylibjpeg 2 with -openjpeg, -libjpeg and -rle, pyjpegls, dcmtk 3.6)
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom

data, written = Path(sys.argv[1]), Path(sys.argv[2])
LOSSY_JPEG = {f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55)}


def group(dataset, frame, sequence):
    """The item of a functional group: the frame's own, the shared one, or the file itself."""
    for groups in (getattr(dataset, "PerFrameFunctionalGroupsSequence", [])[frame:frame + 1], getattr(dataset, "SharedFunctionalGroupsSequence", [])):
        for one in groups:
            for item in getattr(one, sequence, []):
                return item
    return dataset


def affine(dataset, frame):
    """LPS affine of a single slice, its third axis along the normal; None without geometry."""
    position = group(dataset, frame, "PlanePositionSequence").get("ImagePositionPatient")
    orientation = group(dataset, frame, "PlaneOrientationSequence").get("ImageOrientationPatient")
    spacing = group(dataset, frame, "PixelMeasuresSequence").get("PixelSpacing")
    if not (position and orientation and spacing):
        return None
    row, column = np.array(orientation, float).reshape(2, 3)
    matrix = np.eye(4)
    matrix[:3] = np.stack([row * float(spacing[1]), column * float(spacing[0]), np.cross(row, column), np.array(position, float)], 1)
    return [round(float(v), 6) + 0.0 for v in matrix.reshape(-1)]


def stored(file, dataset):
    if dataset.file_meta.TransferSyntaxUID not in LOSSY_JPEG:
        return dataset.pixel_array, "pydicom"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dcmdjpeg", str(file), f"{folder}/out.dcm"], check=True)
        return pydicom.dcmread(f"{folder}/out.dcm").pixel_array, "dcmtk"


def reference(file, root):
    dataset = pydicom.dcmread(file, force=True)
    pixels, by = stored(file, dataset)
    frames = pixels if int(dataset.get("NumberOfFrames", 1)) > 1 else pixels[None]
    found = []
    for n, frame in enumerate(frames):
        rescale = group(dataset, n, "PixelValueTransformationSequence")
        hu = frame * float(rescale.get("RescaleSlope", 1)) + float(rescale.get("RescaleIntercept", 0))
        if "PixelPaddingValue" in dataset:
            hu = np.where(frame == dataset.PixelPaddingValue, -1024, hu)
        hu = np.clip(np.floor(hu + 0.5), -1024, 32767).astype("<i2")
        found.append({"sha256": hashlib.sha256(hu.tobytes()).hexdigest(), "affine": affine(dataset, n)})
    return {"path": str(file.relative_to(root)), "by": by, "rows": int(dataset.Rows), "columns": int(dataset.Columns), "frames": found}


def references(files, root):
    made = []
    for file in files:
        try:
            made.append(reference(file, root))
        except Exception as error:
            print(file.name, error, file=sys.stderr)
    return made


shared = sorted([*(data / "syntaxes").iterdir(), *(data / "odd").glob("*.dcm"), *(data / "j2k-series").iterdir()])
json.dump({"shared": references(shared, data), "written": references(sorted(written.iterdir()), written)}, sys.stdout, separators=(",", ":"))
