"""Masks as other programs write them, on the CT of writeMaskCt.ts, and what has to be read in them.

Use: node writeMaskCt.ts /tmp/masks-ct && python givenMasks.py /tmp/masks-ct ../fixtures/masks > givenMasks.json
(SimpleITK 2.5, nibabel 5.4, highdicom 0.28, pydicom 3.0, pynrrd 1.1, numpy 2)

For each file: SHA-256 of its lobes (1-5: RUL RML RLL LUL LLL) and textures (1-6) as bytes in z, y, x order on the CT's grid
(LPS), and the number of voxels of every other structure.
"""

import hashlib
import json
import sys
from pathlib import Path

import highdicom as hd
import nibabel
import nrrd
import numpy as np
import pydicom
import SimpleITK as sitk
from highdicom.seg import Segmentation, SegmentDescription, SegmentationTypeValues
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

ct_folder, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
slices = sorted((pydicom.dcmread(f) for f in ct_folder.iterdir()), key=lambda s: float(s.ImagePositionPatient[2]))
first = slices[0]
NX, NY, NZ = first.Columns, first.Rows, len(slices)
SPACING = [float(first.PixelSpacing[1]), float(first.PixelSpacing[0]), 2.5]
ORIGIN = [float(v) for v in first.ImagePositionPatient]

z, y, x = np.meshgrid(np.arange(NZ), np.arange(NY), np.arange(NX), indexing="ij")
inside = (y >= 2) & (y < 14) & (z >= 2) & (z < 22)
right, left = inside & (x >= 1) & (x < 8), inside & (x >= 11) & (x < 18)
upper = z >= 11 + (y - 8) // 4
lobes = np.zeros((NZ, NY, NX), np.uint8)
lobes[right & upper] = 1
lobes[right & ~upper & (y < 7)] = 2
lobes[right & ~upper & (y >= 7)] = 3
lobes[left & upper] = 4
lobes[left & ~upper] = 5
vessels = (inside & (x % 5 == 2)).astype(np.uint8)
textures = np.where(lobes > 0, 1, 0).astype(np.uint8)
textures[(lobes > 0) & (y > 10)] = 2
textures[(lobes > 0) & (x == 16)] = 5
NAMES = ["RUL", "RML", "RLL", "LUL", "LLL"]


def sha(array):
    return hashlib.sha256(np.ascontiguousarray(array.astype(np.uint8)).tobytes()).hexdigest()


expected = {}


def expect(name, lobes=None, textures=None, **others):
    expected[name] = {
        **({"lobes": sha(lobes)} if lobes is not None else {}),
        **({"textures": sha(textures)} if textures is not None else {}),
        "others": others,
    }


def itk(array):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN)
    return image


# Label maps without names, in several orientations.
sitk.WriteImage(itk(lobes), str(out / "lobes.mha"), True)
sitk.WriteImage(itk(lobes), str(out / "lobes.nrrd"), True)
sitk.WriteImage(itk(lobes), str(out / "lobes.nii.gz"))
for name in ["lobes.mha", "lobes.nrrd", "lobes.nii.gz"]:
    expect(name, lobes)
for orientation in ["RAS", "ASL", "SPR"]:
    name = f"lobes-{orientation}.nii.gz"
    ras = np.diag([-1, -1, 1, 1]) @ np.array(
        [[SPACING[0], 0, 0, ORIGIN[0]], [0, SPACING[1], 0, ORIGIN[1]], [0, 0, SPACING[2], ORIGIN[2]], [0, 0, 0, 1]]
    )
    image = nibabel.Nifti1Image(lobes.transpose(), ras)
    turn = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt(tuple(orientation))
    )
    nibabel.save(image.as_reoriented(turn), out / name)
    expect(name, lobes)

# Only the part of the grid that has labels, as 3D Slicer and ITK-SNAP crop.
part = itk(lobes)[0:18, 2:14, 2:22]
sitk.WriteImage(part, str(out / "lobes-cropped.nrrd"), True)
expect("lobes-cropped.nrrd", lobes)

# TotalSegmentator's multi-label file names its labels in an extension of the header, as it writes them.
TOTAL = {10: "lung_upper_lobe_left", 11: "lung_lower_lobe_left", 12: "lung_upper_lobe_right", 13: "lung_middle_lobe_right", 14: "lung_lower_lobe_right", 51: "heart"}
OURS = {10: 4, 11: 5, 12: 1, 13: 2, 14: 3}
multi = np.zeros_like(lobes)
for label, lobe in OURS.items():
    multi[lobes == lobe] = label
