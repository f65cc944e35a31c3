"""Reference values for src/kernel/agreement beyond those of agreement.py, by scipy, statsmodels, scikit-learn and krippendorff.

Use: python agreementStatistics.py > agreementStatistics.json
(numpy 2, scipy 1, statsmodels 0.15, scikit-learn 1, krippendorff 0.9)

Standard errors by the delta method are not repeated from their formulas: derivatives are taken here by complex
steps (Squire & Trapp 1998), exact to rounding, of the coefficients themselves. Data sets of 10 000 are made by a
small generator that the tests repeat.
"""

import itertools
import json
import sys
import warnings

import krippendorff
import numpy as np
from scipy import optimize, stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
STEP = 1e-30
Z = stats.norm.ppf(0.975)


def number(value):
    """Twelve digits, null where undefined."""
    value = float(np.real(value))
    return float(f"{value:.12g}") if np.isfinite(value) else None


def numbers(values):
    return [number(v) for v in values]


def draws(seed):
    """Whole numbers by the generator of Park & Miller with the multiplier 48271."""
    state = seed
    while True:
        state = state * 48271 % 2147483647
        yield state


# --- two readers, categories -------------------------------------------------------------------------------------


def weights_of(kind, k):
    i, j = np.indices((k, k))
    if kind == "none":
        return (i == j).astype(float)
    distance = abs(i - j) / (k - 1)
    if kind == "linear":
        return 1 - distance
    if kind == "quadratic":
        return 1 - distance**2
    return np.where(i == j, 1.0, np.where(abs(i - j) == 1, 0.4 + 0.1 * (i > j), 0.0))


def kappa(p, w):
    expected = (w * np.outer(p.sum(1), p.sum(0))).sum()
    return ((w * p).sum() - expected) / (1 - expected)


def gwet(p, w):
    k = len(p)
    pi = (p.sum(1) + p.sum(0)) / 2
    expected = w.sum() / (k * (k - 1)) * (pi * (1 - pi)).sum()
    return ((w * p).sum() - expected) / (1 - expected)


def delta(function, p, n):
    """Standard error of function(p) for a multinomial table p of n cases."""
    gradient = np.zeros(p.shape)
    for cell in np.ndindex(p.shape):
        q = p.astype(complex)
        q[cell] += STEP * 1j
        gradient[cell] = function(q).imag / STEP
    variance = ((p * gradient**2).sum() - (p * gradient).sum() ** 2) / n
    return np.sqrt(max(variance, 0))


def kappa_results(table, kind):
    n, k = table.sum(), len(table)
    w, p = weights_of(kind, k), table / n
    independent = np.outer(p.sum(1), p.sum(0))
    if 1 - (w * independent).sum() < 1e-12:
        return None
    value = kappa(p, w)
    if kind != "own":
        assert abs(value - cohens_kappa(table, wt=None if kind == "none" else kind).kappa) < 1e-9
    kept = [table - np.eye(k * k)[cell].reshape(k, k) for cell in range(k * k) if table.flat[cell] > 0]
    times = table[table > 0]
    left_out = np.array([kappa(t / t.sum(), w) if 1 - (w * np.outer(t.sum(1), t.sum(0))).sum() / t.sum() ** 2 > 1e-12 else np.nan for t in kept])
    mean = (times * left_out).sum() / n
    return {
        "kappa": number(value),
        "se": number(delta(lambda q: kappa(q, w), p, n)),
        "seNull": number(delta(lambda q: kappa(q, w), independent, n)),
        "jackknife": number(np.sqrt((n - 1) / n * (times * (left_out - mean) ** 2).sum())) if n >= 3 else None,
    }


def gwet_results(table, kind):
    n, k = table.sum(), len(table)
    w, p = weights_of(kind, k), table / n
    # Of any number of readers (Gwet 2014, section 5.4; irrCAC's raw form), where tables of two have n in the place of n - 1.
    value, se = gwet(p, w), np.nan
    if n > 1:
        se = delta(lambda q: gwet(q, w), p, n) * np.sqrt(n / (n - 1))
    # All cases in one cell: what is left is rounding.
    if (table > 0).sum() == 1:
        se = 0
    half = stats.t.ppf(0.975, n - 1) * se if n > 1 else np.nan
    p_value = 2 * stats.t.sf(abs(value) / se, n - 1) if n > 1 and se > 0 else np.nan
    return numbers([value, se if n > 1 else np.nan, np.maximum(-1, value - half), np.minimum(1, value + half), p_value])


