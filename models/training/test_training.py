"""Checks of what a training stands on, small enough for any machine: python -m unittest discover -s models/training"""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import check_drawing
import fine_ct
import score_pictures
from descent import Run, read_options, seed_step
from drawing import DRAWING, TEXTURE
from held_out import HELD_OUT, refuse_left_training
from lobes import LABELS, loss_of
from pack import Volume, decode, encode
from real_ct import LEFT, NO_LUNG, NOT_KNOWN, RIGHT, SIDES, draw_real
from scanner import SLICES, as_pictures, blur, jpeg, through_plane
from synthetic_ct import TISSUE_HU, chest_of
from texture import PATCH, Patches


torch.set_num_threads(1)


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


def fine_lungs() -> Volume:
    """Two boxes of lung with noise and a vessel along each, beside a hilum."""
    torch.manual_seed(1)
    mask = torch.zeros(8, 220, 260, dtype=torch.uint8)
    mask[:, 30:190, 20:110], mask[:, 30:190, 150:240], mask[:, 90:120, 110:150] = fine_ct.LUNG, fine_ct.LUNG, fine_ct.HILUM
    hu = torch.where(mask == fine_ct.LUNG, -860.0, 40.0) + 25 * torch.randn(mask.shape)
    hu[:, 40:180, 60:63] = 40
    density = ((hu + 1024) / fine_ct.HU_STEP).round().to(torch.uint8)
    return Volume({"name": "fine-box", "kind": "fine", "source": "box", "pixelMm": 0.8, "heldOut": False}, {"density": density, "lungs": mask})


def stack_of(value: float) -> torch.Tensor:
    return torch.full((1, SLICES, 64, 64), value)


class RealLungs(unittest.TestCase):
    def draw(self, disease: dict, distractors=(), steps=4):
        shares, fine_ct.SHARES = fine_ct.SHARES, disease
        befall, fine_ct.DISTRACTORS = fine_ct.DISTRACTORS, distractors
        try:
            lungs = fine_ct.Lungs([fine_lungs()])
            return [torch.cat(parts) for parts in zip(*(fine_ct.draw_real(lungs, 2, PATCH, seed_step(2, n)) for n in range(steps)))]
        finally:
            fine_ct.SHARES, fine_ct.DISTRACTORS = shares, befall

    def test_without_disease_are_normal_whatever_befalls_them(self):
        hu, labels = self.draw({}, [(draw, 1.0) for draw, _ in fine_ct.DISTRACTORS])
        self.assertEqual(set(labels.unique().tolist()), {0, TEXTURE["normal"]})
        self.assertTrue(bool(hu.isfinite().all()))

    def test_show_each_disease_under_its_own_label(self):
        expected = {"opacity": {"ggo", "consolidation"}, "reticulation": {"reticulation"}, "honeycombing": {"honeycombing"}, "emphysema": {"emphysema"}}
        for disease, names in expected.items():
            hu, labels = self.draw({disease: 1.0})
            self.assertTrue(bool(hu.isfinite().all()))
            found = set(labels.unique().tolist()) - {0, fine_ct.UNKNOWN, TEXTURE["normal"]}
            allowed = {TEXTURE[name] for name in names | ({"ggo", "consolidation"} if disease != "opacity" else set())}
            self.assertTrue(found & {TEXTURE[name] for name in names} and found <= allowed, f"{disease}: {found}")

    def test_keep_their_vessels_in_ground_glass_and_lose_them_in_consolidation(self):
        hu = stack_of(-860)
        hu[..., 31:34] = 40
        contrast = lambda share: (lambda x: (x[..., 32] - x[..., 10]).mean().item())(fine_ct.fill(hu, stack_of(share), 45))
        self.assertGreater(contrast(0.4), 400)
        self.assertLess(contrast(0.95), 60)

    def test_keep_their_noise_under_ground_glass(self):
        torch.manual_seed(1)
        hu = stack_of(-860) + 30 * torch.randn(1, SLICES, 64, 64)
        self.assertGreater(fine_ct.fill(hu, stack_of(0.5), 45).std().item(), 15)

    def test_are_labelled_by_density_and_not_by_the_fall_of_an_edge(self):
        normal = torch.ones(1, 64, 64, dtype=torch.long)
        share = torch.zeros(1, 64, 64)
        share[..., 20:44], share[..., 19], share[..., 44] = 1, 0.4, 0.4
        label = lambda fill: fine_ct.opacity_labels(normal, share, share * fill)
        self.assertEqual(label(0.3)[0, 32, 32], TEXTURE["ggo"])
        dense = label(0.9)
        self.assertEqual(dense[0, 32, 32], TEXTURE["consolidation"])
        self.assertNotIn(TEXTURE["ggo"], dense.unique().tolist())
        self.assertEqual(dense[0, 32, 2], TEXTURE["normal"])
        self.assertEqual(label(0.58)[0, 32, 32], fine_ct.UNKNOWN)

    def test_of_chests_that_judge_textures_are_refused(self):
        for name in HELD_OUT["forGood"]["textures"]:
            with self.assertRaises(SystemExit):
                refuse_left_training({"name": f"fine-{name}", "kind": "fine", "source": name, "heldOut": False})
        self.assertIn(score_pictures.HEALTHY, HELD_OUT["forGood"]["textures"])


