"""Averages the weights of two runs of lung-texture of one lineage: python average.py PACK_FOLDER RUN SHARE OTHER_RUN AVERAGE_FOLDER

SHARE of the first and the rest of the other, number by number (Wortsman et al., Model soups, ICML 2022); the statistics of
batch normalisation are those of training patches under the averaged weights. Writes AVERAGE_FOLDER/latest.pt, to be
calibrated and exported.
"""

import sys
from pathlib import Path

import torch

from descent import save_whole, use_device
from texture import CLASSES, SLICES, Patches, load_volumes
from unet import texture_network

BATCHES, BATCH, SEED = 6, 16, 77


def blend(one: dict, other: dict, share: float) -> dict:
    return {name: other[name].lerp(value, share) if value.dtype.is_floating_point else value for name, value in one.items()}


@torch.no_grad()
def renew_statistics(network: torch.nn.Module, batches) -> None:
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    network.train()
    for images in batches:
        network(images)
    network.eval()


def main():
    pack, run, share, other, target = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]), Path(sys.argv[5])
    use_device()
    first, second = (torch.load(folder / "latest.pt", map_location="cpu") for folder in (run, other))
    network = texture_network(SLICES, len(CLASSES))
    network.load_state_dict(blend(first["weights"], second["weights"], share))
    training, _, fine = load_volumes(pack)
    patches = Patches(training, fine, SEED, BATCH)
    renew_statistics(network, (patches(step)[0] for step in range(BATCHES)))
    target.mkdir(parents=True, exist_ok=True)
    seen = [*second["seen"], *(s for s in first["seen"] if s not in second["seen"])]
    save_whole({"step": first["step"], "weights": {name: tensor.cpu() for name, tensor in network.state_dict().items()}, "seen": seen}, target / "latest.pt")


if __name__ == "__main__":
    main()
