"""CT series of folders as LungNB, SimpleITK and dcm2niix put them together: size, spacing and mean of each volume.

Means are of values cut off at -1024, as LungNB has them. SimpleITK reads each SeriesInstanceUID as GDCM sorts it.

Use: python publicSeries.py FOLDER ... > series.md
(SimpleITK 2.5, numpy 2, dcm2niix 1.0.20260724 by its package; LUNGNB_NODE names another Node)
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dcm2niix
import numpy as np
import SimpleITK as sitk

sitk.ProcessObject.SetGlobalWarningDisplay(False)
SITK_SECONDS = 120


def in_words(size, spacing, mean):
    shape = " × ".join(str(int(n)) for n in size)
    return f"{shape} at {', '.join(f'{abs(mm):.2f}' for mm in spacing[:3])}, mean {mean:.1f}" if isinstance(mean, float) else f"{shape}, {mean}"


def of_image(image):
    pixels = np.clip(sitk.GetArrayFromImage(image).astype(float), -1024, 32767)
    return in_words(image.GetSize(), image.GetSpacing(), float(pixels.mean()))


def by_sitk(root):
    """In a process of its own: on some files GDCM does not come to an end."""
    try:
        command = [sys.executable, __file__, "--sitk", root]
        return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=SITK_SECONDS, check=True).stdout)
    except (subprocess.SubprocessError, ValueError):
        return [f"no answer within {SITK_SECONDS} s"]


def sitk_series(root):
    found = []
    folders = sorted({str(file.parent) for file in Path(root).rglob("*") if file.is_file()})
    for folder in folders:
        for uid in sitk.ImageSeriesReader.GetGDCMSeriesIDs(folder):
            try:
                files = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(folder, uid)
                reader = sitk.ImageSeriesReader()
                reader.SetFileNames(files)
                found.append(of_image(reader.Execute()))
            except RuntimeError:
                found.append(f"{len(files)} files refused")
    return found


def by_dcm2niix(root):
    with tempfile.TemporaryDirectory() as out:
        dcm2niix.main(["-z", "n", "-b", "n", "-m", "n", "-f", "%s_%d_%z", "-o", out, "-w", "2", str(root)], capture_output=True)
        found = []
        for file in sorted(Path(out).glob("*.nii")):
            try:
                found.append(of_image(sitk.ReadImage(str(file))))
            except RuntimeError:
                found.append(f"{file.stem}: not read")
        return found


def listed(found):
    counted = {one: found.count(one) for one in found}
    return "; ".join(f"{count} of {one}" if count > 1 else one for one, count in counted.items()) or "none"


def main():
    roots = [str(Path(one).resolve()) for one in sys.argv[1:]]
    node = os.environ.get("LUNGNB_NODE", "node")
    run = subprocess.run([node, str(Path(__file__).with_suffix(".ts")), *roots], check=True, capture_output=True, text=True)
    print("| folder | LungNB | SimpleITK | dcm2niix | LungNB says |\n| --- | --- | --- | --- | --- |")
    for line in run.stdout.splitlines():
        own = json.loads(line)
        series = [in_words(one["size"], one["spacing"], one["mean"]) for one in own["series"]]
        said = sorted({*own["problems"], *(flag for one in own["series"] for flag in one["flags"])})
        root = own["root"]
        name = "/".join(Path(root).parts[-2:])
        print(f"| {name} | {listed(series)} | {listed(by_sitk(root))} | {listed(by_dcm2niix(root))} | {', '.join(said).splitlines()[0] if said else ''} |")


if sys.argv[1] == "--sitk":
    print(json.dumps(sitk_series(sys.argv[2])))
else:
    main()
