"""Reference values for src/kernel/ct/dicomFile.ts by pydicom and its pylibjpeg and pyjpegls plugins: Hounsfield units of single files.

Use: python syntaxes.py ../../../shared/data/dicom > syntaxes.json      (pydicom 3, numpy 2, pylibjpeg 2 with -openjpeg, -libjpeg and -rle, pyjpegls)
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pydicom

data = Path(sys.argv[1])


def rescale(dataset, frame):
    """Slope and intercept of a frame: its own functional group, the shared one, or the file's."""
    for groups in (getattr(dataset, "PerFrameFunctionalGroupsSequence", [])[frame:frame + 1], getattr(dataset, "SharedFunctionalGroupsSequence", [])):
        for group in groups:
            for item in getattr(group, "PixelValueTransformationSequence", []):
                return float(item.RescaleSlope), float(item.RescaleIntercept)
    return float(dataset.get("RescaleSlope", 1)), float(dataset.get("RescaleIntercept", 0))


def reference(file):
    dataset = pydicom.dcmread(file, force=True)
    pixels = dataset.pixel_array
    frames = pixels if int(dataset.get("NumberOfFrames", 1)) > 1 else pixels[None]
    found = []
    for n, frame in enumerate(frames):
        slope, intercept = rescale(dataset, n)
        hu = frame * slope + intercept
        if "PixelPaddingValue" in dataset:
            hu = np.where(frame == dataset.PixelPaddingValue, -1024, hu)
        hu = np.clip(np.floor(hu + 0.5), -1024, 32767).astype("<i2")
        found.append({"sum": int(hu.sum(dtype=np.int64)), "least": int(hu.min()), "most": int(hu.max()), "sha256": hashlib.sha256(hu.tobytes()).hexdigest()})
    return {"path": str(file.relative_to(data)), "rows": int(dataset.Rows), "columns": int(dataset.Columns), "frames": found[:40]}


references = []
for file in sorted([*(data / "syntaxes").iterdir(), *(data / "odd").glob("*.dcm"), *sorted((data / "j2k-series").iterdir())[:3]]):
    try:
        references.append(reference(file))
    except Exception as error:
        print(file.name, error, file=sys.stderr)
json.dump(references, sys.stdout, separators=(",", ":"))
