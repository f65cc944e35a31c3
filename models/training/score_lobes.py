"""Scores a lung-lobes run on CT drawn around held-out lobe maps and held-out drawn lungs: python score_lobes.py PACK_FOLDER RUN_FOLDER

The same drawings for every run on one device, one per held-out volume of the pack.
"""

import json
import statistics
import sys
from pathlib import Path

import torch

from descent import seed_step, use_device
from lobes import LABELS, SCORED_CROP, draw, is_lung, lobe_scores, predict, to_chest
from pack import load_pack
from unet import lobe_network

SEED = 99
LEAST_LUNG_VOXELS = 20_000


def main():
    pack, run = Path(sys.argv[1]), Path(sys.argv[2])
    use_device()
    checkpoint = torch.load(run / "latest.pt", map_location="cpu")
    network = lobe_network(len(LABELS)).to(memory_format=torch.channels_last_3d).eval()
    network.load_state_dict(checkpoint["weights"])
    rows = {"map": [], "drawn": []}
    for volume in load_pack(pack, tuple(rows)):
        if not volume.entry["heldOut"]:
            continue
        image, labels = draw(to_chest(volume), SCORED_CROP, seed_step(SEED, volume.entry["name"]))
        if int(is_lung(labels).sum()) >= LEAST_LUNG_VOXELS:  # else an abdomen or a neck: no lobe to score
            rows[volume.entry["kind"]].append(lobe_scores(predict(network, image), labels))
    for kind, scores in rows.items():
        columns = {name: [score[name] for score in scores] for name in (scores[0] if scores else {})}
        summary = {name: {"mean": round(statistics.mean(c), 3), "median": round(statistics.median(c), 3), "least": round(min(c), 3)} for name, c in columns.items()}
        print(json.dumps({"step": checkpoint["step"], "around": kind, "drawings": len(scores), "dice": summary}))


if __name__ == "__main__":
    main()
