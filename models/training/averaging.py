"""What both trainings share: a learning rate that ends with the clock, and weights averaged over steps."""

import torch


def set_rate(optimiser: torch.optim.Optimizer, largest: float, step: int, share: float) -> None:
    """Warm-up over 60 steps, then a polynomial fall to nothing as `share` of the time goes from 0 to 1."""
    for group in optimiser.param_groups:
        group["lr"] = largest * min(1, (step + 1) / 60) * (1 - share) ** 0.9 + 1e-5


@torch.no_grad()
def update_average(average: torch.nn.Module, network: torch.nn.Module, step: int) -> None:
    """Moves the averaged weights and statistics towards the network's, with a memory of up to 250 steps."""
    decay = min(0.996, 1 - 1 / (1 + step / 4))
    for mean, current in zip(average.state_dict().values(), network.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.lerp_(current, 1 - decay)


def save(network: torch.nn.Module, run, step: int) -> None:
    """Writes run/latest.pt, which is whole at any time."""
    torch.save({"step": step, "weights": network.state_dict()}, run / "latest.tmp")
    (run / "latest.tmp").rename(run / "latest.pt")
