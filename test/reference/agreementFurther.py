"""Reference values for comparisons of measurements, several readers with missing readings, and sample sizes.

Use: python agreementFurther.py > agreementFurther.json   (numpy 2, scipy 1, pandas 2, irrCAC 0.4.4, krippendorff 0.9)

None repeats the formula that the kernel has: Deming's line is found by minimising the weighted distances, its
jackknife by fitting anew without each pair; Passing and Bablok's slopes are listed one by one; tolerance factors and
the range of agreement come from adaptive quadrature; the goodness of fit for κ sums over every pattern of readings that
the readers can give; Flack's largest standard error is a linear programme; coefficients of several readers come from
irrCAC, the published implementation's port.
"""

import itertools
import json
import math
import sys
import warnings

import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from scipy import integrate, optimize, special, stats

warnings.filterwarnings("ignore")


def number(value):
    """Twelve digits, null where undefined."""
    value = float(value)
    return float(f"{value:.12g}") if np.isfinite(value) else None


def numbers(values):
    return [number(v) for v in values]


# --- two sides in the same unit ----------------------------------------------------------------------------------


def deming_line(x, y, ratio):
    """Slope and intercept that minimise Σ [(x − ξ)²·ratio + (y − a − bξ)²] over ξ too, that is Σ r²/(1 + b²/ratio)."""
    mx, my = x.mean(), y.mean()
    sxx, syy, sxy = ((x - mx) ** 2).sum(), ((y - my) ** 2).sum(), ((x - mx) * (y - my)).sum()
    # Profile of the angle, from a fine grid and then to the last digit by the root of its derivative.
    def loss(angle):
        b = math.tan(angle)
        return (syy - 2 * b * sxy + b * b * sxx) / (1 + b * b / ratio)
    grid = np.linspace(-math.pi / 2 + 1e-9, math.pi / 2 - 1e-9, 4001)
    best = grid[np.argmin([loss(a) for a in grid])]
    step = grid[1] - grid[0]
    angle = optimize.minimize_scalar(loss, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-14}).x
    # Newton on d/db [(syy − 2b·sxy + b²·sxx)/(1 + b²/ratio)] = 0.
    b = math.tan(angle)
    for _ in range(50):
        q, d = syy - 2 * b * sxy + b * b * sxx, 1 + b * b / ratio
        f = (-2 * sxy + 2 * b * sxx) * d - q * 2 * b / ratio
        df = 2 * sxx * d + (-2 * sxy + 2 * b * sxx) * 2 * b / ratio - (-2 * sxy + 2 * b * sxx) * 2 * b / ratio - q * 2 / ratio
        if df == 0 or abs(f / df) < 1e-15 * max(1, abs(b)):
            break
        b -= f / df
    return b, my - b * mx


def deming(x, y, ratio, confidence):
    n = len(x)
    b, a = deming_line(x, y, ratio)
    left = np.array([deming_line(np.delete(x, i), np.delete(y, i), ratio) for i in range(n)])
    out = []
    for value, column in ((a, 1), (b, 0)):
        v = left[:, column]
        se = math.sqrt((n - 1) / n * ((v - v.mean()) ** 2).sum())
        t = stats.t.ppf(0.5 + confidence / 2, n - 2)
        out.append(numbers([value, value - t * se, value + t * se]))
    return out


