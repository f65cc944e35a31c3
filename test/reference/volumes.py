"""Reference values for volume files: size, LPS affine, values; by SimpleITK and nibabel, and pynrrd where ITK reads none.

Of NIfTI the affine is nibabel's, and `itk` is SimpleITK's where that is another; null where a reader fails.

Use: node writeVolumes.ts /tmp/volumes && python volumes.py /tmp/volumes ../../../shared/data > volumes.json
(SimpleITK 2.5, nibabel 5.4, pynrrd 1.1, numpy 2)
"""

import hashlib
import json
import sys
from pathlib import Path

import nibabel
import nrrd
import numpy as np
import SimpleITK as sitk

written, data = Path(sys.argv[1]), Path(sys.argv[2])
HEADERS = ["*.nrrd", "*.nhdr", "*.mha", "*.mhd", "*.nii", "*.nii.gz", "*.hdr"]


def by_itk(file):
    image = sitk.ReadImage(str(file))
    dimensions = image.GetDimension()
    steps = np.array(image.GetDirection()).reshape(dimensions, dimensions) * image.GetSpacing()
    affine = np.eye(4)
    affine[:3, :3] = steps[:3, :3]
    affine[:3, 3] = image.GetOrigin()[:3]
    return affine, sitk.GetArrayFromImage(image).transpose()


def by_nibabel(file):
    image = nibabel.load(file)
    affine = np.diag([-1, -1, 1, 1]) @ image.affine
    return affine, image.get_fdata()


def by_pynrrd(file):
    """Axes without a direction are rows of NaN; the variants read so are in LPS."""
    values, header = nrrd.read(str(file))
    directions = header["space directions"]
    affine = np.eye(4)
    affine[:3, :3] = directions[~np.isnan(directions).any(axis=1)].T
    affine[:3, 3] = header["space origin"]
    return affine, values


def result_of(read, file):
    try:
        return read(file)
    except Exception:
        return None


def rounded(affine):
    return [round(float(v), 6) + 0.0 if np.isfinite(v) else None for v in affine.reshape(-1)]


def reference(name, file):
    is_nifti = file.name.endswith((".nii", ".nii.gz", ".hdr"))
    own, itk = result_of(by_nibabel, file) if is_nifti else None, result_of(by_itk, file)
    affine, values = own or itk or by_pynrrd(file)
    values = values.reshape([size for size in values.shape if size > 1])
    whole = np.floor(values.astype(np.float64) + 0.5).astype(np.int64)
    differs = is_nifti and (own is None or itk is None or not np.allclose(own[0], itk[0], atol=1e-4))
    return {
        "name": name,
        "size": list(values.shape),
        "affine": rounded(affine),
        **({"itk": rounded(itk[0]) if itk else None} if differs else {}),
        "sum": int(whole.sum()),
        # Every voxel, 16 bits little endian, x fastest, as LungNB holds them.
        "sha256": hashlib.sha256(np.clip(whole, -32768, 32767).astype("<i2").tobytes(order="F")).hexdigest(),
    }


variants = []
for folder in sorted(written.iterdir()):
    header = next(file for pattern in HEADERS for file in folder.glob(pattern))
    variants.append(reference(folder.name, header))
shared = [reference(f"ct/{file.name}", file) for file in sorted((data / "ct").glob("*")) if file.suffix in (".nrrd", ".mha")]
shared += [reference(f"lobes/{file.name}", file) for file in sorted((data / "lobes").glob("*.nrrd"))[:2]]
json.dump({"variants": variants, "shared": shared}, sys.stdout, separators=(",", ":"))
