"""Exports the networks of an nnU-Net v1 folder as ONNX, with its plans as JSON, for LungNB.

Use: python nnunet1.py FOLDER [--checkpoint model_final_checkpoint]
     (where nnunet 1.7 is installed, with the package onnx; FOLDER has plans.pkl and fold_0, fold_1 ...)

plans.pkl can be read by Python alone; what LungNB needs of it goes into lungnb-export.json. Version 1 averages probabilities,
so that the softmax is exported with the network. Then: lungnb import-model FOLDER
"""

import argparse
import json
from pathlib import Path

import torch
from batchgenerators.utilities.file_and_folder_operations import load_pickle
from nnunet.training.model_restore import load_model_and_checkpoint_files

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", type=Path)
parser.add_argument("--checkpoint", default="model_final_checkpoint")
given = parser.parse_args()

plans = load_pickle(str(given.folder / "plans.pkl"))
trainer, weights = load_model_and_checkpoint_files(str(given.folder), None, mixed_precision=False, checkpoint_name=given.checkpoint)
stage = plans["plans_per_stage"][trainer.stage if trainer.stage is not None else max(plans["plans_per_stage"])]
network = trainer.network
network.do_ds = False
network.inference_apply_nonlin = lambda logits: logits


class Probabilities(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.network = network

    def forward(self, ct):
        return torch.softmax(self.network(ct), 1)


folds = sorted(folder for folder in given.folder.glob("fold_*") if (folder / f"{given.checkpoint}.model").exists())
files = []
for fold, checkpoint in zip(folds, weights):
    trainer.load_checkpoint_ram(checkpoint, False)
    file = fold / f"{given.checkpoint}.onnx"
    example = torch.zeros(1, 1, *[int(side) for side in stage["patch_size"]])
    torch.onnx.export(Probabilities().eval().cpu(), (example,), str(file), input_names=["ct"], output_names=["probabilities"], opset_version=17, dynamo=False)
    files.append(file.relative_to(given.folder).as_posix())
properties = plans["dataset_properties"]["intensityproperties"][0]
told = {
    "program": "nnunet", "files": files,
    "patch": [int(side) for side in stage["patch_size"]],
    "spacing": [float(mm) for mm in stage["current_spacing"]],
    "transposeForward": [int(axis) for axis in plans["transpose_forward"]],
    "modality": plans["modalities"][0],
    "intensity": {key: float(properties[key]) for key in ("mean", "sd", "percentile_00_5", "percentile_99_5")},
    "labels": json.loads((given.folder / "dataset.json").read_text())["labels"] if (given.folder / "dataset.json").exists() else {str(n): f"class {n}" for n in [0, *plans["all_classes"]]},
    "mirrorAxes": [int(axis) for axis in trainer.data_aug_params.get("mirror_axes", ())] if trainer.data_aug_params.get("do_mirror") else [],
}
(given.folder / "lungnb-export.json").write_text(json.dumps(told, indent=1) + "\n")
