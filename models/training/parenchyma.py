"""The painting of samples/phantom (paint.ts, textures.ts, noise.ts) in torch, on whatever device the voxels lie.

The phantom is the reference: ranges and densities come from it (drawing.json), and check_drawing.py holds that both paint
the same Hounsfield units from the same seed. Points are three tensors of one shape, x, y and z in mm.
"""

import torch
import torch.nn.functional as F

from drawing import DRAWING, TEXTURE, TISSUE, Parameters

LATTICE = 32
CELL_LATTICE = 16
"""Points whose neighbouring cells are looked at together: as many as a GPU's memory holds easily, or a CPU's cache."""
POINTS_AT_ONCE = {"cuda": 1 << 20, "cpu": 1 << 13}
HALF_DEPTH_MM = 90
GRAIN_MM, GRAIN_HU = 6, 9
FISSURE_GAPS_MM = 40
PLEURA_HU = 60
DENSEST_GROUND_GLASS_HU = -220


def smooth_noise(random, cell_mm: float):
    """noise.ts smoothNoise: trilinear values on a repeating lattice, of about unit variance."""
    values = random.normals(LATTICE**3) * 1.7
    offset = [random.between(0, LATTICE) for _ in range(3)]

    def field(x, y, z):
        places = [p / cell_mm + o for p, o in zip((x, y, z), offset)]
        low = [p.floor() for p in places]
        share = [p - i for p, i in zip(places, low)]
        near = [i.long() & (LATTICE - 1) for i in low]
        far = [(i + 1) & (LATTICE - 1) for i in near]
        sum_ = 0
        for dz in (0, 1):
            for dy in (0, 1):
                row = (far[2] if dz else near[2]) << 10 | (far[1] if dy else near[1]) << 5
                line = torch.lerp(values[row | near[0]], values[row | far[0]], share[0])
                sum_ = sum_ + line * (share[1] if dy else 1 - share[1]) * (share[2] if dz else 1 - share[2])
        return sum_

    return field


