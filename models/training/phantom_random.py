"""Where the drawing's parameters and noise come from: torch in training, or the phantom's own generator where both must draw alike.

Both have `between`, `chance` and `fork` of src/kernel/base/random.ts, and fill the lattices of samples/phantom/noise.ts.
"""

import math
import random

import torch


class TorchRandom:
    """Parameters from Python's generator, lattices on torch's default device: one stream, so a fork is itself."""

    def __init__(self, seed: str):
        self._random = random.Random(seed)

    @classmethod
    def on_device(cls) -> "TorchRandom":
        """For lattices alone, which torch's generator fills."""
        return cls("")

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def fork(self, _part: str) -> "TorchRandom":
        return self

    def normals(self, count: int) -> torch.Tensor:
        return torch.randn(count)

    def uniforms(self, count: int, low: float, high: float) -> torch.Tensor:
        return torch.rand(count) * (high - low) + low


class PhantomRandom:
    """src/kernel/base/random.ts number by number (sfc32, seeded by FNV-1a)."""

    def __init__(self, seed: str):
        self._seed = seed
        self._state = [*(self._word(offset) for offset in (0, 0x9E3779B9, 0x7F4A7C15)), 1]
        for _ in range(12):
            self._next()

    def _word(self, offset: int) -> int:
        word = 0x811C9DC5 ^ offset
        for character in self._seed:
            word = (word ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
        return word

    def _next(self) -> float:
        a, b, c, counter = self._state
        t = (a + b + counter) & 0xFFFFFFFF
        rotated = (c << 21 | c >> 11) & 0xFFFFFFFF
        self._state = [b ^ (b >> 9), (c + (c << 3)) & 0xFFFFFFFF, (rotated + t) & 0xFFFFFFFF, (counter + 1) & 0xFFFFFFFF]
        return t / 4294967296

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._next()

    def chance(self, probability: float) -> bool:
        return self._next() < probability

    def fork(self, part: str) -> "PhantomRandom":
        return PhantomRandom(f"{self._seed}/{part}")

    def normals(self, count: int) -> torch.Tensor:
        return torch.tensor([math.sqrt(-2 * math.log(1 - self._next())) * math.cos(2 * math.pi * self._next()) for _ in range(count)])

    def uniforms(self, count: int, low: float, high: float) -> torch.Tensor:
        return torch.tensor([self.between(low, high) for _ in range(count)])
