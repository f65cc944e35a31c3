"""Exports a network of lungmask (Hofmanninger et al. 2020) as ONNX, for LungNB.

Use: python lungmask.py R231|LTRCLobes|R231CovidWeb FOLDER [--weights FILE.pth]
     (where lungmask is installed, with the package onnx)

Without --weights lungmask takes its own, which it keeps or fetches as it always does. FOLDER gets model.onnx and
lungnb-export.json. Then: lungnb import-model FOLDER
"""

import argparse
import json
from pathlib import Path

import torch
from lungmask.mask import get_model

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("name", choices=["R231", "LTRCLobes", "R231CovidWeb"])
parser.add_argument("folder", type=Path)
parser.add_argument("--weights", type=Path)
given = parser.parse_args()

network = get_model(given.name, str(given.weights) if given.weights else None).eval()
given.folder.mkdir(parents=True, exist_ok=True)
torch.onnx.export(network, (torch.zeros(1, 1, 256, 256),), str(given.folder / "model.onnx"), input_names=["ct"], output_names=["logits"], opset_version=17, dynamo=False)
(given.folder / "lungnb-export.json").write_text(json.dumps({"program": "lungmask", "network": given.name, "files": ["model.onnx"]}, indent=1) + "\n")