multi[(lobes == 0) & inside & (x > 8) & (x < 10)] = 51
image = nibabel.Nifti1Image(multi.transpose(), ras)
rows = "".join(f'<Label Key="{key}" Red="1" Green="0" Blue="0" Alpha="1"><![CDATA[{name}]]></Label>' for key, name in TOTAL.items())
xml = f'<?xml version="1.0" encoding="UTF-8"?> <CaretExtension><VolumeInformation Index="0"><LabelTable>{rows}</LabelTable></VolumeInformation></CaretExtension>'
image.header.extensions.append(nibabel.nifti1.Nifti1Extension(0, xml.encode()))
nibabel.save(image, out / "total.nii.gz")
expect("total.nii.gz", lobes)

# lungmask's order of lobes.
mask = np.zeros_like(lobes)
for value, lobe in enumerate([4, 5, 1, 2, 3], 1):
    mask[lobes == lobe] = value
sitk.WriteImage(itk(mask), str(out / "lungmask.nii.gz"))
expect("lungmask.nii.gz", lobes)

# 3D Slicer's segmentation, with vessels that overlap the lobes in a second layer.
header = {
    "space": "left-posterior-superior",
    "kinds": ["list", "domain", "domain", "domain"],
    "space directions": np.array([[np.nan] * 3, [SPACING[0], 0, 0], [0, SPACING[1], 0], [0, 0, SPACING[2]]]),
    "space origin": ORIGIN,
    "encoding": "gzip",
}
for n, name in enumerate([*NAMES, "pulmonary vessels"]):
    header |= {
        f"Segment{n}_ID": f"Segment_{n + 1}",
        f"Segment{n}_Name": name,
        f"Segment{n}_LabelValue": str(n % 5 + 1),
        f"Segment{n}_Layer": str(n // 5),
    }
nrrd.write(str(out / "slicer.seg.nrrd"), np.stack([lobes.transpose(), vessels.transpose()]), header)
expect("slicer.seg.nrrd", lobes, vessels=int(vessels.sum()))


# DICOM SEG by highdicom.
def described(number, label, type_code):
    return SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.SCT.AnatomicalStructure,
        segmented_property_type=type_code,
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.MANUAL,
    )


def seg(pixels, kind, descriptions, **more):
    return Segmentation(
        source_images=slices,
        pixel_array=pixels,
        segmentation_type=kind,
        segment_descriptions=descriptions,
        series_instance_uid="1.2.3.1",
        series_number=9,
        sop_instance_uid="1.2.3.2",
        instance_number=1,
        manufacturer="Test",
        manufacturer_model_name="Test",
        software_versions="1",
        device_serial_number="1",
        **more,
    )


lung = codes.SCT.Lung
planes = np.stack([*[(lobes == n).astype(np.uint8) for n in range(1, 6)], vessels], axis=-1)
lobe_descriptions = [described(n + 1, name, lung) for n, name in enumerate(NAMES)]
binary = [*lobe_descriptions, described(6, "Blood vessels", codes.SCT.BloodVessel)]
seg(planes, SegmentationTypeValues.BINARY, binary).save_as(out / "binary.dcm")
expect("binary.dcm", lobes, vessels=int(vessels.sum()))
# The same with every empty frame, and frames of all slices.
seg(planes[..., :5], SegmentationTypeValues.BINARY, lobe_descriptions, omit_empty_frames=False).save_as(out / "binary-full.dcm")
expect("binary-full.dcm", lobes)
fractions = np.stack([(lobes == n) * np.where(y % 2, 0.8, 0.6) + (lobes != n) * 0.2 for n in range(1, 6)], axis=-1)
seg(
    fractions,
    SegmentationTypeValues.FRACTIONAL,
    lobe_descriptions,
    fractional_type=hd.seg.SegmentationFractionalTypeValues.PROBABILITY,
    max_fractional_value=200,
).save_as(out / "fractional.dcm")
expect("fractional.dcm", lobes)
classes = ["Normal lung", "Ground glass opacity", "c", "d", "Honeycombing"]
for name, syntax in [("labelmap.dcm", ExplicitVRLittleEndian), ("labelmap-rle.dcm", pydicom.uid.RLELossless)]:
    seg(
        lobes,
        SegmentationTypeValues.LABELMAP,
        lobe_descriptions,
        transfer_syntax_uid=syntax,
    ).save_as(out / name)
    expect(name, lobes)
