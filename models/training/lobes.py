"""Trains lung-lobes on drawn chests, of which every lobe is known, and on real ones, of which the side of the lung is.

Use: python lobes.py PACK_FOLDER RUN_FOLDER --minutes 90
"""

import random
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from descent import Run, mixed_precision, read_options, seed_step
from pack import Volume, load_pack
from real_ct import LEFT, NOT_KNOWN, RIGHT, SIDES, draw_real
from synthetic_ct import CENTRAL_AIRWAY, Chest, chest_of, deform, draw_ct
from unet import lobe_network

LABELS = ["background", "RUL", "RML", "RLL", "LUL", "LLL", "airway"]
LOBES = range(1, 6)
# What is known of a real chest, in its order there (no lung, right, left), as the labels that it may be.
SIDE_LABELS = [[0, CENTRAL_AIRWAY], [1, 2, 3], [4, 5]]
# Lung denser than about -300 HU, on the input's scale from -1 to 1, and its weight in the loss.
DENSE, DENSE_WEIGHT = 0.0, 4
# Voxels that keep an absent lobe from dominating the Dice, and still charge lung drawn where there is none.
SMOOTHING = 50
CROPS = [(112, 96, 128), (128, 96, 112), (96, 96, 112), (112, 80, 112), (64, 112, 144)]
SCORED_CROP = (128, 112, 128)
# Shares of crops: of real chests among all, and of real lobe maps among the drawn ones.
REAL_SHARE, MAP_SHARE = 0.45, 0.7
SCORED_DRAWN, SCORED_REAL = 10, 6


def load_chests(pack: Path) -> dict[str, list[Chest]]:
    """Chests by kind: "map" and "drawn" (tissues, lobes, vessels, textures), and "real" (HU, what is known of the lungs)."""
    chests = {"map": [], "drawn": [], "real": []}
    for volume in load_pack(pack, tuple(chests)):
        chests[volume.entry["kind"]].append(to_chest(volume))
    return chests


def to_chest(volume: Volume) -> Chest:
    if volume.entry["kind"] == "real":
        return chest_of(volume, ("hu", "lungs"), lambda known: (known == RIGHT) | (known == LEFT))
    return chest_of(volume, ("tissues", "lobes", "vessels", "textures"), lambda lobes: (lobes > 0) & (lobes < CENTRAL_AIRWAY))


