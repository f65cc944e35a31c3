"""Scores a lung-lobes checkpoint on CT drawn around held-out lobe maps. Use: python score_lobes.py DATA_FOLDER CHECKPOINT

The same drawings for every checkpoint: two per held-out real map and one per held-out simulated chest.
"""

import json
import random
import statistics
import sys
from pathlib import Path

import torch

from lobes import LABELS, dice_scores
from synthetic_ct import deform, draw_ct, load_volumes
from unet import lobe_network

SEED = 99
CROP = (128, 112, 128)


@torch.no_grad()
def main():
    data, checkpoint = Path(sys.argv[1]), torch.load(sys.argv[2], map_location="cpu")
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    network = lobe_network(len(LABELS)).to(memory_format=torch.channels_last_3d).eval()
    network.load_state_dict(checkpoint["weights"])
    rows = {True: [], False: []}
    for entry, arrays in load_volumes(data):
        if not entry["heldOut"]:
            continue
        image, labels = draw_ct(*deform(arrays, CROP, rng), rng)
        if ((labels > 0) & (labels < 6)).sum() < 20_000:  # an abdomen or a neck: no lobe to score
            continue
        with torch.autocast("cpu", dtype=torch.bfloat16):
            predicted = network(image[None, None].to(memory_format=torch.channels_last_3d)).argmax(1)[0]
        inside = lambda x: (x > 0) & (x < 6)
        lung = (2 * (inside(predicted) & inside(labels)).sum() / (inside(predicted).sum() + inside(labels).sum())).item()
        rows[entry["real"]].append([lung, *dice_scores(predicted, labels)])
    names = ["lung", *LABELS[1:]]
    for real, scores in rows.items():
        columns = list(zip(*scores))
        summary = {name: {"mean": round(statistics.mean(c), 3), "median": round(statistics.median(c), 3), "least": round(min(c), 3)} for name, c in zip(names, columns)}
        print(json.dumps({"step": checkpoint["step"], "maps": "real" if real else "drawn", "drawings": len(scores), "dice": summary}))


if __name__ == "__main__":
    main()
