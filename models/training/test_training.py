"""Checks of what a training stands on, small enough for any machine: python -m unittest discover -s models/training"""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import check_drawing
from descent import Run, read_options, seed_step
from lobes import LABELS, loss_of
from pack import Volume, decode, encode
from real_ct import LEFT, NO_LUNG, NOT_KNOWN, RIGHT, SIDES, draw_real
from synthetic_ct import TISSUE_HU, chest_of
from drawing import DRAWING


class Drawing(unittest.TestCase):
    def test_paints_as_the_phantom_does(self):
        for example in DRAWING["examples"]:
            self.assertLess(check_drawing.largest_differences(example).max(), check_drawing.OUTLIER_HU)

    def test_densities_lie_around_those_of_the_phantom(self):
        for name, hu in DRAWING["tissueHu"].items():
            low, high = TISSUE_HU.get(name, (hu, hu))
            self.assertTrue(low <= hu <= high, f"{name}: {hu} HU is not within {low} to {high}")


class Packing(unittest.TestCase):
    def test_gives_back_labels_as_they_were_and_hu_in_steps_of_four(self):
        rng = np.random.default_rng(1)
        labels = rng.integers(0, 256, (5, 4, 3), np.uint8)
        hu = rng.integers(-1024, 1000, (5, 4, 3)).astype(np.int16)
        np.testing.assert_array_equal(decode(encode(labels), "uint8", labels.shape), labels)
        np.testing.assert_array_equal(decode(encode(hu), "int16", hu.shape), hu // 4 * 4)


class RealChests(unittest.TestCase):
    def chest(self):
        known = torch.full((40, 40, 40), NO_LUNG, dtype=torch.uint8)
        known[8:32, 8:32, 4:18], known[8:32, 8:32, 22:36], known[8:32, 8:32, 18:22] = RIGHT, LEFT, NOT_KNOWN
        hu = torch.where((known == RIGHT) | (known == LEFT), -860, 40).to(torch.int16)
        entry = {"name": "box", "kind": "real"}
        return chest_of(Volume(entry, {"hu": hu, "lungs": known}), ("hu", "lungs"), lambda k: (k == RIGHT) | (k == LEFT))

    def test_are_drawn_with_what_is_known_of_them_alone(self):
        for step in range(12):
            image, codes = draw_real(self.chest(), (48, 48, 48), seed_step(3, step))
            self.assertTrue(set(codes.unique().tolist()) <= {SIDES + NO_LUNG, SIDES + RIGHT, SIDES + LEFT, SIDES + NOT_KNOWN})
            self.assertTrue(bool(((image >= -1) & (image <= 1)).all()))

    def test_teach_nothing_where_nothing_is_known(self):
        logits = torch.randn(1, len(LABELS), 16, 16, 16, requires_grad=True)
        codes = torch.randint(SIDES + NO_LUNG, SIDES + NOT_KNOWN + 1, (1, 16, 16, 16))
        loss_of(logits, codes, torch.zeros(1, 1, 16, 16, 16)).backward()
        unknown = (codes == SIDES + NOT_KNOWN)[:, None].expand_as(logits)
        self.assertEqual(logits.grad[unknown].abs().max(), 0)
        self.assertGreater(logits.grad[~unknown].abs().max(), 0)

    def test_do_not_care_which_lobe_of_a_side_is_found(self):
        codes = torch.full((1, 16, 16, 16), SIDES + RIGHT)
        codes[:, :, :, 8:] = SIDES + LEFT

        def loss(right: str, left: str) -> float:
            logits = torch.zeros(1, len(LABELS), 16, 16, 16)
            logits[:, LABELS.index(right), :, :, :8], logits[:, LABELS.index(left), :, :, 8:] = 9, 9
            return loss_of(logits, codes, torch.zeros(1, 1, 16, 16, 16)).item()

        self.assertAlmostEqual(loss("RUL", "LUL"), loss("RLL", "LLL"), places=5)
        self.assertGreater(loss("LUL", "RUL"), loss("RUL", "LUL") + 1)


def make_noise():
    return draw_noise


def draw_noise(step: int):
    seed_step(11, step)
    inputs = torch.randn(2, 1, 8, 8, 8)
    return inputs, (inputs[:, 0] > 0).long()


class GoingOn(unittest.TestCase):
    def descend(self, folder: str, *options: str) -> dict:
        arguments = read_options(90, 1e-2, 1, ["no pack", folder, "--steps", "8", *options])
        torch.manual_seed(arguments.seed)
        run = Run(arguments, torch.nn.Conv3d(1, 2, 3, padding=1), torch.channels_last_3d, ["noise"])
        loss = lambda logits, labels, _: torch.nn.functional.cross_entropy(logits, labels)
        run.train(make_noise, loss, lambda _: {})
        return torch.load(Path(folder) / "resume.pt")

    def test_an_interrupted_run_ends_with_the_same_losses_and_weights(self):
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
            expected = self.descend(whole)
            self.assertEqual(self.descend(parts, "--stop-at", "3")["step"], 3)
            found = self.descend(parts)
            self.assertEqual(found["step"], 8)
            self.assertEqual(found["losses"].tolist(), expected["losses"].tolist())
            for name in ("network", "average"):
                for key, weights in expected[name].items():
                    self.assertTrue(torch.equal(found[name][key], weights), f"{name} {key}")
            lines = [(Path(folder) / "log.jsonl").read_text().splitlines()[-1] for folder in (whole, parts)]
            self.assertEqual(*(line.split('"loss"')[1] for line in lines))

    def test_another_seed_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            self.descend(folder, "--stop-at", "2")
            with self.assertRaises(SystemExit):
                self.descend(folder, "--seed", "2")


if __name__ == "__main__":
    unittest.main()
