"""What both trainings share: their options, the device, a descent bounded in minutes that goes on where it stopped, and its log.

A step is drawn from the seed and its number alone, so that a run that was interrupted goes on as if it had not been: its
folder holds the network, the optimiser's state and the averaged weights of one step (resume.pt).
"""

import argparse
import copy
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset

WARM_UP_STEPS = 60
LOSSES_SHOWN = 100
"""Processes that draw for the training, and batches that each draws ahead of it."""
DRAWERS = {"cuda": 3, "cpu": 1}
AHEAD = 4
"""Seconds between the log's lines: held-out scores take a GPU a second, and a CPU core half a minute."""
LOG_SECONDS = {"cuda": 60, "cpu": 420}


def read_options(minutes: float, rate: float, batch: int, arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line, with the defaults that differ between the trainings; makes the run's folder and chooses the device."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", type=Path)
    parser.add_argument("run", type=Path, help="the run's folder; where it holds a run that was interrupted, this goes on with it")
    parser.add_argument("--minutes", type=float, default=minutes, help="length of the whole run, interruptions left out: more than before lets a finished run go on")
    parser.add_argument("--steps", type=int, help="length of the whole run, in place of the clock: the rate falls over them")
    parser.add_argument("--stop-at", type=int, help="end this bite at a step, to go on later")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--start", type=Path, help="weights to begin from: a run's latest.pt, or a shipped lung-lobes model.onnx")
    parser.add_argument("--rate", type=float, default=rate, help="the largest learning rate")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--memory", type=float, default=0.996, help="decay of the averaged weights")
    parser.add_argument("--log-seconds", type=float)
    options = parser.parse_args(arguments)
    options.run.mkdir(parents=True, exist_ok=True)
    use_device()
    return options


def use_device() -> torch.device:
    """A GPU where there is one; everything made from now on is made there. On a CPU, one core: others belong to other work."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_default_device(device)
    torch.backends.cudnn.benchmark = True
    torch.set_num_threads(1)
    return device


def mixed_precision() -> torch.autocast:
    return torch.autocast(torch.get_default_device().type, dtype=torch.bfloat16)


def seed_step(seed: int, step: int | str) -> random.Random:
    """Seeds torch, and gives Python's generator, for one step of a run."""
    rng = random.Random(f"{seed}/{step}")
    torch.manual_seed(rng.getrandbits(62))
    return rng


def set_rate(optimiser: torch.optim.Optimizer, largest: float, step: int, share: float) -> None:
    """Warm-up, then a polynomial fall to nothing as `share` of the run goes from 0 to 1."""
    for group in optimiser.param_groups:
        group["lr"] = largest * min(1, (step + 1) / WARM_UP_STEPS) * (1 - share) ** 0.9 + 1e-5


def descend(loss: torch.Tensor, network: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """One step down the gradient of `loss`, whose norm is clipped at 5."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()


@torch.no_grad()
def update_average(average: torch.nn.Module, network: torch.nn.Module, step: int, memory: float) -> None:
    """Moves the averaged weights and statistics towards the network's, with a memory of up to 1 / (1 - `memory`) steps."""
    decay = min(memory, 1 - 1 / (1 + step / 4))
    means, currents = ([t for t in of.state_dict().values() if t.dtype.is_floating_point] for of in (average, network))
    get_ema_multi_avg_fn(decay)(means, currents, None)


def read_checkpoint(file: Path) -> dict:
    """{"step", "weights", "seen"} of a run's latest.pt, or of a shipped model.onnx, which knows no step and gives 0.

    export.py wraps the network into a sequence with a softmax, so its names begin with "0.". Weights with batch
    normalisation are folded on export: for those of lung-texture see restore.py. `seen` is what the weights learned
    from; of an ONNX file only its manifest tells, in words.
    """
    if file.suffix != ".onnx":
        return torch.load(file, map_location="cpu")
    weights = {}
    for initializer in onnx.load(str(file)).graph.initializer:
        weights[initializer.name.removeprefix("0.")] = torch.tensor(onnx.numpy_helper.to_array(initializer), device="cpu")
    manifest = json.loads((file.parent / "manifest.json").read_text())
    return {"step": 0, "weights": weights, "seen": [f"{manifest['id']} {manifest['version']} ({manifest['trainedOn']})"]}


def save_whole(content: dict, file: Path) -> None:
    """Writes a file that is whole at any time."""
    unfinished = file.with_suffix(".tmp")
    torch.save(content, unfinished)
    unfinished.rename(file)


class Steps(Dataset):
    """The batches of a run by step, drawn in a process of its own on the device, and sent as half floats and bytes."""

    def __init__(self, make_draw: Callable[[], Callable[[int], tuple]], first: int):
        self.make_draw, self.first, self.draw = make_draw, first, None

    def __len__(self) -> int:
        return 1 << 40

    def __getitem__(self, index: int):
        if self.draw is None:
            use_device()
            self.draw = self.make_draw()
        inputs, labels = self.draw(self.first + index)
        return inputs.half().cpu(), labels.to(torch.uint8).cpu()


def batches(make_draw: Callable[[], Callable[[int], tuple]], first: int, memory_format: torch.memory_format):
    """draw(step) from `first` on, drawn ahead of the training by processes that each make their own `draw`.

    Threads would not do: drawing and training both are hundreds of small calls, which wait for Python's lock.
    """
    device = torch.get_default_device()
    loader = DataLoader(
        Steps(make_draw, first), batch_size=None, sampler=range(1 << 40), num_workers=DRAWERS[device.type],
        prefetch_factor=AHEAD, multiprocessing_context="spawn", pin_memory=device.type == "cuda",
    )  # fmt: skip
    for inputs, labels in loader:
        inputs = inputs.to(device, non_blocking=True).float().contiguous(memory_format=memory_format)
        yield inputs, labels.to(device, non_blocking=True).long()


class Run:
    """One network's descent in a folder: log.jsonl, latest.pt (averaged weights, for export and to begin from) and resume.pt."""

    def __init__(self, options: argparse.Namespace, network: torch.nn.Module, memory_format: torch.memory_format, seen: list[str]):
        self.options = options
        self.network, self.memory_format = network.to(memory_format=memory_format), memory_format
        self.seen, self.step, self.seconds = seen, 0, 0.0
        self.losses: list[torch.Tensor] = []
        state = options.run / "resume.pt"
        resumed = torch.load(state, map_location="cpu") if state.exists() else None
        if resumed is None and options.start:
            checkpoint = read_checkpoint(options.start)
            self.network.load_state_dict(checkpoint["weights"])
            self.seen = [*checkpoint["seen"], *(s for s in seen if s not in checkpoint["seen"])]
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=options.rate, weight_decay=1e-4, fused=torch.get_default_device().type == "cuda")
        if resumed is not None:
            self._resume(resumed)

    def _resume(self, state: dict) -> None:
        if state["seed"] != self.options.seed:
            raise SystemExit(f"{self.options.run} was begun with seed {state['seed']}: give that seed to go on, or another folder.")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.seen = state["step"], state["seconds"], state["seen"]
        self.losses = [*state["losses"].to(torch.get_default_device())]
        print(f"going on at step {self.step}", flush=True)

    def save(self) -> None:
        latest = {"step": self.step, "weights": self.average.state_dict(), "seen": self.seen}
        save_whole({name: on_cpu(value) for name, value in latest.items()}, self.options.run / "latest.pt")
        state = {"step": self.step, "seconds": self.seconds, "seed": self.options.seed, "seen": self.seen, "losses": torch.stack(self.losses),
                 "network": self.network.state_dict(), "average": self.average.state_dict(), "optimiser": self.optimiser.state_dict()}  # fmt: skip
        save_whole(state, self.options.run / "resume.pt")

    def train(self, make_draw: Callable[[], Callable[[int], tuple]], loss_of: Callable, score: Callable[[torch.nn.Module], dict]) -> None:
        """Descends until the minutes or the steps are over.

        `make_draw` can be pickled and gives draw(step) → inputs and labels; score(network) gives what the log shall say.
        """
        options, begin, before = self.options, time.time(), self.seconds
        whole = options.minutes * 60
        every = options.log_seconds or LOG_SECONDS[torch.get_default_device().type]
        logged = begin
        self.network.train()
        source = batches(make_draw, self.step, self.memory_format)
        first = self.step
        with (options.run / "log.jsonl").open("a") as log:
            while not self.is_over():
                share = self.step / options.steps if options.steps else self.seconds / whole
                set_rate(self.optimiser, options.rate, self.step, share)
                inputs, labels = next(source)
                with mixed_precision():
                    logits = self.network(inputs)
                loss = loss_of(logits.float(), labels, inputs)
                descend(loss, self.network, self.optimiser)
                self.step += 1
                self.losses = [*self.losses[1 - LOSSES_SHOWN :], loss.detach()]
                update_average(self.average, self.network, self.step, options.memory)
                self.seconds = before + time.time() - begin
                if time.time() - logged > every and not self.is_over():
                    self._record(log, score)
                    logged = time.time()
            if self.step > first:
                self._record(log, score)
            else:
                print(f"{options.run} is finished at step {self.step}", flush=True)

    def is_over(self) -> bool:
        options = self.options
        return self.seconds >= options.minutes * 60 or self.step in (options.steps, options.stop_at)

    def _record(self, log, score) -> None:
        self.save()
        loss = torch.stack(self.losses).mean().item()
        line = {"step": self.step, "seconds": round(self.seconds), "loss": round(loss, 4), **score(self.average)}
        log.write(json.dumps(line) + "\n")
        log.flush()
        print(line, flush=True)


def on_cpu(value):
    return {name: tensor.cpu() for name, tensor in value.items()} if isinstance(value, dict) else value
