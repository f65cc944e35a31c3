"""What training never sees (heldOut.json), refused before it is packed and before it is loaded: python held_out.py volumes.jsonl checks an export."""

import json
import sys
from pathlib import Path

HELD_OUT = json.loads((Path(__file__).parent / "heldOut.json").read_text())
"""Which network the volumes of a kind train; all others train lobes."""
NETWORK_OF = {"slab": "textures", "fine": "textures"}


def refuse_left_training(entry: dict) -> None:
    """Stops on real data that left training for good, by its source and by its own name, and on a held-out map that would train."""
    network = NETWORK_OF.get(entry["kind"], "lobes")
    for name in (entry.get("source"), entry["name"]):
        if name and any(left in name for left in HELD_OUT["forGood"][network]):
            raise SystemExit(f"{entry['name']}: {name} left the training of {network} for good (heldOut.json). Export again without it.")
    if entry["kind"] in ("map", "real", "fine") and not entry.get("source"):
        raise SystemExit(f"{entry['name']}: does not say which real data it is of. Export again.")
    if entry.get("source") in HELD_OUT["maps"] and not entry["heldOut"]:
        raise SystemExit(f"{entry['name']}: its map is held out (heldOut.json), and the volume is not. Export again.")


if __name__ == "__main__":
    for line in Path(sys.argv[1]).read_text().splitlines():
        refuse_left_training(json.loads(line))
