"""Reference values for volume files by SimpleITK (NRRD, MetaImage) and nibabel (NIfTI): size, LPS affine, values.

Use: node writeVolumes.ts /tmp/volumes && python volumes.py /tmp/volumes ../../../shared/data > volumes.json
(SimpleITK 2.5, nibabel 5.4, numpy 2)
"""

import hashlib
import json
import sys
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK as sitk

written, data = Path(sys.argv[1]), Path(sys.argv[2])
HEADERS = ["*.nrrd", "*.nhdr", "*.mha", "*.mhd", "*.nii", "*.nii.gz", "*.hdr"]


def by_itk(file):
    image = sitk.ReadImage(str(file))
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return affine, sitk.GetArrayFromImage(image).transpose(2, 1, 0)


def by_nibabel(file):
    image = nibabel.load(file)
    affine = np.diag([-1, -1, 1, 1]) @ image.affine
    return affine, image.get_fdata()


def reference(name, file):
    affine, values = (by_nibabel if file.name.endswith((".nii", ".nii.gz", ".hdr")) else by_itk)(file)
    rounded = np.floor(values.astype(np.float64) + 0.5).astype(np.int64)
    return {
        "name": name,
        "size": list(values.shape),
        "affine": [round(float(v), 6) + 0.0 for v in affine.reshape(-1)],
        "sum": int(rounded.sum()),
        # Every voxel, 16 bits little endian, x fastest, as LungNB holds them.
        "sha256": hashlib.sha256(np.clip(rounded, -32768, 32767).astype("<i2").tobytes(order="F")).hexdigest(),
    }


variants = []
for folder in sorted(written.iterdir()):
    header = next(file for pattern in HEADERS for file in folder.glob(pattern))
    variants.append(reference(folder.name, header))
shared = [reference(f"ct/{file.name}", file) for file in sorted((data / "ct").glob("*")) if file.suffix in (".nrrd", ".mha")]
shared += [reference(f"lobes/{file.name}", file) for file in sorted((data / "lobes").glob("*.nrrd"))[:2]]
json.dump({"variants": variants, "shared": shared}, sys.stdout, separators=(",", ":"))