def specific(p, c):
    return 2 * p[c, c] / (p[c, :].sum() + p[:, c].sum())


def category_results(table):
    n = table.sum()
    results = []
    for c in range(len(table)):
        rows, columns = table[c, :].sum(), table[:, c].sum()
        if rows + columns == 0:
            results.append([None] * 4)
            continue
        # The three cells that matter: both, only one side, the rest.
        p = np.array([table[c, c], rows + columns - 2 * table[c, c], n - rows - columns + table[c, c]]) / n
        share = lambda q: 2 * q[0] / (2 * q[0] + q[1])
        results.append(numbers([100 * share(p), 100 * delta(share, p, n), 100 * table[c, c] / rows if rows else np.nan, 100 * table[c, c] / columns if columns else np.nan]))
    return results


def homogeneity(table):
    k = len(table)
    mixed = [(i, j) for i in range(k) for j in range(i) if table[i, j] + table[j, i] > 0]
    if not mixed:
        return {"bowker": None, "stuartMaxwell": None}
    symmetry = SquareTable(table, shift_zeros=False).symmetry().statistic if len(mixed) == k * (k - 1) / 2 else sum((table[i, j] - table[j, i]) ** 2 / (table[i, j] + table[j, i]) for i, j in mixed)
    d = table.sum(1) - table.sum(0)
    covariance = -(table + table.T)
    np.fill_diagonal(covariance, table.sum(1) + table.sum(0) - 2 * np.diag(table))
    rank = np.linalg.matrix_rank(covariance)
    chi_square = d @ np.linalg.pinv(covariance, rcond=1e-10) @ d
    if rank == k - 1:
        own = SquareTable(table, shift_zeros=False).homogeneity()
        assert abs(own.statistic - chi_square) < 1e-7 * max(1, chi_square), (own.statistic, chi_square)
    return {
        "bowker": numbers([symmetry, len(mixed), stats.chi2.sf(symmetry, len(mixed))]),
        "stuartMaxwell": numbers([chi_square, rank, stats.chi2.sf(chi_square, rank)]),
    }


def margin_results(table):
    """Range of κ over tables with these margins, and of its standard error at this κ, by linear programming."""
    k, n = len(table), table.sum()
    rows, columns = table.sum(1) / n, table.sum(0) / n
    conditions = [np.repeat(np.arange(k) == i, k) for i in range(k)] + [np.tile(np.arange(k) == j, k) for j in range(k)]
    limits = list(rows) + list(columns)
    solve = lambda cost, a, b: optimize.linprog(cost, A_eq=np.array(a, float), b_eq=b, bounds=(0, 1), method="highs").fun
    results = {}
    for kind in ["none", "linear", "quadratic"]:
        w = weights_of(kind, k)
        expected = (w * np.outer(rows, columns)).sum()
        if 1 - expected < 1e-12:
            results[kind] = None
            continue
        ends = [(sign * solve(sign * w.ravel(), conditions, limits) - expected) / (1 - expected) for sign in (1, -1)]
        value = kappa(table / n, w)
        cost = ((w - ((w @ columns)[:, None] + (rows @ w)[None, :]) * (1 - value)) ** 2).ravel()
        a, b = conditions + [w.ravel()], limits + [(w * table).sum() / n]
        sums = [sign * solve(sign * cost, a, b) for sign in (1, -1)]
        se = [np.sqrt(max(0, s - (value - expected * (1 - value)) ** 2) / n) / (1 - expected) for s in sums]
        results[kind] = numbers([*ends, *se])
    return results


