"""Packs exported volumes for a training elsewhere, into one small folder: python pack.py EXPORT_FOLDER... PACK_FOLDER

Each volume becomes one NAME.xz with its arrays one after another; index.json lists them. Refuses real data that left training for good (heldOut.json), and more than LIMIT_MB.
"""

import json
import lzma
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from held_out import refuse_left_training

LIMIT_MB = 50
"""Long matches make label maps a third smaller than xz's own presets below "extreme" do."""
XZ = [{"id": lzma.FILTER_LZMA2, "preset": 6, "nice_len": 273, "depth": 200}]
"""HU of real chests are packed in steps of 4, a fraction of their noise, and up to dense bone."""
HU_STEP, HU_RANGE = 4, (-1024, 1000)


@dataclass
class Volume:
    """One exported volume; arrays by name in z, y, x order, uint8 or (HU) int16."""

    entry: dict
    arrays: dict[str, torch.Tensor]


def encode(array: np.ndarray) -> bytes:
    """Labels as they are; HU as differences from slice to slice, with low and high bytes apart, which packs better."""
    if array.dtype == np.uint8:
        return array.tobytes()
    steps = (array.clip(*HU_RANGE) // HU_STEP).astype(np.int16)
    difference = np.diff(steps, axis=0, prepend=np.zeros_like(steps[:1]))
    return difference.view(np.uint8).reshape(-1, 2).T.tobytes()


def decode(raw: bytes, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    if dtype == "uint8":
        return np.frombuffer(raw, np.uint8).reshape(shape).copy()
    planes = np.frombuffer(raw, np.uint8).reshape(2, -1)
    difference = np.ascontiguousarray(planes.T).view(np.int16).reshape(shape)
    return np.cumsum(difference, axis=0, dtype=np.int16) * np.int16(HU_STEP)


def read_export(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "volumes.jsonl").read_text().splitlines()]


def pack_volume(folder: Path, entry: dict, pack: Path) -> int:
    shape = entry["size"][::-1]
    arrays = [np.fromfile(folder / f"{entry['name']}.{name}", dtype).reshape(shape) for name, dtype in entry["arrays"].items()]
    packed = lzma.compress(b"".join(map(encode, arrays)), filters=XZ)
    (pack / f"{entry['name']}.xz").write_bytes(packed)
    return len(packed)


def unpack_volume(pack: Path, entry: dict) -> Volume:
    """On torch's default device."""
    raw = lzma.decompress((pack / f"{entry['name']}.xz").read_bytes())
    shape = tuple(entry["size"][::-1])
    arrays, first = {}, 0
    for name, dtype in entry["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        arrays[name] = torch.from_numpy(decode(raw[first : first + size], dtype, shape))
        first += size
    return Volume(entry, arrays)


def load_pack(pack: Path, kinds: tuple[str, ...]) -> list[Volume]:
    """The volumes of some kinds, unpacked by as many threads as there are cores, on torch's default device."""
    entries = [entry for entry in json.loads((pack / "index.json").read_text()) if entry["kind"] in kinds]
    if not entries:
        raise SystemExit(f"{pack} holds no volumes of the kinds {', '.join(kinds)}: pack their export first.")
    for entry in entries:
        refuse_left_training(entry)
    with ThreadPoolExecutor() as threads:
        volumes = list(threads.map(lambda entry: unpack_volume(pack, entry), entries))
    device = torch.get_default_device()
    return [Volume(v.entry, {name: array.to(device) for name, array in v.arrays.items()}) for v in volumes]


def main():
    *exports, pack = map(Path, sys.argv[1:])
    if not exports:
        raise SystemExit("use: python pack.py EXPORT_FOLDER... PACK_FOLDER")
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "index.json").unlink(missing_ok=True)
    index, sizes = [], {}
    with ThreadPoolExecutor() as threads:
        for folder in exports:
            entries = read_export(folder)
            for entry in entries:
                refuse_left_training(entry)
            for entry, size in zip(entries, threads.map(lambda entry: pack_volume(folder, entry, pack), entries)):
                sizes[entry["kind"]] = sizes.get(entry["kind"], 0) + size
            index.extend(entries)
    total = sum(sizes.values()) / 1e6
    print({kind: f"{size / 1e6:.2f} MB" for kind, size in sizes.items()}, f"{len(index)} volumes, {total:.2f} MB")
    if total > LIMIT_MB:
        raise SystemExit(f"{total:.1f} MB, where a pack may have {LIMIT_MB}: export fewer chests or slabs.")
    (pack / "index.json").write_text(json.dumps(index) + "\n")


if __name__ == "__main__":
    main()