texture_map = np.select([textures == 1, textures == 2, textures == 5], [1, 2, 3], 0).astype(np.uint8)
seg(
    texture_map,
    SegmentationTypeValues.LABELMAP,
    [described(n + 1, classes[at], lung) for n, at in enumerate([0, 1, 4])],
).save_as(out / "textures.dcm")
expect("textures.dcm", textures=textures)


# RTSTRUCT: contours through the centres of the voxels at the border, which are inside as the standard has it.
def contour(points, k, kind="CLOSED_PLANAR"):
    item = Dataset()
    item.ContourGeometricType = kind
    mm = [c for i, j in points for c in (ORIGIN[0] + i * SPACING[0], ORIGIN[1] + j * SPACING[1], ORIGIN[2] + k * SPACING[2])]
    item.NumberOfContourPoints = len(points)
    item.ContourData = [f"{v:.6g}" for v in mm]
    return item


def box(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def rtstruct(name, rois):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.481.3"
    meta.MediaStorageSOPInstanceUID = "1.2.3.5"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.5"
    data.Modality = "RTSTRUCT"
    data.PatientID, data.PatientName = first.PatientID, "Nobody"
    data.StudyInstanceUID, data.SeriesInstanceUID = first.StudyInstanceUID, "1.2.3.6"
    series = Dataset()
    series.SeriesInstanceUID = first.SeriesInstanceUID
    study = Dataset()
    study.RTReferencedSeriesSequence = [series]
    frame = Dataset()
    frame.FrameOfReferenceUID = first.FrameOfReferenceUID
    frame.RTReferencedStudySequence = [study]
    data.ReferencedFrameOfReferenceSequence = [frame]
    data.StructureSetROISequence, data.ROIContourSequence = [], []
    for number, (label, contours) in enumerate(rois.items(), 1):
        roi = Dataset()
        roi.ROINumber, roi.ROIName = number, label
        roi.ReferencedFrameOfReferenceUID = first.FrameOfReferenceUID
        drawn = Dataset()
        drawn.ReferencedROINumber = number
        drawn.ContourSequence = contours
        data.StructureSetROISequence.append(roi)
        data.ROIContourSequence.append(drawn)
    data.save_as(out / name, enforce_file_format=True)


hole = (x >= 2) & (x <= 12) & (y >= 3) & (y <= 13) & ~((x >= 5) & (x <= 8) & (y >= 6) & (y <= 9))
within = [k for k in range(5, 9)]
keyhole = [(2, 3), (12, 3), (12, 13), (2, 13), (2, 6), (4.5, 6), (4.5, 9.5), (8.5, 9.5), (8.5, 5.5), (4.5, 5.5), (4.5, 6), (2, 6)]
rtstruct(
    "contours.dcm",
    {
        "Lung_R": [contour(box(1, 2, 7, 13), k) for k in range(2, 22)],
        "nested": [c for k in within for c in (contour(box(2, 3, 12, 13), k), contour(box(5, 6, 8, 9), k))],
        "xor": [c for k in within for c in (contour(box(2, 3, 12, 13), k, "CLOSEDPLANAR_XOR"), contour(box(5, 6, 8, 9), k, "CLOSEDPLANAR_XOR"))],
        "keyhole": [contour(keyhole, k) for k in within],
        "two": [c for k in within for c in (contour(box(1, 1, 4, 4), k), contour(box(3, 3, 6, 6), k))],
        "between": [contour(box(1, 1, 4, 4), k + 0.5) for k in range(6, 12, 2)],
        "seed": [contour([(3, 3)], 5, "POINT")],
    },
)
ring = int(hole[0].sum()) * 4
expect(
    "contours.dcm",
    **{
        "right-lung": 7 * 12 * 20,
        "nested": ring,
        "xor": ring,
        "keyhole": ring,
        "two": (16 + 16 - 4) * 4,
        # Planes at 6.5, 8.5 and 10.5, two slices apart: each stands for the two slices beside it.
        "between": 16 * 6,
    },
)

print(json.dumps(expected, indent=1))