def tables():
    rng = np.random.default_rng(20261124)
    count = lambda a, b, k: np.histogram2d(a, b, bins=k, range=[[-0.5, k - 0.5]] * 2)[0].astype(int)
    for n in [3, 5, 10, 20, 50, 107, 500, 10000]:
        for k in [2, 3, 5]:
            for name, r in [("weak", 0.2), ("strong", 0.85)]:
                z = rng.multivariate_normal([0, 0.2], [[1, r], [r, 1]], n)
                cuts = np.linspace(-1, 1.2, k - 1) if k > 2 else [0.1]
                yield f"{name} n {n} k {k}", count(np.digitize(z[:, 0], cuts), np.digitize(z[:, 1], cuts), k)
    for n in [20, 107, 1000, 10000]:
        for prevalence in [0.01, 0.05, 0.95]:
            for k in [2, 5]:
                a = rng.random(n) < prevalence
                b = np.where(rng.random(n) < 0.9, a, rng.random(n) < prevalence)
                yield f"imbalanced n {n} p {prevalence} k {k}", count(a * (k // 2), b * (k // 2), k)
    for n in [3, 40]:
        for k in [2, 4]:
            a = np.arange(n) % k
            yield f"perfect n {n} k {k}", count(a, a, k)
            yield f"no agreement n {n} k {k}", count(a, (a + 1) % k, k)
            yield f"left constant n {n} k {k}", count(0 * a + 1, a, k)
            yield f"right constant n {n} k {k}", count(a, 0 * a, k)
            yield f"both constant n {n} k {k}", count(0 * a + 1, 0 * a + 1, k)
            yield f"both constant, different n {n} k {k}", count(0 * a, 0 * a + 1, k)
    yield "one pair", count([1], [2], 3)
    yield "two groups that never mix", np.array([[5, 3, 0, 0], [1, 4, 0, 0], [0, 0, 6, 2], [0, 0, 5, 7]])


def table_results():
    for name, table in tables():
        n, k = table.sum(), len(table)
        agree = np.trace(table)
        low, high = proportion_confint(agree, n, method="wilson")
        scaled = lambda share: (k * share - 1) / (k - 1)
        yield {
            "name": name,
            "table": table.tolist(),
            "kappa": {kind: kappa_results(table, kind) for kind in ["none", "linear", "quadratic", "own"]},
            "gwet": {kind: gwet_results(table, kind) for kind in ["none", "linear", "quadratic"]},
            "percentAgreement": numbers([100 * agree / n, 100 * low, 100 * high]),
            "pabak": numbers([scaled(agree / n), k / (k - 1) * np.sqrt(agree / n * (1 - agree / n) / n), scaled(low), scaled(high)]),
            "categories": category_results(table),
            **homogeneity(table),
            "margins": margin_results(table),
        }


# --- correlations ------------------------------------------------------------------------------------------------


def exact_spearman(x, y):
    rx, ry = stats.rankdata(x), stats.rankdata(y)
    rx, ry = rx - rx.mean(), ry - ry.mean()
    values = np.array(list(itertools.permutations(ry))) @ rx
    return np.mean(abs(values) >= abs(ry @ rx) - 1e-6)


def fisher(r, variance, n, least):
    if n < least or abs(r) > 1 - 1e-12:
        return [np.nan, np.nan]
    return np.tanh(np.arctanh(r) + np.array([-1, 1]) * Z * np.sqrt(variance))


def correlation_results(x, y):
    n = len(x)
    if n < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return {"pearson": None, "spearman": None, "kendall": None}
    r = np.clip(stats.pearsonr(x, y).statistic, -1, 1)
    rho = np.clip(stats.spearmanr(x, y).statistic, -1, 1)
    p_of = lambda value: 0.0 if abs(value) > 1 - 1e-12 else 2 * stats.t.sf(abs(value) * np.sqrt((n - 2) / (1 - value**2)), n - 2)
    ties = len(set(x)) < n or len(set(y)) < n
    tau = stats.kendalltau(x, y, method="asymptotic" if ties or n >= 50 else "exact")
    with np.errstate(all="ignore"):
        tau_variance = 0.437 / (n - 4) if n > 4 else np.nan
        return {
            "pearson": numbers([r, p_of(r), *fisher(r, 1 / (n - 3) if n > 3 else np.nan, n, 4)]),
            "spearman": numbers([rho, exact_spearman(x, y) if n <= 9 else p_of(rho), *fisher(rho, (1 + rho**2 / 2) / (n - 3) if n > 3 else np.nan, n, 4)]),
            "kendall": numbers([tau.statistic, tau.pvalue, *fisher(tau.statistic, tau_variance, n, 5)]),
        }


def correlations():
    rng = np.random.default_rng(7)
    for n in [3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 30, 49, 50, 107]:
        for strength in [0.3, 2]:
            x = rng.normal(0, 10, n)
            y = strength * x + rng.normal(0, 10, n)
            yield f"distinct n {n} strength {strength}", np.round(x, 3), np.round(y, 3)
            yield f"tied n {n} strength {strength}", np.round(x / 8), np.round(y / 12)
    yield "perfect", np.arange(12.0), np.arange(12.0) * 2 + 1
    yield "reversed", np.arange(12.0), -np.arange(12.0)
    yield "constant", np.arange(6.0), np.full(6, 2.0)
    yield "two pairs", np.arange(2.0), np.arange(2.0)
    yield "a single value away from the rest", np.r_[np.zeros(20), 1.0], np.r_[np.zeros(19), 1.0, 3.0]


def generated_pairs(seed, n, modulus):
    d = draws(seed)
    pairs = np.array([[next(d) % modulus, next(d) % modulus] for _ in range(n)])
    return pairs[:, 0], pairs[:, 0] + pairs[:, 1]


def all_correlations():
    for name, x, y in correlations():
        # Rounding may give -0, which JSON keeps and ranks do not.
        yield {"name": name, "x": numbers(x + 0.0), "y": numbers(y + 0.0), **correlation_results(x, y)}
    for seed, modulus in [(1, 5), (2, 1000)]:
        x, y = generated_pairs(seed, 10000, modulus)
        yield {"name": f"n 10000 modulus {modulus}", "seed": seed, "n": 10000, "modulus": modulus, **correlation_results(x, y)}


# --- several readers ---------------------------------------------------------------------------------------------


def fleiss(counts, shares_of_patients):
    """Fleiss' κ with patients weighing as said, for derivatives."""
    m = counts[0].sum()
    w = shares_of_patients / shares_of_patients.sum()
    p = (w[:, None] * counts).sum(0) / m
    observed = (w * (counts * (counts - 1)).sum(1)).sum() / (m * (m - 1))
    expected = (p**2).sum()
    return (observed - expected) / (1 - expected)


def fleiss_results(counts):
    n, m = len(counts), counts[0].sum()
    p = counts.sum(0) / counts.sum()
    if 1 - (p**2).sum() < 1e-12:
        return None
    value = fleiss(counts, np.ones(n))
    assert abs(value - fleiss_kappa(counts)) < 1e-9
    influence = np.zeros(n)
    for i in range(n):
        w = np.ones(n, complex)
        w[i] += STEP * 1j
        influence[i] = n * fleiss(counts, w).imag / STEP
    q = p * (1 - p)
    null = np.sqrt(2 * (q.sum() ** 2 - (q * (1 - 2 * p)).sum()) / (n * m * (m - 1))) / q.sum()
    return numbers([value, np.sqrt((influence**2).sum() / (n * (n - 1))), null])


def alpha(ratings, level):
    try:
        return number(krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level))
    except (ValueError, ZeroDivisionError, AssertionError):
        return None


def reader_results(ratings, categories):
    complete = ratings[~np.isnan(ratings).any(1)].astype(int)
    results = {"complete": len(complete)}
    if len(complete) >= 2:
        counts = np.array([np.bincount(row, minlength=categories) for row in complete])
        results["fleiss"] = fleiss_results(counts)
        m = complete.shape[1]
        results["byCategory"] = [fleiss_results(np.c_[counts[:, j], m - counts[:, j]]) for j in range(categories)]
        pairs = [cohen_kappa_score(complete[:, i], complete[:, j], labels=list(range(categories)), weights="linear") for j in range(m) for i in range(j)]
        results["light"] = number(np.mean(pairs))
    results["alpha"] = {level: alpha(ratings, level) for level in ["nominal", "ordinal", "interval", "ratio"]}
    return results


def readers():
    rng = np.random.default_rng(99)
    for n in [3, 5, 10, 30, 107]:
        for m in [2, 3, 5]:
            for k in [2, 5]:
                for missing in [0, 0.15]:
                    truth = rng.integers(0, k, n)
                    ratings = np.clip(truth[:, None] + np.where(rng.random((n, m)) < 0.35, rng.integers(-1, 2, (n, m)), 0), 0, k - 1).astype(float)
                    ratings[rng.random((n, m)) < missing] = np.nan
                    yield f"n {n} readers {m} categories {k} missing {missing}", k, ratings
    yield "perfect", 4, np.repeat(np.arange(8.0)[:, None] % 4, 3, 1)
    yield "no two alike", 3, np.tile(np.arange(3.0), (6, 1))
    yield "all the same", 3, np.ones((5, 3))
    yield "a rare category", 3, np.r_[np.zeros((40, 3)), [[0, 0, 2], [2, 2, 2], [0, 1, 1]]]


def all_readers():
    code = lambda row: "".join("." if np.isnan(v) else str(int(v)) for v in row)
    for name, k, ratings in readers():
        if (np.sum(~np.isnan(ratings), 1) < 2).all():
            continue
        yield {"name": name, "categories": k, "ratings": [code(row) for row in ratings], **reader_results(ratings, k)}
    d = draws(5)
    ratings = np.array([[min(4, base % 4 + (next(d) % 5 == 0)) for _ in range(4)] for base in itertools.islice(draws(6), 10000)], float)
    yield {"name": "n 10000 readers 4", "categories": 5, "generated": True, **reader_results(ratings, 5)}


# --- continuous readings -----------------------------------------------------------------------------------------


def intraclass(v):
    """Coefficients, ends and p of the six forms, as McGraw & Wong (1996) tabulate them."""
    n, k = v.shape
    grand = v.mean()
    between = k * ((v.mean(1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((v.mean(0) - grand) ** 2).sum() / (k - 1)
    within = ((v - v.mean(1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    error = ((v - v.mean(1, keepdims=True) - v.mean(0) + grand) ** 2).sum() / ((n - 1) * (k - 1))
    up = lambda single: k * single / (1 + (k - 1) * single)
    results = {}
    for form, square, d2 in [("1", within, n * (k - 1)), ("3", error, (n - 1) * (k - 1))]:
        f = between / square
        ends = np.array([f / stats.f.ppf(0.975, n - 1, d2), f * stats.f.ppf(0.975, d2, n - 1)])
        ends = (ends - 1) / (ends + k - 1)
        p = stats.f.sf(f, n - 1, d2)
        results[f"icc{form}1"] = numbers([(between - square) / (between + (k - 1) * square), *ends, f, p])
        results[f"icc{form}k"] = numbers([(between - square) / between, *up(ends), f, p])
    single = (between - error) / (between + (k - 1) * error + k * (columns - error) / n)
    a, b = k * single / (n * (1 - single)), 1 + k * single * (n - 1) / (n * (1 - single))
    df = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    low, high = stats.f.ppf(0.975, n - 1, df), stats.f.ppf(0.975, df, n - 1)
    ends = np.array([
        n * (between - low * error) / (low * (k * columns + (k * n - k - n) * error) + n * between),
        n * (high * between - error) / (k * columns + (k * n - k - n) * error + n * high * between),
    ])
    f, p = between / error, stats.f.sf(between / error, n - 1, (n - 1) * (k - 1))
    results["icc21"] = numbers([single, *ends, f, p])
    results["icc2k"] = numbers([(between - error) / (between + (columns - error) / n), *up(ends), f, p])
    return results, within, error


def spread(square, df, factor):
    ends = np.sqrt(df * square / stats.chi2.ppf([0.975, 0.025], df))
    return numbers([factor * np.sqrt(square), *(factor * ends)])


def limits(differences, back):
    n, mean, sd = len(differences), differences.mean(), differences.std(ddof=1)
    t = stats.t.ppf(0.975, n - 1)
    half = t * sd * np.sqrt(1 / n + Z**2 / (2 * (n - 1)))
    factors = stats.nct.ppf([0.025, 0.975], n - 1, Z * np.sqrt(n)) / np.sqrt(n)
    lower, upper = mean - Z * sd, mean + Z * sd
    return {
        "bias": numbers(back(np.array([mean, mean - t * sd / np.sqrt(n), mean + t * sd / np.sqrt(n)]))),
        "sd": number(sd),
        "p": number(stats.ttest_1samp(differences, 0).pvalue),
        "lower": numbers(back(np.array([lower, mean - factors[1] * sd, mean - factors[0] * sd, lower - half, lower + half]))),
        "upper": numbers(back(np.array([upper, mean + factors[0] * sd, mean + factors[1] * sd, upper - half, upper + half]))),
    }


def concordance(x, y):
    n, r = len(x), stats.pearsonr(x, y).statistic
    value = 2 * np.cov(x, y, bias=True)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    u = (x.mean() - y.mean()) / np.sqrt(x.std() * y.std())
    variance = ((1 - r**2) * value**2 * (1 - value**2) / r**2 + 2 * value**3 * (1 - value) * u**2 / r - 0.5 * value**4 * u**4 / r**2) / (n - 2)
    ends = np.tanh(np.arctanh(value) + np.array([-1, 1]) * Z * np.sqrt(variance) / (1 - value**2))
    return numbers([value, *ends, value / r])


def continuous_results(v):
    n, k = v.shape
    forms, within, error = intraclass(v)
    x, y = v[:, 0], v[:, 1]
    means, differences = (x + y) / 2, x - y
    line = stats.linregress(means, differences)
    t = stats.t.ppf(0.975, n - 2)
    two = Z * np.sqrt(2)
    return {
        "intraclass": forms,
        "withinPatientSd": spread(within, n * (k - 1), 1),
        "repeatabilityCoefficient": spread(within, n * (k - 1), two),
        "smallestDetectableChange": spread(error, (n - 1) * (k - 1), two),
        "blandAltman": limits(differences, lambda v: v),
        "ratio": limits(np.log(x / y), np.exp) if (v[:, :2] > 0).all() else None,
        "concordance": concordance(x, y),
        "proportionalBias": numbers([line.slope, line.stderr, line.slope - t * line.stderr, line.slope + t * line.stderr, line.intercept, line.intercept_stderr, line.pvalue]),
    }


def all_continuous():
    rng = np.random.default_rng(31)
    for n in [3, 4, 5, 10, 30, 107]:
        for k in [2, 3, 4]:
            for name, scatter, offset in [("strong", 2, 0), ("weak", 12, 0), ("offset", 3, 6)]:
                v = np.round(40 + rng.normal(0, 8, n)[:, None] + rng.normal(0, scatter, (n, k)) + offset * np.arange(k), 1)
                yield {"name": f"{name} n {n} k {k}", "values": [numbers(row) for row in v], **continuous_results(v)}
    v = generated_readings(10000, 3)
    yield {"name": "n 10000 k 3", "generated": True, **continuous_results(v)}


def generated_readings(n, k):
    d = draws(11)
    return np.array([[(base % 1000 + next(d) % 200 + 20 * j) / 10 + 1 for j in range(k)] for base in itertools.islice(draws(12), n)])


# --- many tests, bootstrap ---------------------------------------------------------------------------------------


def adjusted():
    rng = np.random.default_rng(3)
    for n in [1, 2, 5, 36, 200]:
        for power in [1, 4]:
            p = np.round(rng.random(n) ** power, 4)
            yield {"p": numbers(p), "holm": numbers(multipletests(p, method="holm")[1]), "benjaminiHochberg": numbers(multipletests(p, method="fdr_bh")[1])}


def bias_corrected():
    """scipy's BCa interval, with the distribution that it drew."""
    for seed, n in [(1, 12), (2, 25), (3, 40)]:
        rng = np.random.default_rng(seed)
        values = np.round(rng.exponential(10, n), 2)
        result = stats.bootstrap((values,), np.mean, n_resamples=199, method="BCa", rng=rng)
        yield {
            "values": numbers(values),
            "resamples": numbers(np.sort(result.bootstrap_distribution)),
            "low": number(result.confidence_interval.low),
            "high": number(result.confidence_interval.high),
        }


json.dump(
    {
        "tables": list(table_results()),
        "correlations": list(all_correlations()),
        "readers": list(all_readers()),
        "continuous": list(all_continuous()),
        "adjusted": list(adjusted()),
        "biasCorrected": list(bias_corrected()),
    },
    sys.stdout,
    separators=(",", ":"),
)
