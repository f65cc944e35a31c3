"""Exports the networks of an nnU-Net v2 results folder as ONNX, for LungNB.

Use: python nnunet.py FOLDER [--checkpoint checkpoint_final.pth] [--half]
     (where nnunetv2 is installed, with the package onnx; FOLDER has plans.json, dataset.json and fold_0, fold_1 ...)

Beside each checkpoint it writes an .onnx file of the same name, and into FOLDER lungnb-export.json, which holds what only the
checkpoints tell. Nothing is fetched, and nothing else is changed. Then: lungnb import-model FOLDER
"""

import argparse
import json
from pathlib import Path

import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", type=Path)
parser.add_argument("--checkpoint", default="checkpoint_final.pth")
parser.add_argument("--half", action="store_true", help="weights and numbers of 16 bits: half the size, a little less exact")
given = parser.parse_args()

folds = sorted(folder.name.removeprefix("fold_") for folder in given.folder.glob("fold_*") if (folder / given.checkpoint).exists())
if not folds:
    parser.error(f"no fold_* of {given.folder} has a {given.checkpoint}")
predictor = nnUNetPredictor(device=torch.device("cpu"), perform_everything_on_device=False, allow_tqdm=False)
predictor.initialize_from_trained_model_folder(str(given.folder), folds, given.checkpoint)
configuration = predictor.configuration_manager
channels = len(predictor.dataset_json.get("channel_names", predictor.dataset_json.get("modality")))
type_ = torch.float16 if given.half else torch.float32
files = []
for fold, weights in zip(folds, predictor.list_of_parameters):
    predictor.network.load_state_dict(weights)
    network = predictor.network.eval().to(type_)
    example = torch.zeros(1, channels, *configuration.patch_size, dtype=type_)
    file = given.folder / f"fold_{fold}" / Path(given.checkpoint).with_suffix(".onnx").name
    torch.onnx.export(network, (example,), str(file), input_names=["ct"], output_names=["logits"], opset_version=17, dynamo=False)
    files.append(file.relative_to(given.folder).as_posix())
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
name = next(name for name in predictor.plans_manager.available_configurations if predictor.plans_manager.get_configuration(name).configuration == configuration.configuration)
axes = predictor.allowed_mirroring_axes
told = {"program": "nnunetv2", "configuration": name, "mirrorAxes": list(axes) if axes is not None else [], "files": files}
(given.folder / "lungnb-export.json").write_text(json.dumps(told, indent=1) + "\n")