def cells(random, cell_mm: float):
    """noise.ts cells (Worley 1996): mm from the nearest wall between cells, mm from the cell's centre, and a number of the cell's own."""
    jitter = random.uniforms(CELL_LATTICE**3 * 4, 0.1, 0.9).view(-1, 4)
    columns = jitter.T.contiguous()
    steps = torch.arange(27)[:, None]
    steps = (steps % 3 - 1, steps // 3 % 3 - 1, steps // 9 - 1)

    def two_nearest(places):
        """Distances of the nearest and the second nearest centre in cells, and the nearest cell, of points (3, n)."""
        low = places.floor()
        within_cell = places - low
        index = [(i + step) & (CELL_LATTICE - 1) for i, step in zip(low.long(), steps)]
        neighbours = index[2] << 8 | index[1] << 4 | index[0]
        distance = sum((step + own[neighbours] - place) ** 2 for step, own, place in zip(steps, columns, within_cell))
        first, at = distance.min(0, keepdim=True)
        second = distance.scatter(0, at, torch.inf).amin(0)
        return first[0].sqrt(), second.sqrt(), neighbours.gather(0, at)[0]

    def field(x, y, z):
        places = torch.stack([p.flatten() for p in torch.broadcast_tensors(x, y, z)]) / cell_mm
        found = [two_nearest(part) for part in places.split(POINTS_AT_ONCE[places.device.type], 1)]
        first, second, nearest = (torch.cat(parts).view(x.shape) for parts in zip(*found))
        return (second - first) / 2 * cell_mm, first * cell_mm, (columns[3][nearest] - 0.1) / 0.8

    return field


def tubes(random, cell_mm: float):
    """noise.ts tubes: mm from winding tubes about `cell_mm` apart."""
    one, other = smooth_noise(random, cell_mm), smooth_noise(random, cell_mm)
    return lambda x, y, z: torch.hypot(one(x, y, z), other(x, y, z)) * cell_mm / 2


def within(distance, half_width):
    """1 up to `half_width` from a line, falling to 0 over 0.7 mm."""
    return ((half_width + 0.35 - distance) / 0.7).clamp(0, 1)


def draw_parenchyma(random):
    """textures.ts drawParenchyma: hu_at(texture label, x, y, z, ground glass 0–1) of one patient, at points that all have that texture."""
    own = Parameters("parenchyma", random)
    fine = smooth_noise(random, own.between("fineMm"))
    medium = smooth_noise(random, own.between("mediumMm"))
    broad = smooth_noise(random, own.between("broadMm"))
    normal_at = normal_lung(random.fork("normal"), fine, medium, broad)
    on_normal = {TEXTURE["reticulation"]: reticulation(random.fork("reticulation"), medium)}
    alone = {TEXTURE["honeycombing"]: honeycombing(random.fork("honeycombing"), fine)}
    on_normal[TEXTURE["emphysema"]] = emphysema(random.fork("emphysema"), fine)
    alone[TEXTURE["consolidation"]] = consolidation(random.fork("consolidation"), fine, medium)
    ground_glass_at = ground_glass_added(random.fork("groundGlass"), fine, medium)

    def hu_at(texture: int, x, y, z, ground_glass):
        if texture in alone:
            return alone[texture](x, y, z)
        normal = normal_at(x, y, z)
        if texture in on_normal:
            return on_normal[texture](normal, x, y, z)
        return normal + ground_glass * ground_glass_at(normal, x, y, z)

    return hu_at


def normal_lung(random, fine, medium, broad):
    own = Parameters("parenchyma/normal", random)
    front, gravity, dependent, fine_hu, medium_hu, broad_hu = map(own.between, ("frontHu", "gravity", "dependent", "fineHu", "mediumHu", "broadHu"))

    def hu_at(x, y, z):
        m = medium(x, y, z)
        sunk = (y - 50 + 12 * m).clamp(min=0) / 40
        depth = front + gravity * (y + HALF_DEPTH_MM) / (2 * HALF_DEPTH_MM) + dependent * (sunk * sunk).clamp(max=1)
        return depth + fine_hu * fine(x, y, z) + medium_hu * m + broad_hu * broad(x, y, z)

    return hu_at


def reticulation(random, medium):
    own = Parameters("parenchyma/reticulation", random)
    net = cells(random, own.between("netMm"))
    septa = cells(random, own.between("septaMm"))
    bronchi = tubes(random, own.between("bronchiMm"))
    bend, line_mm, line_hu, ground_hu, gaps, lumen_mm = map(own.between, ("bend", "lineMm", "lineHu", "groundHu", "gaps", "lumenMm"))

    def hu_at(normal, x, y, z):
        m = medium(x, y, z)
        shift = bend * m
        strength = (1 - gaps * (0.6 + 0.8 * m)).clamp(0.1, 1)
        fine_line = within(net(x + shift, y - shift, z + shift)[0], line_mm) * strength
        line = torch.maximum(fine_line, within(septa(x - shift, y + shift, z)[0], line_mm * 0.9))
        ground = normal + ground_hu + 25 * m
        hu = ground + (line_hu - ground) * line
        bronchus = bronchi(x, y, z)
        wall = hu + (hu.clamp(min=-120) - hu) * within(bronchus, lumen_mm + 0.8)
        with_bronchus = wall + (-940 - wall) * within(bronchus, lumen_mm)
        return torch.where(bronchus > lumen_mm + 1.2, hu, with_bronchus)

    return hu_at


def honeycombing(random, fine):
    own = Parameters("parenchyma/honeycombing", random)
    cell_mm = own.between("cellMm")
    cysts = cells(random, cell_mm)
    wall_mm, wall_hu, cyst_hu, filled = map(own.between, ("wallMm", "wallHu", "cystHu", "filled"))
    round_mm = cell_mm * own.between("round")

    def hu_at(x, y, z):
        from_wall, centre_mm, cell = cysts(x, y, z)
        wall = torch.maximum(within(from_wall, wall_mm), 1 - within(centre_mm, round_mm))
        noise = fine(x, y, z)
        cyst = cyst_hu + 20 * cell + 8 * noise + (wall_hu - cyst_hu) * wall
        return torch.where(cell < filled, wall_hu + 25 * noise, cyst)

    return hu_at


def emphysema(random, fine):
    form = Parameters("parenchyma/centrilobular", random)
    return centrilobular(random, fine) if form.chance("form") else confluent(random, fine)


def centrilobular(random, fine):
    own = Parameters("parenchyma/centrilobular", random)
    cell_mm = own.between("cellMm")
    lobules = cells(random, cell_mm)
    hole_hu = own.between("holeHu")
    radius_mm, soft_mm = cell_mm * own.between("radius"), own.between("softMm")

    def hu_at(normal, x, y, z):
        _, centre_mm, cell = lobules(x, y, z)
        hole = ((radius_mm * (0.7 + 0.6 * cell) - centre_mm) / soft_mm + 0.5).clamp(0, 1)
        return normal + (hole_hu + 6 * fine(x, y, z) - normal) * hole

    return hu_at


def confluent(random, fine):
    own = Parameters("parenchyma/confluent", random)
    holes = cells(random, own.between("holesMm"))
    hole_hu, strand_mm, strand = map(own.between, ("holeHu", "strandMm", "strand"))
    septum_hu = own.between("septumHu") if own.chance("septa") else 0

    def hu_at(normal, x, y, z):
        share = strand * within(holes(x, y, z)[0], strand_mm)
        return hole_hu + 6 * fine(x, y, z) + (normal.clamp(min=-900) + septum_hu - hole_hu) * share

    return hu_at


def ground_glass_added(random, fine, medium):
    own = Parameters("parenchyma/groundGlass", random)
    added_hu, spread, fine_spread = map(own.between, ("addedHu", "spread", "fineSpread"))
    net, line_mm, line_hu = None, 0, 0
    if own.chance("paving"):
        net = cells(random, own.between("netMm"))
        line_mm, line_hu = own.between("lineMm"), own.between("lineHu")

    def hu_at(normal, x, y, z):
        added = added_hu * (1 + spread * medium(x, y, z) + fine_spread * fine(x, y, z))
        if net is not None:
            added = added + line_hu * within(net(x, y, z)[0], line_mm)
        return torch.minimum(added, DENSEST_GROUND_GLASS_HU - normal)

    return hu_at


def consolidation(random, fine, medium):
    own = Parameters("parenchyma/consolidation", random)
    hu, spread, fine_hu = map(own.between, ("hu", "spread", "fineHu"))
    bronchi = tubes(random, own.between("bronchiMm"))
    lumen_mm = own.between("lumenMm") if own.chance("bronchi") else None

    def hu_at(x, y, z):
        dense = hu + spread * medium(x, y, z) + fine_hu * fine(x, y, z)
        return dense if lumen_mm is None else dense + (-900 - dense) * within(bronchi(x, y, z), lumen_mm)

    return hu_at


def draw_contrast(random):
    """contrast.ts drawContrast: HU by the name of each tissue that takes up contrast agent, and what the lung's vessels gain."""
    own, contrast = Parameters("contrast", random), DRAWING["contrast"]
    plain, phase = own.chance("plain"), 1 + min(2, int(own.between("phase")))
    ranges = contrast["phases"][0 if plain else phase]
    hu = {name: low + (high - low) * own.between(name) for name, (low, high) in ranges.items()}
    blood = (hu["pulmonaryBlood"] + hu["aorticBlood"]) / 2
    return hu, contrast["lungVesselShare"] * max(0, blood - contrast["plainBloodHu"])


def paint(tissues, lobes, vessels, textures, spacing, origin, random) -> torch.Tensor:
    """paint.ts paintHu: HU before the scanner of a part of a chest. Arrays are uint8 in z, y, x order; `spacing` and `origin` in mm, x first."""
    hu_at = draw_parenchyma(random.fork("parenchyma"))
    grain = smooth_noise(random.fork("body"), GRAIN_MM)
    own = Parameters("", random)
    edge_mm = own.between("ggoEdgeMm")
    fissure_hu = own.between("fissureHu") if own.chance("fissures") else 0
    gaps = smooth_noise(random.fork("fissures"), FISSURE_GAPS_MM)
    missing = own.between("missing")
    contrast_hu, lung_vessel_hu = draw_contrast(random.fork("contrast"))
    vessel_hu = own.between("vesselHu") + lung_vessel_hu

    axes = [torch.arange(n, dtype=torch.float32) * mm + start for n, mm, start in zip(tissues.shape, spacing[::-1], origin[::-1])]
    z, y, x = torch.meshgrid(*axes, indexing="ij")
    at = lambda mask: (x[mask], y[mask], z[mask])
    table = torch.zeros(max(TISSUE.values()) + 1)
    for name, value in (DRAWING["tissueHu"] | contrast_hu).items():
        table[TISSUE[name]] = value
    hu = table[tissues.long()]

    lumen = tissues == TISSUE["airwayLumen"]
    # Consolidation hides vessels and airway walls, and shows the air in the bronchi.
    hidden = (textures == TEXTURE["consolidation"]) & ~lumen & (tissues != TISSUE["outside"])
    lung = (tissues == TISSUE["lung"]) | (tissues == TISSUE["vessel"]) | hidden
    body = ~lung & ~lumen & (tissues != TISSUE["outside"])
    hu[body] += GRAIN_HU * grain(*at(body))
    glass = soft_share(textures == TEXTURE["ggo"], round(edge_mm / spacing[0]))
    for texture in textures[lung].unique().tolist():
        mask = lung & (textures == texture)
        hu[mask] = hu_at(texture, *at(mask), glass[mask])
    if fissure_hu > 0:
        fissure = lung & borders_another_lobe(lobes)
        fissure[fissure.clone()] = gaps(*at(fissure)) > missing
        hu = torch.where(fissure, hu + (PLEURA_HU - hu).clamp(0, fissure_hu), hu)
    share = torch.where(lung & ~hidden, vessels / 255, 0)
    return hu + (vessel_hu - hu).clamp(min=0) * share


def soft_share(mask: torch.Tensor, reach: int) -> torch.Tensor:
    """Share of `mask` in the square of ± `reach` pixels around each pixel of a slice."""
    share = mask.float()[:, None]
    return (F.avg_pool2d(share, 2 * reach + 1, 1, reach) if reach else share)[:, 0]


def borders_another_lobe(lobes: torch.Tensor) -> torch.Tensor:
    """True where the next voxel along an axis belongs to another lobe."""
    borders = torch.zeros_like(lobes, dtype=torch.bool)
    for axis, n in enumerate(lobes.shape):
        here, there = lobes.narrow(axis, 0, n - 1), lobes.narrow(axis, 1, n - 1)
        borders.narrow(axis, 0, n - 1).logical_or_((here > 0) & (there > 0) & (here != there))
    return borders