def draw(chest: Chest, shape, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """An image scaled to -1..1, and labels: lobes of a drawn chest, codes from SIDES on of a real one."""
    return draw_real(chest, shape, rng) if chest.entry["kind"] == "real" else draw_ct(*deform(chest, shape, rng), rng)


class Batches:
    """draw(step) of a run: `batch` crops of one shape, of real chests and of drawn ones."""

    def __init__(self, chests: dict[str, list[Chest]], seed: int, batch: int):
        self.chests = {kind: [c for c in of_kind if not c.entry["heldOut"]] for kind, of_kind in chests.items()}
        self.seed, self.batch = seed, batch

    def __call__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng = seed_step(self.seed, step)
        shape = rng.choice(CROPS)
        images, labels = zip(*(draw(self.choose(rng), shape, rng) for _ in range(self.batch)))
        return torch.stack(images)[:, None], torch.stack(labels)

    def choose(self, rng: random.Random) -> Chest:
        kind = "real" if rng.random() < REAL_SHARE else "map" if rng.random() < MAP_SHARE else "drawn"
        # A pack may lack a kind: without lobe maps it is free of their licence.
        return rng.choice(self.chests[kind] or [c for of_kind in self.chests.values() for c in of_kind])


def loss_of(logits: torch.Tensor, labels: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """The mean over crops of Dice and cross-entropy; dense lung, which the network would rather leave to the chest wall, counts more in the latter."""
    log_probabilities = logits.log_softmax(1)
    real = labels.amin((1, 2, 3)) >= SIDES
    losses = []
    for crop in range(len(labels)):
        if real[crop]:
            sides = torch.stack([log_probabilities[crop, names].logsumexp(0) for names in SIDE_LABELS])
            losses.append(dice_cross_entropy(sides, labels[crop] - SIDES, labels[crop] != SIDES + NOT_KNOWN, images[crop, 0]))
        else:
            known = torch.ones_like(labels[crop], dtype=torch.bool)
            losses.append(dice_cross_entropy(log_probabilities[crop], labels[crop], known, images[crop, 0]))
    return torch.stack(losses).mean()


def dice_cross_entropy(log_probabilities, labels, known, image) -> torch.Tensor:
    """1 - mean Dice of the classes from 1 on, plus cross-entropy, over the known voxels of one crop; logs (classes, z, y, x)."""
    classes = torch.arange(1, len(log_probabilities)).view(-1, 1, 1, 1)
    truth = (labels == classes) & known
    probabilities = log_probabilities[1:].exp() * known
    overlap = (probabilities * truth).sum((1, 2, 3))
    total = probabilities.sum((1, 2, 3)) + truth.sum((1, 2, 3))
    dice = (2 * overlap + SMOOTHING) / (total + SMOOTHING)
    dense = (labels > 0) & (labels < CENTRAL_AIRWAY) & (image > DENSE)
    weight = (1 + (DENSE_WEIGHT - 1) * dense) * known
    entropy = F.nll_loss(log_probabilities[None], torch.where(known, labels, 0)[None], reduction="none")[0]
    return 1 - dice.mean() + (entropy * weight).sum() / weight.sum().clamp(min=1)


def dice_of(one: torch.Tensor, other: torch.Tensor) -> float:
    return (2 * (one & other).sum() / (one.sum() + other.sum()).clamp(min=1)).item()


def is_lung(lobes: torch.Tensor) -> torch.Tensor:
    return (lobes > 0) & (lobes < CENTRAL_AIRWAY)


def lobe_scores(predicted: torch.Tensor, labels: torch.Tensor) -> dict[str, float]:
    """Dice of the lungs and of each lobe of a drawn chest."""
    return {"lungs": dice_of(is_lung(predicted), is_lung(labels)), **{LABELS[lobe]: dice_of(predicted == lobe, labels == lobe) for lobe in LOBES}}


def lung_scores(predicted: torch.Tensor, codes: torch.Tensor) -> dict[str, float]:
    """Of a real chest, where it is known: Dice of the lungs, and lung drawn where there is none, as a share of the lungs."""
    known, lung = codes != SIDES + NOT_KNOWN, (codes == SIDES + RIGHT) | (codes == SIDES + LEFT)
    found = is_lung(predicted) & known
    return {"lungs": dice_of(found, lung), "falseShare": ((found & ~lung).sum() / lung.sum().clamp(min=1)).item()}


@torch.no_grad()
def predict(network: torch.nn.Module, image: torch.Tensor) -> torch.Tensor:
    with mixed_precision():
        return network(image[None, None].contiguous(memory_format=torch.channels_last_3d)).argmax(1)[0]


def means(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]} if rows else {}


class Scores:
    """score(network): drawn chests that are held out, and real ones. Training saw the real ones: their scores follow a run, the kernel's evaluation judges it."""

    def __init__(self, chests: dict[str, list[Chest]]):
        held_out = [c for kind in ("map", "drawn") for c in chests[kind] if c.entry["heldOut"]]
        chosen = held_out[:: max(1, len(held_out) // SCORED_DRAWN)][:SCORED_DRAWN] + chests["real"][:SCORED_REAL]
        self.crops = [(c.entry["kind"], *draw(c, SCORED_CROP, seed_step(0, f"scored {c.entry['name']}"))) for c in chosen]

    def __call__(self, network: torch.nn.Module) -> dict:
        rows = {"heldOutDrawn": [], "seenReal": []}
        for kind, image, labels in self.crops:
            scores = lung_scores if kind == "real" else lobe_scores
            rows["seenReal" if kind == "real" else "heldOutDrawn"].append(scores(predict(network, image), labels))
        return {name: means(of_kind) for name, of_kind in rows.items()}


def what_trains(chests: dict[str, list[Chest]]) -> list[str]:
    """What a run learns from, for the manifest and the card: counts of the drawn, names of the real."""
    trains = {kind: [c.entry for c in of_kind if not c.entry["heldOut"]] for kind, of_kind in chests.items()}
    maps = len({entry["source"] for entry in trains["map"]})
    drawn = f"chests drawn around {maps} real lobe maps (LUNA16) and {len(trains['drawn'])} drawn pairs of lungs"
    return [drawn, *(f"the real chest {entry['source']}" for entry in trains["real"])]


def batches_of(pack: Path, seed: int, batch: int) -> Batches:
    return Batches(load_chests(pack), seed, batch)


def main(arguments: list[str] | None = None):
    options = read_options(minutes=90, rate=1.5e-3, batch=1, arguments=arguments)
    chests = load_chests(options.pack)
    torch.manual_seed(options.seed)
    run = Run(options, lobe_network(len(LABELS)), torch.channels_last_3d, what_trains(chests))
    run.train(partial(batches_of, options.pack, options.seed, options.batch), loss_of, Scores(chests))


if __name__ == "__main__":
    main()
