"""A chest of a few ellipsoids whose lobes are known: enough to train a network of a few thousand weights on."""

import numpy as np

# Names and order as TotalSegmentator has them.
LABELS = {"background": 0, "lung_upper_lobe_left": 1, "lung_lower_lobe_left": 2, "lung_upper_lobe_right": 3, "lung_middle_lobe_right": 4, "lung_lower_lobe_right": 5}


def ellipsoid(at, centre, radii):
    return sum(((a - c) / r) ** 2 for a, c, r in zip(at, centre, radii)) < 1


def drawn_chest(seed, spacing=None, size_mm=(260, 280, 320)):
    """HU and label values, each [z, y, x] with x to the patient's left, y to the back, z to the head; and the spacing in mm, z, y, x."""
    random = np.random.default_rng(seed)
    spacing = spacing or (float(random.choice([3.0, 5.0, 7.0])), 4.0, 4.0)
    shape = [int(round(mm / step)) for mm, step in zip(size_mm, spacing)]
    z, y, x = (((np.arange(n) + 0.5) * step - n * step / 2).reshape([-1 if a == axis else 1 for a in range(3)]) for axis, (n, step) in enumerate(zip(shape, spacing)))
    jitter = lambda width: random.uniform(-width, width)
    at = (z - jitter(8), y - jitter(8), x - jitter(8))
    hu = np.full(shape, -1000.0)
    hu[np.broadcast_to((at[1] / 115) ** 2 + (at[2] / 150) ** 2 < 1, shape)] = 40
    hu[ellipsoid(at, (0, 85, 0), (400, 18, 18))] = 250
    lungs = [ellipsoid(at, (jitter(5), 5 + jitter(5), side * 68), (105 + jitter(8), 78 + jitter(6), 52 + jitter(5))) for side in (-1, 1)]
    heart = ellipsoid(at, (-45, -25, 22), (50, 45, 48))
    labels = np.zeros(shape, np.uint8)
    # The oblique fissure falls towards the front; the horizontal one lies in front of the right one.
    oblique = at[0] - 0.8 * at[1] + jitter(10) > -5
    horizontal = at[0] > 0 + jitter(10)
    right, left = lungs[0] & ~heart, lungs[1] & ~heart
    labels[left & oblique], labels[left & ~oblique] = 1, 2
    labels[right & ~oblique] = 5
    labels[right & oblique & horizontal], labels[right & oblique & ~horizontal] = 3, 4
    hu[labels > 0] = -850
    for _ in range(25):
        centre = (jitter(90), jitter(70), random.choice([-68, 68]) + jitter(40))
        hu[ellipsoid(at, centre, random.uniform(4, 16, 3)) & (labels > 0)] = random.uniform(-700, 40)
    hu += random.normal(0, 25, shape)
    # Steps of 8 HU pack better.
    return (np.round(hu / 8) * 8).clip(-1024, 3071).astype(np.int16), labels, spacing
