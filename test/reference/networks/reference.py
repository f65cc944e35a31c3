"""Exports the tiny networks with the scripts that ship, and writes what nnU-Net and lungmask themselves make of two drawn chests.

Use: python reference.py WORK ../../fixtures/networks      (after trainTiny.py WORK; nnunetv2 2.8.1, lungmask 0.2.20, onnx)

Volumes are [z, y, x] with x to the left, y to the back, z to the head, packed with gzip; networks.json says their sizes.
"""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from drawnChest import LABELS, drawn_chest

WORK, TARGET = Path(sys.argv[1]), Path(sys.argv[2])
EXPORT = Path(__file__).resolve().parents[3] / "models" / "export"
# Voxels that nnU-Net resamples in all axes at once, and slices so thick that it resamples each by itself.
CHESTS = {"thin": (101, (4.0, 3.6, 3.6)), "thick": (102, (12.0, 3.5, 3.5))}
# Each takes time: chest, configuration, number of folds, whether mirrored.
WANTED = [("thin", "3d_fullres", 1, True), ("thin", "3d_fullres", 2, False), ("thick", "3d_fullres", 1, False),
          ("thick", "3d_fullres", 2, True), ("thin", "2d", 1, False), ("thick", "2d", 1, True)]
torch.set_num_threads(1)


def packed(name, array):
    (TARGET / name).write_bytes(gzip.compress(np.ascontiguousarray(array).tobytes(), 9, mtime=0))


def predictor_with(sums):
    """nnU-Net's predictor. It adds up in half precision, which turns some voxels between two equally probable labels: with "float" its own program adds up in 32 bits."""
    import nnunetv2.inference.predict_from_raw_data as module
    if sums == "float":
        own = Path(module.__file__).read_text().replace("torch.half", "torch.float32").replace("value_scaling_factor=10,", "value_scaling_factor=10, dtype=torch.float16,")
        exec(compile(own, module.__file__, "exec"), module.__dict__)
    return module.nnUNetPredictor


def nnunet(configuration, chests, sums="float"):
    nnUNetPredictor = predictor_with(sums)
    results = WORK / "results" / "Dataset901_DrawnLobes" / f"nnUNetTrainer__nnUNetPlans__{configuration}"
    subprocess.run([sys.executable, EXPORT / "nnunet.py", results], check=True)
    folder = TARGET / f"nnunet-{configuration}"
    for file in ["plans.json", "dataset.json", "lungnb-export.json", *(p.relative_to(results) for p in results.glob("fold_*/*.onnx"))]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(results / file, folder / file)
    folds = sorted(int(file.parent.name.removeprefix("fold_")) for file in results.glob("fold_*/checkpoint_final.pth"))
    for count in range(1, len(folds) + 1):
        for mirrored in (True, False):
            if not any(wanted[1:] == (configuration, count, mirrored) for wanted in WANTED):
                continue
            predictor = nnUNetPredictor(use_mirroring=mirrored, device=torch.device("cpu"), perform_everything_on_device=False, allow_tqdm=False)
            predictor.initialize_from_trained_model_folder(str(results), tuple(folds[:count]))
            for name, (hu, spacing) in chests.items():
                if (name, configuration, count, mirrored) not in (WANTED if sums == "float" else WANTED[:1]):
                    continue
                found = predictor.predict_single_npy_array(hu[None].astype(np.float32), {"spacing": list(spacing)})
                packed(f"{name}-{configuration}-{count}{'-mirrored' if mirrored else ''}{'-half' if sums == 'half' else ''}.raw.gz", found.astype(np.uint8))
                print(name, configuration, count, mirrored, np.bincount(found.ravel().astype(int)))


