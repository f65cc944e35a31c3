"""Trains the tiny nnU-Net v2 of the kernel's tests on drawn chests, with nnU-Net's own planning, preprocessing and trainer.

Use: python trainTiny.py WORK      (nnunetv2 2.8.1, torch on the CPU; some minutes)

WORK gets nnU-Net's three folders; the results are in WORK/results. `reference.py` then exports and predicts.
"""

import json
import os
import sys
from pathlib import Path

WORK = Path(sys.argv[1])
for name, folder in (("raw", "raw"), ("preprocessed", "preprocessed"), ("results", "results")):
    (WORK / folder).mkdir(parents=True, exist_ok=True)
    os.environ[f"nnUNet_{name}"] = str(WORK / folder)
os.environ["nnUNet_n_proc_DA"] = "1"

import numpy as np
import SimpleITK as sitk
import torch

from drawnChest import LABELS, drawn_chest

DATASET = "Dataset901_DrawnLobes"
CASES = 10
# What nnU-Net would plan for a graphics card is far too large here: lengths in voxels, z, y, x.
PATCH_3D, FEATURES_3D = [32, 48, 48], [6, 12, 24]
PATCH_2D, FEATURES_2D = [64, 64], [6, 12, 24]
SPACING_MM = [5.0, 4.0, 4.0]
EPOCHS, ITERATIONS = 8, 40


def write_cases():
    folder = WORK / "raw" / DATASET
    for part in ("imagesTr", "labelsTr"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for case in range(CASES):
        hu, labels, spacing = drawn_chest(case)
        for data, name in ((hu, f"imagesTr/chest{case:02}_0000.nii.gz"), (labels, f"labelsTr/chest{case:02}.nii.gz")):
            image = sitk.GetImageFromArray(data)
            image.SetSpacing([float(mm) for mm in spacing[::-1]])
            sitk.WriteImage(image, str(folder / name))
    described = {"channel_names": {"0": "CT"}, "labels": LABELS, "numTraining": CASES, "file_ending": ".nii.gz"}
    (folder / "dataset.json").write_text(json.dumps(described, indent=1))


def plan():
    from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments, preprocess
    extract_fingerprints([901], num_processes=1, check_dataset_integrity=True)
    plan_experiments([901])
    file = WORK / "preprocessed" / DATASET / "nnUNetPlans.json"
    plans = json.loads(file.read_text())
    for name, patch, features, spacing in (("3d_fullres", PATCH_3D, FEATURES_3D, SPACING_MM), ("2d", PATCH_2D, FEATURES_2D, SPACING_MM[1:])):
        configuration = plans["configurations"][name]
        stages, axes = len(features), len(patch)
        configuration.update(patch_size=patch, spacing=spacing, batch_size=2)
        configuration["architecture"]["arch_kwargs"].update(
            n_stages=stages, features_per_stage=features, kernel_sizes=[[3] * axes] * stages,
            strides=[[1] * axes] + [[2] * axes] * (stages - 1), n_conv_per_stage=[2] * stages, n_conv_per_stage_decoder=[2] * (stages - 1))
    plans["configurations"] = {name: plans["configurations"][name] for name in ("2d", "3d_fullres")}
    file.write_text(json.dumps(plans, indent=1))
    preprocess([901], configurations=["2d", "3d_fullres"], num_processes=[1, 1])


def train(configuration, fold):
    from batchgeneratorsv2.transforms.spatial.mirroring import MirrorTransform
    from nnunetv2.training.nnUNetTrainer.variants.data_augmentation.nnUNetTrainerNoDA import nnUNetTrainerNoDA

    mirrored = tuple(range(len(PATCH_3D if configuration == "3d_fullres" else PATCH_2D) - 1))

    # Mirrored along all axes but the last, so that left and right stay known; turned and bent is no chest, which takes time.
    # Predicting looks for the trainer by its name.
    class nnUNetTrainer(nnUNetTrainerNoDA):
        def configure_rotation_dummyDA_mirroring_and_inital_patch_size(self):
            rotation, dummy, patch, _ = super().configure_rotation_dummyDA_mirroring_and_inital_patch_size()
            self.inference_allowed_mirroring_axes = mirrored
            return rotation, dummy, patch, mirrored

        @staticmethod
        def get_training_transforms(*args, **kwargs):
            transforms = nnUNetTrainerNoDA.get_training_transforms(*args, **kwargs)
            transforms.transforms.insert(0, MirrorTransform(mirrored))
            return transforms

        def __init__(self, plans, configuration, fold, dataset_json, device=torch.device("cpu")):
            super().__init__(plans, configuration, fold, dataset_json, device)
            self.num_epochs, self.num_iterations_per_epoch, self.num_val_iterations_per_epoch = EPOCHS, ITERATIONS, 1

    folder = WORK / "preprocessed" / DATASET
    torch.manual_seed(fold)
    np.random.seed(fold)
    plans = json.loads((folder / "nnUNetPlans.json").read_text())
    described = json.loads((folder / "dataset.json").read_text())
    nnUNetTrainer({**plans, "continue_training": False}, configuration, fold, described).run_training()


if __name__ == "__main__":
    torch.set_num_threads(1)
    if not (WORK / "preprocessed" / DATASET / "nnUNetPlans_2d").exists():
        write_cases()
        plan()
    # No other process draws the patches.
    os.environ["nnUNet_n_proc_DA"] = "0"
    for configuration, fold in (("3d_fullres", 0), ("3d_fullres", 1), ("2d", 0)):
        train(configuration, fold)
