"""What both trainings share: their options, a learning rate that ends with the clock, and weights averaged over steps."""

import argparse
from pathlib import Path

import onnx
import torch


def read_options(minutes: float, rate: float) -> argparse.Namespace:
    """The command line, with the defaults that differ between the trainings; makes the run's folder and sets the seed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--start", type=Path, help="weights to go on from: a run's latest.pt, or a shipped model.onnx")
    parser.add_argument("--rate", type=float, default=rate, help="the largest learning rate")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    return options


def set_rate(optimiser: torch.optim.Optimizer, largest: float, step: int, share: float) -> None:
    """Warm-up over 60 steps, then a polynomial fall to nothing as `share` of the time goes from 0 to 1."""
    for group in optimiser.param_groups:
        group["lr"] = largest * min(1, (step + 1) / 60) * (1 - share) ** 0.9 + 1e-5


def descend(loss: torch.Tensor, network: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """One step down the gradient of `loss`, whose norm is clipped at 5."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()


@torch.no_grad()
def update_average(average: torch.nn.Module, network: torch.nn.Module, step: int) -> None:
    """Moves the averaged weights and statistics towards the network's, with a memory of up to 250 steps."""
    decay = min(0.996, 1 - 1 / (1 + step / 4))
    for mean, current in zip(average.state_dict().values(), network.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.lerp_(current, 1 - decay)


def read_checkpoint(file: Path) -> dict:
    """{"step", "weights"} of a run's latest.pt, or of a shipped model.onnx, which knows no step and gives 0.

    export.py wraps the network into a sequence with a softmax, so its names begin with "0.". Weights with batch
    normalisation are folded on export: for those of lung-texture see restore.py.
    """
    if file.suffix != ".onnx":
        return torch.load(file, map_location="cpu")
    weights = {}
    for initializer in onnx.load(str(file)).graph.initializer:
        weights[initializer.name.removeprefix("0.")] = torch.from_numpy(onnx.numpy_helper.to_array(initializer).copy())
    return {"step": 0, "weights": weights}


def save(network: torch.nn.Module, run, step: int) -> None:
    """Writes run/latest.pt, which is whole at any time."""
    torch.save({"step": step, "weights": network.state_dict()}, run / "latest.tmp")
    (run / "latest.tmp").rename(run / "latest.pt")
