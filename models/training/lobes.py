"""Trains lung-lobes on synthetic CT alone. Use: python lobes.py DATA_FOLDER RUN_FOLDER --minutes 90"""

import copy
import json
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset

from descent import descend, read_checkpoint, read_options, save, set_rate, update_average
from synthetic_ct import deform, draw_ct, load_volumes
from unet import lobe_network

LABELS = ["background", "RUL", "RML", "RLL", "LUL", "LLL", "airway"]
AIRWAY = LABELS.index("airway")
# Lung denser than about -300 HU, on the input's scale from -1 to 1, and its weight in the loss.
DENSE, DENSE_WEIGHT = 0.0, 4
CROPS = [(112, 96, 128), (128, 96, 112), (96, 96, 112), (112, 80, 112), (64, 112, 144)]


class SyntheticChests(IterableDataset):
    def __init__(self, volumes, seed: int):
        self.volumes, self.seed = volumes, seed

    def __iter__(self):
        torch.set_num_threads(1)
        rng = random.Random(self.seed)
        torch.manual_seed(self.seed)
        real = [v for v in self.volumes if v[0]["real"]]
        drawn = [v for v in self.volumes if not v[0]["real"]]
        while True:
            _, arrays = rng.choice(real if rng.random() < 0.7 else drawn)
            yield draw_ct(*deform(arrays, rng.choice(CROPS), rng), rng)


def dice_cross_entropy(logits, labels, image):
    """Dice and cross-entropy; dense lung, which the network would rather leave to the chest wall, counts more in the latter."""
    probabilities = logits.softmax(1)
    truth = F.one_hot(labels, logits.shape[1]).movedim(-1, 1).float()
    overlap = (probabilities * truth).sum((0, 2, 3, 4))
    total = probabilities.sum((0, 2, 3, 4)) + truth.sum((0, 2, 3, 4))
    # Smoothing of 50 voxels keeps an absent lobe from dominating, and still charges lung drawn where there is none.
    dice = (2 * overlap[1:] + 50) / (total[1:] + 50)
    dense = (labels > 0) & (labels < AIRWAY) & (image[:, 0] > DENSE)
    weight = 1 + (DENSE_WEIGHT - 1) * dense
    entropy = (F.cross_entropy(logits, labels, reduction="none") * weight).sum() / weight.sum()
    return 1 - dice.mean() + entropy


def dice_scores(predicted, labels):
    return [
        (2 * ((predicted == c) & (labels == c)).sum() / ((predicted == c).sum() + (labels == c).sum()).clamp(min=1)).item()
        for c in range(1, len(LABELS))
    ]


def main():
    options = read_options(minutes=90, rate=2e-3)
    volumes = load_volumes(options.data)
    training = [v for v in volumes if not v[0]["heldOut"]]
    rng = random.Random(7)
    held_out = []
    for _, arrays in [v for v in volumes if v[0]["heldOut"]][:9:2]:
        held_out.append(draw_ct(*deform(arrays, (128, 112, 128), rng), rng))
    loader = iter(DataLoader(SyntheticChests(training, options.seed), batch_size=None, num_workers=1, prefetch_factor=4))
    network = lobe_network(len(LABELS)).to(memory_format=torch.channels_last_3d)
    first_step = 0
    if options.start:
        checkpoint = read_checkpoint(options.start)
        network.load_state_dict(checkpoint["weights"])
        first_step = checkpoint["step"]
    average = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    start, step, losses, last_saved = time.time(), 0, [], time.time()
    log = (options.run / "log.jsonl").open("w")
    while True:
        share = (time.time() - start) / (options.minutes * 60)
        if share >= 1:
            break
        set_rate(optimiser, options.rate, step, share)
        image, labels = next(loader)
        image = image[None, None].to(memory_format=torch.channels_last_3d)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(image)
        loss = dice_cross_entropy(logits.float(), labels[None], image)
        descend(loss, network, optimiser)
        step += 1
        losses.append(loss.item())
        update_average(average, network, step)
        if step % 20 == 0:
            print(f"{step} {time.time() - start:.0f}s loss {sum(losses[-20:]) / 20:.3f}", flush=True)
        if time.time() - last_saved > 420:
            save(average, options.run, first_step + step)
            record(average, held_out, log, first_step + step, start, losses)
            last_saved = time.time()
    save(average, options.run, first_step + step)
    record(average, held_out, log, first_step + step, start, losses)


@torch.no_grad()
def record(network, held_out, log, step, start, losses):
    scores = []
    for image, labels in held_out:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            predicted = network(image[None, None].to(memory_format=torch.channels_last_3d)).argmax(1)[0]
        scores.append(dice_scores(predicted, labels))
    means = [round(sum(column) / len(column), 3) for column in zip(*scores)]
    line = {"step": step, "seconds": round(time.time() - start), "loss": round(sum(losses[-100:]) / len(losses[-100:]), 3), "heldOutDice": dict(zip(LABELS[1:], means))}
    log.write(json.dumps(line) + "\n")
    log.flush()
    print(line, flush=True)


if __name__ == "__main__":
    main()