class Scanner(unittest.TestCase):
    def test_weighs_slices_by_one(self):
        for step in range(20):
            weights, _ = through_plane(seed_step(5, step))
            np.testing.assert_allclose(weights.sum(1), 1)

    def test_blurs_each_patch_by_its_own_width(self):
        torch.manual_seed(1)
        noise = torch.randn(2, SLICES, 64, 64)
        blurred = blur(noise, torch.tensor([0.1, 1.5]).view(-1, 1, 1, 1))
        torch.testing.assert_close(blurred[0], noise[0], atol=1e-3, rtol=0)
        self.assertLess(blurred[1].std().item(), 0.4)

    def test_gives_back_a_picture_that_loses_nothing(self):
        torch.manual_seed(1)
        grey = (255 * torch.rand(1, SLICES, 32, 32)).round()
        torch.testing.assert_close(jpeg(grey, torch.full((1, 1, 1, 1), 1e-6)), grey, atol=1e-2, rtol=0)
        self.assertGreater((jpeg(grey, torch.full((1, 1, 1, 1), 0.5)) - grey).abs().mean().item(), 1)

    def test_stores_some_patches_as_pictures_and_repeats_the_slice_of_some(self):
        torch.manual_seed(1)
        hu = -900 + 100 * torch.rand(40, SLICES, 16, 16)
        seen = as_pictures(hu.clone(), seed_step(1, 1))
        repeated = (seen[:, 0] == seen[:, 2]).flatten(1).all(1)
        self.assertTrue(0 < int(repeated.sum()) < len(hu))
        self.assertTrue(0 < int((seen == hu).flatten(1).all(1).sum()) < len(hu))

    def test_of_pictures_is_turned_to_hu_by_lung_and_soft_tissue(self):
        grey = np.concatenate([np.full(500, 60), np.full(400, 200), np.arange(256)]).astype(np.uint8)
        hu = score_pictures.grey_to_hu(grey)
        self.assertAlmostEqual(hu[0], score_pictures.LUNG_HU, delta=8)
        self.assertAlmostEqual(hu[500], score_pictures.SOFT_HU, delta=8)


class TexturePatches(unittest.TestCase):
    def test_come_from_slabs_and_real_lungs_and_from_the_step_alone(self):
        torch.manual_seed(1)
        size = (28, 200, 200)
        lung = torch.zeros(size, dtype=torch.uint8)
        lung[:, 20:180, 20:180] = 1
        arrays = {"tissues": lung * DRAWING["tissues"]["lung"], "lobes": lung, "vessels": torch.zeros_like(lung), "textures": lung.clone()}
        arrays["textures"][:, 20:100] *= TEXTURE["ggo"]
        slab = Volume({"name": "slab", "kind": "slab", "top": -80, "heldOut": False}, arrays)
        draw = lambda: Patches([slab], [fine_lungs()], seed=7, batch=2)(3)
        (images, labels), (again, _) = draw(), draw()
        self.assertEqual((*images.shape, *labels.shape), (2, SLICES, PATCH, PATCH, 2, PATCH, PATCH))
        self.assertTrue(torch.equal(images, again) and bool(images.isfinite().all()))


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
