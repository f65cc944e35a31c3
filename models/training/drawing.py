"""What the drawing in torch takes from the phantom: drawing.json, which exportDrawing.ts writes and a unit test holds current."""

import json
from pathlib import Path

DRAWING = json.loads((Path(__file__).parent / "drawing.json").read_text())
TISSUE: dict[str, int] = DRAWING["tissues"]
"""Texture labels by name, from 1 for normal, as TEXTURE_CLASSES orders them."""
TEXTURE = {name: index + 1 for index, name in enumerate(DRAWING["textures"])}


class Parameters:
    """The ranges of one part of the phantom's painting, drawn from `random` by name in the order in which they are asked for."""

    def __init__(self, part: str, random):
        self._ranges, self._random = DRAWING["parameters"][part], random

    def between(self, name: str) -> float:
        return self._random.between(*self._ranges[name])

    def chance(self, name: str) -> bool:
        return self._random.chance(*self._ranges[name])
