"""Reads masks that LungNB wrote as others do, and looks at every voxel: its label has to follow from the CT's own voxel.

SimpleITK, nibabel, pynrrd, highdicom, pydicom-seg and dcmqi (segimage2itkimage) read them; dcmqi's tid1500reader and
highdicom the report. Prints what was read, with the SHA-256 of what is in each file, so that the values hold for it alone.

Use: node test/reference/writeMasks.ts /tmp/masks && python masks.py /tmp/masks OLDER_PYTHON > masks.json
(SimpleITK 2.5.7, nibabel 5.4.2, pynrrd 1.1.3, highdicom 0.28.2, pydicom 3.0.2, dcmqi 1.5.7, numpy 2; OLDER_PYTHON has
pydicom-seg 0.4.1 with pydicom 2.4)
"""

import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import warnings
import zlib
from pathlib import Path

import highdicom as hd
import nibabel
import nrrd
import numpy as np
import pydicom
import SimpleITK as sitk

warnings.simplefilter("ignore")
written, OLDER_PYTHON = Path(sys.argv[1]), sys.argv[2]
TITLES = ["lobes", "textures"]


def label_of(hu, kinds, salt):
    product = (hu.astype(np.int64) + 2048 + salt * 4099) * 2654435761 & 0xFFFFFFFF
    return ((product >> 16) % kinds).astype(np.uint8)


def expected(hu, title):
    lobes = label_of(hu, 6, 1)
    return lobes if title == "lobes" else np.where(lobes > 0, label_of(hu, 7, 2), 0)


class Ct:
    """Hounsfield units of every slice by UID and frame, and of every place in mm."""

    def __init__(self, folder):
        self.slices, self.places = {}, {}
        for file in sorted(folder.iterdir()):
            ds = pydicom.dcmread(file)
            pixels = ds.pixel_array.astype(np.int64) - 1024
            if "PerFrameFunctionalGroupsSequence" in ds:
                shared = ds.SharedFunctionalGroupsSequence[0]
                self.orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
                self.spacing = shared.PixelMeasuresSequence[0].PixelSpacing
                for n, group in enumerate(ds.PerFrameFunctionalGroupsSequence):
                    self.add(ds.SOPInstanceUID, n + 1, group.PlanePositionSequence[0].ImagePositionPatient, pixels[n])
            else:
                self.orientation, self.spacing = ds.ImageOrientationPatient, ds.PixelSpacing
                self.add(ds.SOPInstanceUID, None, ds.ImagePositionPatient, pixels)
            self.last = ds

    def add(self, uid, frame, position, hu):
        self.slices[(uid, frame)] = (np.array(position, float), hu)
        rows, columns = np.array(self.orientation[:3], float), np.array(self.orientation[3:], float)
        for j in range(hu.shape[0]):
            for i in range(hu.shape[1]):
                at = np.array(position, float) + rows * i * self.spacing[1] + columns * j * self.spacing[0]
                self.places[tuple(np.round(at, 2) + 0.0)] = hu[j, i]

    def wrong_at_places(self, labels, affine, title):
        """Of voxels in i, j, k order: those of the CT's places that have a wrong label, or none; and how many were looked at."""
        wrong, seen = 0, 0
        for index in np.ndindex(labels.shape):
            at = tuple(np.round((affine @ [*index, 1])[:3], 2) + 0.0)
            hu = self.near(at)
            if hu is None:
                continue
            seen += 1
            wrong += int(labels[index]) != int(expected(np.array(hu), title))
        return wrong, seen

    def near(self, at):
        if at in self.places:
            return self.places[at]
        for shift in np.ndindex(3, 3, 3):
            moved = tuple(np.round(np.array(at) + (np.array(shift) - 1) * 0.01, 2) + 0.0)
            if moved in self.places:
                return self.places[moved]
        return None


def by_itk(file):
    image = sitk.ReadImage(str(file))
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return affine, sitk.GetArrayFromImage(image).transpose()


def by_nibabel(file):
    image = nibabel.load(file)
    return np.diag([-1, -1, 1, 1]) @ image.affine, np.asarray(image.dataobj)


def by_pynrrd(file):
    values, header = nrrd.read(str(file))
    affine = np.eye(4)
    affine[:3, :3] = header["space directions"].T
    affine[:3, 3] = header["space origin"]
    return affine, values


def by_dcmqi(file):
    """Each segment is a file of its own, whose name ends in its number."""
    with tempfile.TemporaryDirectory() as folder:
        run = ["segimage2itkimage", "--inputDICOM", str(file), "--outputDirectory", folder, "-t", "nrrd"]
        subprocess.run([str(Path(sys.executable).parent / run[0]), *run[1:]], check=True, capture_output=True)
        affine, labels = None, 0
        for part in sorted(Path(folder).glob("*.nrrd")):
            affine, values = by_itk(part)
            labels = np.maximum(labels, values)
        if affine is None:
            raise ValueError("no segment")
        return affine, labels