def passing_bablok(x, y, confidence):
    n = len(x)
    slopes = []
    for (x1, y1), (x2, y2) in itertools.combinations(list(zip(x, y)), 2):
        if x1 == x2 and y1 == y2:
            continue
        slope = math.inf if x1 == x2 else (y2 - y1) / (x2 - x1)
        if slope != -1:
            slopes.append(slope)
    slopes.sort()
    count, below = len(slopes), sum(s < -1 for s in slopes)
    at = lambda rank: slopes[rank + below - 1] if 0 <= rank + below - 1 < count else math.nan
    b = at((count + 1) // 2) if count % 2 else (at(count // 2) + at(count // 2 + 1)) / 2
    c = stats.norm.ppf(0.5 + confidence / 2) * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    m1 = math.floor((count - c) / 2 + 0.5)
    low, high = (at(m1), at(count - m1 + 1)) if m1 >= 1 else (math.nan, math.nan)
    if not (math.isfinite(low) and math.isfinite(high)):
        low = high = math.nan
    intercept = lambda slope: np.median(y - slope * x) if math.isfinite(slope) else math.nan
    return [numbers([intercept(b), intercept(high), intercept(low)]), numbers([b, low, high])]


def tolerance_factor(n, content, confidence):
    nu = n - 1

    def held(k):
        def inside(u):
            z = u / math.sqrt(n)
            reach = optimize.brentq(lambda r: stats.norm.cdf(z + r) - stats.norm.cdf(z - r) - content, 0, z + 10, xtol=1e-14)
            return stats.chi2.sf(nu * reach**2 / k**2, nu) * stats.norm.pdf(u)
        return 2 * integrate.quad(inside, 0, 9, epsabs=1e-12, epsrel=1e-11, limit=200)[0]

    return optimize.brentq(lambda k: held(k) - confidence, 0.5, 400, xtol=1e-11)


FACTORS = {}


def tolerance(d, confidence):
    n = len(d)
    key = (n, confidence)
    if key not in FACTORS:
        FACTORS[key] = tolerance_factor(n, 0.95, confidence)
    m, s = d.mean(), d.std(ddof=1)
    half = stats.t.ppf(0.975, n - 1) * s * math.sqrt(1 + 1 / n)
    return {"prediction": numbers([m - half, m + half]), "tolerance": numbers([m - FACTORS[key] * s, m + FACTORS[key] * s])}


def regression_limits(x, y):
    means, d = (x + y) / 2, x - y
    first = stats.linregress(means, d)
    residual = np.abs(d - first.intercept - first.slope * means)
    second = stats.linregress(means, residual)
    at = lambda m: numbers(
        [
            first.intercept + first.slope * m + sign * stats.norm.ppf(0.975) * math.sqrt(math.pi / 2) * (second.intercept + second.slope * m)
            for sign in (-1, 1)
        ]
    )
    return {
        "bias": numbers([first.intercept, first.slope, first.pvalue]),
        "scatter": numbers([second.intercept, second.slope, second.pvalue]),
        "middle": at(np.median(means)) if second.intercept + second.slope * np.median(means) >= 0 else None,
    }


def measure_sets():
    rng = np.random.default_rng(20261127)
    sets = []

    def add(name, x, y, ratio=1.0, confidence=0.95):
        x, y = np.asarray(x, float), np.asarray(y, float)
        sets.append(
            {
                "name": name,
                "left": numbers(x),
                "right": numbers(y),
                "ratio": ratio,
                "confidence": confidence,
                "deming": deming(x, y, ratio, confidence),
                "passingBablok": passing_bablok(x, y, confidence),
                **tolerance(x - y, confidence),
                "regression": regression_limits(x, y),
            }
        )

    for n in (4, 5, 8, 12, 20, 50, 150):
        truth = rng.gamma(3, 40, n)
        x = np.round(truth + rng.normal(0, 8, n), 3)
        add(f"volumes of {n}", x, np.round(1.08 * truth + 5 + rng.normal(0, 10, n), 3))
        add(f"volumes of {n}, error ratio 2.5", x, np.round(truth + rng.normal(0, 12, n), 3), 2.5)
        add(f"tied scores of {n}", rng.integers(0, 6, n) + np.arange(n) % 2, rng.integers(0, 6, n) + np.arange(n) % 3)
        add(f"falling, {n}", x, np.round(300 - 0.7 * x + rng.normal(0, 9, n), 3), 1.0, 0.9)
        add(f"growing scatter, {n}", x, np.round(truth * np.exp(rng.normal(0, 0.15, n)), 3), 1.0, 0.99)
    peak = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
    add("peak flow (Bland & Altman 1986)", peak, mini)
    add("far from zero", 1e6 + rng.normal(0, 3, 15).round(3), 1e6 + rng.normal(0, 3, 15).round(3))
    add("an outlier", [1, 2, 3, 4, 5, 6, 7, 80], [1.1, 2.3, 2.8, 4.1, 5.2, 5.9, 7.1, 7.9])
    return sets


# --- repeated measurements ---------------------------------------------------------------------------------------


def nested_sets():
    rng = np.random.default_rng(5)
    sets = []
    z = stats.norm.ppf(0.975)

    def mover(variance, parts, confidence):
        """Zou's interval of a sum of variances, each part (square, df) with its own χ² interval."""
        low = sum((s * (1 - df / stats.chi2.ppf(0.5 + confidence / 2, df))) ** 2 for s, df in parts if s > 0)
        high = sum((s * (df / stats.chi2.ppf(0.5 - confidence / 2, df) - 1)) ** 2 for s, df in parts if s > 0)
        return math.sqrt(max(0, variance - math.sqrt(low))), math.sqrt(variance + math.sqrt(high))

    def limits(bias, var_bias, parts, n, confidence):
        variance = sum(s for s, _ in parts)
        sd = math.sqrt(variance)
        low, high = mover(variance, parts, confidence)
        t = stats.t.ppf(0.5 + confidence / 2, n - 1) * math.sqrt(var_bias)
        return {
            "bias": numbers([bias, bias - t, bias + t]),
            "sd": number(sd),
            "lower": numbers([bias - z * sd, bias - z * sd - math.hypot(t, z * (high - sd)), bias - z * sd + math.hypot(t, z * (sd - low))]),
            "upper": numbers([bias + z * sd, bias + z * sd - math.hypot(t, z * (sd - low)), bias + z * sd + math.hypot(t, z * (high - sd))]),
        }

    def frame(values):
        return pd.DataFrame([(i, v) for i, own in enumerate(values) for v in own], columns=["patient", "value"])

    def unlinked(left, right, confidence):
        n = len(left)
        a, b = frame(left), frame(right)
        d = a.groupby("patient").value.mean() - b.groupby("patient").value.mean()
        parts = [(d.var(), n - 1)]
        for f in (a, b):
            groups = f.groupby("patient").value
            df = len(f) - n
            ss = ((f.value - groups.transform("mean")) ** 2).sum()
            parts.append(((1 - (1 / groups.size()).mean()) * ss / df, df) if df else (0.0, 1))
        return limits(d.mean(), d.var() / n, parts, n, confidence)

    def linked(left, right, confidence):
        n = len(left)
        f = frame([np.subtract(x, y) for x, y in zip(left, right)])
        groups = f.groupby("patient").value
        m, total = groups.size(), len(f)
        msw = ((f.value - groups.transform("mean")) ** 2).sum() / (total - n)
        msb = (m * (groups.mean() - f.value.mean()) ** 2).sum() / (n - 1)
        m0 = (total**2 - (m**2).sum()) / ((n - 1) * total)
        between = max(0, (msb - msw) / m0)
        parts = [(msb / m0, n - 1), ((1 - 1 / m0) * msw, total - n)] if msb >= msw else [(msw, total - n)]
        return limits(f.value.mean(), between * (m**2).sum() / total**2 + msw / total, parts, n, confidence)

    for n in (2, 3, 6, 12, 30):
        for most in (2, 3, 5):
            confidence = 0.9 if most == 3 else 0.95
            truth = rng.normal(100, 20, n)
            times = rng.integers(1, most + 1, n)
            times[0] = most
            left = [list(np.round(t + rng.normal(0, 4, k), 3)) for t, k in zip(truth, times)]
            right = [list(np.round(t + 3 + rng.normal(0, 6, k), 3)) for t, k in zip(truth, times)]
            other = [list(np.round(t + 3 + rng.normal(0, 6, k), 3)) for t, k in zip(truth, rng.integers(1, 4, n))]
            about = {"confidence": confidence, "left": left}
            sets.append({"name": f"linked, {n} patients, up to {most}", "kind": "linked", **about, "right": right, **linked(left, right, confidence)})
            sets.append({"name": f"unlinked, {n} patients, up to {most}", "kind": "unlinked", **about, "right": other, **unlinked(left, other, confidence)})
    cardiac = CARDIAC
    left, right = [[p[0] for p in own] for own in cardiac], [[p[1] for p in own] for own in cardiac]
    for kind, function in (("linked", linked), ("unlinked", unlinked)):
        sets.append({"name": f"cardiac output, {kind} (Bland & Altman 1999)", "kind": kind, "confidence": 0.95, "left": left, "right": right, **function(left, right, 0.95)})
    return sets


# Bland & Altman, Stat Methods Med Res 1999, table 4: cardiac output by radionuclide ventriculography and impedance cardiography.
CARDIAC = [
    [(7.83, 6.57), (7.42, 5.62), (7.89, 6.90), (7.12, 6.57), (7.88, 6.35)],
    [(6.16, 4.06), (7.26, 4.29), (6.71, 4.26), (6.54, 4.09)],
    [(4.75, 4.71), (5.24, 5.50), (4.86, 5.08), (4.78, 5.02), (6.05, 6.01), (5.42, 5.67)],
    [(4.21, 4.14), (3.61, 4.20), (3.72, 4.61), (3.87, 4.68), (3.92, 5.04)],
    [(3.13, 3.03), (2.98, 2.86), (2.85, 2.77), (3.17, 2.46), (3.09, 2.32), (3.12, 2.43)],
    [(5.92, 5.90), (6.42, 5.81), (5.92, 5.70), (6.27, 5.76)],
    [(7.13, 5.09), (6.62, 4.63), (6.58, 4.61), (6.93, 5.09)],
    [(4.54, 4.72), (4.81, 4.61), (5.11, 4.36), (5.29, 4.20), (5.39, 4.36), (5.57, 4.20)],
    [(4.48, 3.17), (4.92, 3.12), (3.97, 2.96)],
    [(4.22, 4.35), (4.65, 4.62), (4.74, 3.16), (4.44, 3.53), (4.50, 3.53)],
    [(6.78, 7.20), (6.07, 6.09), (6.52, 7.00), (6.42, 7.10), (6.41, 7.40), (5.76, 6.80)],
    [(5.06, 4.50), (4.72, 4.20), (4.90, 3.80), (4.80, 3.80), (4.90, 4.20), (5.10, 4.50)],
]


# --- several readers ---------------------------------------------------------------------------------------------

WEIGHTS = {"none": "identity", "linear": "linear", "quadratic": "quadratic"}


def reader_sets():
    rng = np.random.default_rng(16)
    sets = []

    def add(name, ratings, categories):
        """`ratings`: [patient][reader], None where there is none."""
        frame = pd.DataFrame([[np.nan if r is None else float(r) for r in row] for row in ratings])
        out = {"name": name, "categories": categories, "ratings": ["".join("." if r is None else str(r) for r in row) for row in ratings]}
        for ours, theirs in WEIGHTS.items():
            cac = CAC(frame, weights=theirs, categories=[float(c) for c in range(categories)], digits=14)
            own = {}
            for ours_name, method in (("gwet", "gwet"), ("brennanPrediger", "bp"), ("fleiss", "fleiss"), ("conger", "conger")):
                est = getattr(cac, method)()["est"]
                low, high = est["confidence_interval"]
                # The port's p of Brennan and Prediger's coefficient is one-sided; R's irrCAC has two-sided ones throughout.
                p = 2 * stats.t.sf(abs(est["coefficient_value"] / est["se"]), len(ratings) - 1) if est["se"] > 1e-14 else math.nan
                own[ours_name] = numbers([est["coefficient_value"], est["se"], max(-1, low), high, p])
                agreement = est["pa"]
            own["percentAgreement"] = number(agreement)
            out[ours] = own
        sets.append(out)

    for n in (5, 9, 15, 40, 100):
        for readers in (2, 3, 4, 6):
            for categories in (2, 3, 5):
                truth = rng.integers(0, categories, n)
                rows = [
                    [int(t if rng.random() < 0.6 else rng.integers(0, categories)) for _ in range(readers)] for t in truth
                ]
                missing = rng.random((n, readers)) < (0.25 if (n + readers + categories) % 2 else 0.0)
                rows = [[None if m else r for r, m in zip(row, own)] for row, own in zip(rows, missing)]
                rows = [row for row in rows if any(r is not None for r in row)]
                if sum(sum(r is not None for r in row) >= 2 for row in rows) >= 3:
                    add(f"{len(rows)} patients, {readers} readers, {categories} categories", rows, categories)
    # A planned incomplete design: four readers, each patient read by two.
    pairs = list(itertools.combinations(range(4), 2))
    rows = []
    for i in range(24):
        row = [None] * 4
        for reader in pairs[i % 6]:
            row[reader] = int(min(4, max(0, i % 5 + rng.integers(-1, 2))))
        rows.append(row)
    add("four readers, each patient read by two", rows, 5)
    add("one category prevails", [[0, 0, 0]] * 18 + [[0, 1, 0], [1, 1, 1]], 2)
    add("a category that nobody uses", [[0, 0, 1], [1, 1, 1], [3, 3, 1], [0, 1, 0], [3, 3, 3], [1, 1, 0]], 5)
    return sets


# --- sample sizes ------------------------------------------------------------------------------------------------


def pattern_distance(kappa, other, shares, readers):
    """Σ (P − P′)²/P′ over all patterns of categories that the readers can give, in order, under the mixture model."""
    def probability(pattern, k):
        p = (1 - k) * math.prod(shares[c] for c in pattern)
        return p + (k * shares[pattern[0]] if len(set(pattern)) == 1 else 0)
    # Patterns in which not all agree have probabilities (1 − κ)·Π: their order does not matter for the sum.
    return sum(
        (probability(p, kappa) - probability(p, other)) ** 2 / probability(p, other)
        for p in itertools.product(range(len(shares)), repeat=readers)
    )


def power_of(distance, n, sides, confidence):
    if sides == 1:
        return stats.norm.cdf(math.sqrt(n * distance) - stats.norm.ppf(confidence))
    return stats.ncx2.sf(stats.chi2.ppf(confidence, 1), 1, n * distance)


def smallest(suffices, start):
    high = start
    while not suffices(high):
        high *= 2
    low = start - 1
    while high - low > 1:
        middle = (high + low) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def kappa_width(kappa, shares, readers, confidence, n):
    z2 = stats.chi2.ppf(confidence, 1)
    lowest = max(-(p**readers) / (p - p**readers) for p in shares)
    f = lambda other: n * pattern_distance(kappa, other, shares, readers) - z2
    low = optimize.brentq(f, lowest + 1e-12, kappa, xtol=1e-14)
    high = optimize.brentq(f, kappa, 1 - 1e-12, xtol=1e-14)
    return high - low


def flack_deviation(kappa, shares):
    k = len(shares)
    p = np.asarray(shares)
    chance = (p**2).sum()
    gain = np.array([[(1 - 2 * p[i] * (1 - kappa)) ** 2 if i == j else (1 - kappa) ** 2 * (p[i] + p[j]) ** 2 for j in range(k)] for i in range(k)])
    equal, total = [], []
    for i in range(k):
        row, column = np.zeros((k, k)), np.zeros((k, k))
        row[i, :] = 1
        column[:, i] = 1
        equal += [row.ravel(), column.ravel()]
        total += [p[i], p[i]]
    equal.append(np.eye(k).ravel())
    total.append(kappa * (1 - chance) + chance)
    solved = optimize.linprog(-gain.ravel(), A_eq=np.array(equal), b_eq=total, method="highs")
    return math.sqrt(-solved.fun - (kappa - chance * (1 - kappa)) ** 2) / (1 - chance)


def range_factor(n, confidence):
    nu, z = n - 1, stats.norm.ppf(0.975)

    def held(g):
        inside = lambda s: max(0, 2 * stats.norm.cdf(math.sqrt(n) * (g * s - z)) - 1) * 2 * nu * s * stats.chi2.pdf(nu * s * s, nu)
        points = sorted({z / g, 1.0})
        return integrate.quad(inside, z / g, 1 + 12 / math.sqrt(nu) + 6 / nu, points=[p for p in points if p > z / g], epsabs=1e-12, epsrel=1e-11, limit=400)[0]

    return optimize.brentq(lambda g: held(g) - confidence, z, 2000 if n < 4 else 100, xtol=1e-11)


def plans():
    kappas = []
    cases = [
        (0.6, [0.5, 0.5], 2, 0.4, 0.95, 2, 0.8),
        (0.7, [0.5, 0.5], 2, 0.4, 0.95, 2, 0.8),
        (0.7, [0.2, 0.8], 2, 0.4, 0.95, 2, 0.8),
        (0.6, [0.3, 0.7], 4, 0.4, 0.95, 2, 0.8),
        (0.6, [0.2, 0.3, 0.5], 2, 0.4, 0.95, 2, 0.8),
        (0.6, [0.2, 0.2, 0.3, 0.3], 2, 0.4, 0.95, 2, 0.9),
        (0.6, [0.1, 0.2, 0.2, 0.2, 0.3], 3, 0.4, 0.95, 2, 0.8),
        (0.8, [0.2] * 5, 2, 0.6, 0.9, 2, 0.8),
        (0.2, [0.1, 0.9], 3, 0.0, 0.95, 1, 0.9),
        (0.9, [0.05, 0.95], 6, 0.75, 0.99, 2, 0.95),
        (0.4, [0.25, 0.25, 0.5], 5, 0.6, 0.95, 2, 0.8),
    ]
    for kappa, shares, readers, against, confidence, sides, power in cases:
        distance = pattern_distance(kappa, against, shares, readers)
        n = smallest(lambda m: power_of(distance, m, sides, confidence) >= power, 2)
        widths = [kappa_width(kappa, shares, readers, confidence, m) for m in (50, 200)]
        flack = flack_deviation(kappa, shares) if readers == 2 else math.nan
        kappas.append(
            {
                "kappa": kappa, "shares": shares, "readers": readers, "against": against, "confidence": confidence, "sides": sides,
                "power": power, "patients": n, "reached": number(power_of(distance, n, sides, confidence)), "widths": numbers(widths), "flack": number(flack),
            }
        )
    iccs = []
    for icc, k, against, confidence, sides, power, width in (
        (0.8, 2, 0.6, 0.95, 1, 0.8, 0.2), (0.9, 3, 0.8, 0.95, 2, 0.9, 0.1), (0.5, 4, 0.0, 0.95, 2, 0.8, 0.2), (0.6, 2, 0.7, 0.9, 2, 0.8, 0.3), (0.75, 10, 0.5, 0.95, 1, 0.8, 0.15),
    ):
        za = stats.norm.ppf(0.5 + confidence / 2) if sides == 2 else stats.norm.ppf(confidence)
        ratio = lambda r: 1 + k * r / (1 - r)
        exact = 1 + 2 * (za + stats.norm.ppf(power)) ** 2 * k / (math.log(ratio(against) / ratio(icc)) ** 2 * (k - 1))
        z = stats.norm.ppf(0.5 + confidence / 2)
        bonett = 8 * z**2 * (1 - icc) ** 2 * (1 + (k - 1) * icc) ** 2 / (k * (k - 1) * width**2) + 1 + (5 * icc if k == 2 and icc >= 0.7 else 0)
        iccs.append({"icc": icc, "readers": k, "against": against, "confidence": confidence, "sides": sides, "power": power, "width": width, "walter": math.ceil(exact), "bonett": math.ceil(bonett)})
    limits = []
    for n in (5, 10, 30, 155, 400):
        for confidence in (0.9, 0.95):
            g = range_factor(n, confidence)
            nu = n - 1
            c = math.sqrt(2 / nu) * math.exp(special.gammaln((nu + 1) / 2) - special.gammaln(nu / 2))
            limits.append({"patients": n, "confidence": confidence, "factor": number(g), "width": number(2 * g * c), "assurance": number(stats.chi2.cdf(nu * (2.4 / g) ** 2, nu))})
    spearmans = []
    for rho, against, confidence, sides, n in ((0.5, 0.0, 0.95, 2, 30), (0.7, 0.5, 0.95, 2, 100), (-0.6, -0.2, 0.9, 1, 40), (0.9, 0.8, 0.99, 2, 200)):
        se = lambda r: math.sqrt((1 + r * r / 2) / (n - 3))
        zc = stats.norm.ppf(0.5 + confidence / 2) if sides == 2 else stats.norm.ppf(confidence)
        shift = abs(np.arctanh(rho) - np.arctanh(against))
        z = stats.norm.ppf(0.5 + confidence / 2)
        spearmans.append(
            {
                "rho": rho, "against": against, "confidence": confidence, "sides": sides, "patients": n,
                "power": number(stats.norm.sf((zc * se(against) - shift) / se(rho))),
                "width": number(np.tanh(np.arctanh(rho) + z * se(rho)) - np.tanh(np.arctanh(rho) - z * se(rho))),
            }
        )
    return {"kappa": kappas, "icc": iccs, "limits": limits, "spearman": spearmans}


def homogeneity_sets():
    rng = np.random.default_rng(3)
    sets = []
    for groups in (2, 3, 5):
        for _ in range(2):
            values, variances = rng.normal(0.5, 0.2, groups), rng.uniform(0.001, 0.05, groups)
            mean = np.average(values, weights=1 / variances)
            chi = ((values - mean) ** 2 / variances).sum()
            sets.append({"values": numbers(values), "variances": numbers(variances), "chiSquare": number(chi), "p": number(stats.chi2.sf(chi, groups - 1))})
    return sets


def factors():
    return [
        {"n": n, "content": content, "confidence": confidence, "factor": number(tolerance_factor(n, content, confidence))}
        for n, content, confidence in ((2, 0.95, 0.95), (3, 0.9, 0.9), (10, 0.95, 0.95), (50, 0.9, 0.95), (107, 0.95, 0.99), (1000, 0.99, 0.95))
    ]


json.dump(
    {
        "measures": measure_sets(),
        "nested": nested_sets(),
        "readers": reader_sets(),
        "homogeneity": homogeneity_sets(),
        "toleranceFactors": factors(),
        "plans": plans(),
    },
    sys.stdout,
    indent=None,
    separators=(",", ":"),
)