def lungmask(chests):
    """A network of lungmask's own form, with fewer channels, which learned a few slices."""
    from lungmask.mask import LMInferer
    from lungmask.resunet import UNet
    from lungmask.utils import crop_and_resize
    torch.manual_seed(0)
    network = UNet(n_classes=6, padding=True, depth=3, wf=3, up_mode="upsample", batch_norm=True, residual=False)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    slices = []
    for case in range(6):
        hu, labels, _ = drawn_chest(case)
        for k in range(4, len(hu) - 4, 6):
            image, box = crop_and_resize(np.clip(hu[k], -1024, 600), 256, 256)
            cut = labels[k][box[0]:box[2], box[1]:box[3]]
            rows, columns = (np.round(np.linspace(0, n - 1, 256)).astype(int) for n in cut.shape)
            slices.append((torch.tensor((image + 1024) / 1624, dtype=torch.float32)[None, None], torch.tensor(cut[rows][:, columns], dtype=torch.long)[None]))
    for step in range(100):
        image, wanted = slices[step * 7 % len(slices)]
        loss = torch.nn.functional.nll_loss(network(image), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print("lungmask", loss.item())
    network.eval()
    folder = TARGET / "lungmask-lobes"
    folder.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(network, (torch.zeros(1, 1, 256, 256),), str(folder / "model.onnx"), input_names=["ct"], output_names=["logits"], opset_version=17, dynamo=False)
    (folder / "lungnb-export.json").write_text(json.dumps({"program": "lungmask", "network": "LTRCLobes", "files": ["model.onnx"]}, indent=1) + "\n")
    inferer = object.__new__(LMInferer)
    inferer.batch_size, inferer.volume_postprocessing, inferer.tqdm_disable, inferer.device = 4, False, True, torch.device("cpu")
    for name, (hu, _) in chests.items():
        found = inferer._inference(hu, network)
        packed(f"{name}-lungmask.raw.gz", found.astype(np.uint8))
        print(name, "lungmask", np.bincount(found.ravel().astype(int)))


def resampling():
    """nnU-Net's own resampling of a few numbers."""
    from nnunetv2.preprocessing.resampling.default_resampling import resample_data_or_seg_to_shape
    random = np.random.default_rng(5)
    rows = []
    for order, shape, to, old, new in [
        (3, (5, 9, 7), (8, 9, 11), (2, 1, 1), (1.25, 1, 0.64)), (3, (9, 12, 10), (5, 7, 4), (1, 1, 1), (1.8, 1.7, 2.5)),
        (3, (4, 8, 6), (9, 5, 8), (5, 1, 1), (2.2, 1.6, 0.75)), (3, (6, 5, 8), (4, 9, 6), (1, 6, 1), (1.5, 3.3, 1.3)),
        (1, (5, 9, 7), (8, 6, 11), (2, 1, 1), (1.25, 1.5, 0.64)), (1, (4, 8, 6), (9, 5, 8), (5, 1, 1), (2.2, 1.6, 0.75)),
    ]:
        values = random.normal(0, 1, shape).astype(np.float32)
        found = resample_data_or_seg_to_shape(values[None], to, old, new, order=order, order_z=0, force_separate_z=None)[0]
        flat = lambda array: [round(float(v), 6) for v in array.ravel()]
        rows.append({"order": order, "size": shape[::-1], "to": to[::-1], "spacing": old[::-1], "newSpacing": new[::-1], "values": flat(values), "expected": flat(found)})
    (TARGET / "resampling.json").write_text(json.dumps(rows) + "\n")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    chests = {}
    for name, (seed, spacing) in CHESTS.items():
        hu, _, _ = drawn_chest(seed, spacing)
        chests[name] = (hu, spacing)
        packed(f"{name}.raw.gz", hu)
    sizes = {name: {"size": hu.shape[::-1], "spacing": spacing[::-1]} for name, (hu, spacing) in chests.items()}
    (TARGET / "networks.json").write_text(json.dumps(sizes, indent=1) + "\n")
    parts = sys.argv[3:] or ["resampling", "3d_fullres half", "3d_fullres", "2d", "lungmask"]
    for part in parts:
        {"resampling": resampling, "lungmask": lambda: lungmask(chests)}.get(part, lambda: nnunet(part.split()[0], chests, "half" if part.endswith(" half") else "float"))()