def by_pydicom_seg(file):
    """It needs an older pydicom, and so a Python of its own."""
    code = "import sys, pydicom, pydicom_seg, SimpleITK; SimpleITK.WriteImage(pydicom_seg.MultiClassReader().read(pydicom.dcmread(sys.argv[1])).image, sys.argv[2])"
    with tempfile.NamedTemporaryFile(suffix=".nrrd") as out:
        subprocess.run([OLDER_PYTHON, "-c", code, str(file), out.name], check=True, capture_output=True)
        return by_itk(out.name)


def by_highdicom(file, ct, title):
    """By the images that frames refer to, as they were scanned, wherever they lie."""
    seg = hd.seg.segread(str(file))
    wrong = seen = 0
    numbers = list(seg.segment_numbers)
    for (uid, frame), (position, hu) in ct.slices.items():
        if frame is None:
            labels = seg.get_pixels_by_source_instance([uid], combine_segments=True, ignore_spatial_locations=True, assert_missing_frames_are_empty=True)
        else:
            labels = seg.get_pixels_by_source_frame(uid, [frame], combine_segments=True, ignore_spatial_locations=True, assert_missing_frames_are_empty=True)
        wrong += int((labels[0] != expected(hu, title)).sum())
        seen += hu.size
    described = [
        [d.SegmentNumber, d.SegmentLabel, d.segmented_property_type.value, d.segmented_property_type.scheme_designator]
        for d in (seg.get_segment_description(n) for n in numbers)
    ]
    return {"wrong": wrong, "seen": seen, "segments": described}


def frame_positions(file, ct):
    """Frames that do not lie exactly where the image lies that they refer to."""
    ds = pydicom.dcmread(file, stop_before_pixels=True)
    off = 0
    for group in ds.PerFrameFunctionalGroupsSequence:
        source = group.DerivationImageSequence[0].SourceImageSequence[0]
        position, _ = ct.slices[(source.ReferencedSOPInstanceUID, source.get("ReferencedFrameNumber"))]
        off += not np.array_equal(np.array(group.PlanePositionSequence[0].ImagePositionPatient, float), position)
    return off


READERS = {
    ".nii.gz": {"nibabel": by_nibabel, "SimpleITK": by_itk},
    ".seg.nrrd": {"pynrrd": by_pynrrd, "SimpleITK": by_itk},
    ".mha": {"SimpleITK": by_itk},
    ".seg.dcm": {"dcmqi": by_dcmqi, "pydicom-seg": by_pydicom_seg},
    ".labelmap.seg.dcm": {"dcmqi": by_dcmqi},
}


def result_of(read, file, ct, title):
    try:
        affine, labels = read(file)
    except Exception as error:
        return {"refused": type(error).__name__}
    wrong, seen = ct.wrong_at_places(labels, affine, title)
    return {"wrong": wrong, "seen": seen}


def content(file):
    """Without how zlib packed it, which differs between its versions."""
    data = file.read_bytes()
    if file.name.endswith(".nii.gz"):
        data = gzip.decompress(data)
    if file.name.endswith(".nrrd"):
        head, packed = data.split(b"\n\n", 1)
        data = head + gzip.decompress(packed)
    if file.name.endswith(".mha"):
        head, packed = data.split(b"ElementDataFile = LOCAL\n", 1)
        data = b"\n".join(line for line in head.split(b"\n") if b"CompressedDataSize" not in line) + zlib.decompress(packed)
    return hashlib.sha256(data).hexdigest()


def report(file):
    """What highdicom finds in each measurement group, and whether dcmqi reads it as TID 1500."""
    sr = hd.sr.srread(str(file))
    groups = []
    for group in sr.content.get_volumetric_roi_measurement_groups():
        values = {m.name.meaning + (f" {m.derivation.meaning}" if m.derivation else ""): m.value for m in group.get_measurements()}
        [segment] = group.referenced_segment.referenced_segment_numbers
        groups.append([group.tracking_identifier, segment, values])
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run = [str(Path(sys.executable).parent / "tid1500reader"), "--inputDICOM", str(file), "--outputMetadata", out.name]
        subprocess.run(run, check=True, capture_output=True)
        read = json.load(open(out.name))
    return {"highdicom": groups, "dcmqi": len(read["Measurements"])}


cases = {}
for folder in sorted(written.iterdir()):
    ct = Ct(folder / "ct")
    files = {}
    for title in TITLES:
        for ending, readers in READERS.items():
            file = folder / "masks" / (title + ending)
            entry = {"sha256": content(file), **{name: result_of(read, file, ct, title) for name, read in readers.items()}}
            if ending.endswith(".dcm"):
                entry["highdicom"] = by_highdicom(file, ct, title)
                entry["framesElsewhere"] = frame_positions(file, ct)
            files[file.name] = entry
    sr = folder / "masks" / "measurements.sr.dcm"
    files[sr.name] = {"sha256": content(sr), **report(sr)}
    cases[folder.name] = files
json.dump(cases, sys.stdout, separators=(",", ":"))
