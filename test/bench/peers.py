"""Reads the series of a folder once by pydicom and numpy, or by SimpleITK, and prints seconds and peak growth of memory.

Use: python peers.py pydicom|SimpleITK FOLDER
"""

import json
import re
import sys
import time
from pathlib import Path

reader, folder = sys.argv[1], Path(sys.argv[2])


def status_kb(name):
    """Memory of this process alone (Linux); getrusage would give that of the parent's image too."""
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def by_pydicom():
    datasets = [pydicom.dcmread(file) for file in folder.iterdir()]
    datasets.sort(key=lambda d: float(d.ImagePositionPatient[2]))
    volume = np.empty((len(datasets), datasets[0].Rows, datasets[0].Columns), np.int16)
    for n, dataset in enumerate(datasets):
        volume[n] = dataset.pixel_array * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
        datasets[n] = None
    return volume


def by_simpleitk():
    files = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    image = SimpleITK.ReadImage(files, SimpleITK.sitkInt16)
    return SimpleITK.GetArrayViewFromImage(image)


if reader == "pydicom":
    import numpy as np
    import pydicom
else:
    import SimpleITK
before = status_kb("VmRSS")
start = time.perf_counter()
volume = by_pydicom() if reader == "pydicom" else by_simpleitk()
seconds = time.perf_counter() - start
peak = status_kb("VmHWM")
print(json.dumps({"seconds": seconds, "memory": (peak - before) * 1024 / (volume.size * 2)}))
