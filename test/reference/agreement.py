"""Reference values for src/kernel/agreement, by scipy, statsmodels and scikit-learn.

Use: python agreement.py > agreement.json      (numpy 2, scipy 1, statsmodels 0.14, scikit-learn 1)

Every data set is made here from a seed: random, tied, tiny, degenerate, heavily imbalanced, and large ones.
"""

import itertools
import json
import sys
import warnings

import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, to_table

warnings.filterwarnings("ignore")
CATEGORIES = 5
WEIGHTS = {"none": None, "linear": "linear", "quadratic": "quadratic"}


def finite(value):
    value = float(value)
    return value if np.isfinite(value) else None


def exact_p(x, y, rho):
    """Two-sided share of all orders of y at least as far from 0, ties kept."""
    rx, ry = stats.rankdata(x), stats.rankdata(y)
    values = [abs(np.corrcoef(rx, order)[0, 1]) for order in itertools.permutations(ry)]
    return float(np.mean(np.array(values) >= abs(rho) - 1e-9))


def spearman(x, y):
    x, y = np.array(x, float), np.array(y, float)
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return {"rho": None, "p": None, "low": None, "high": None}
    result = stats.spearmanr(x, y)
    rho = float(np.clip(result.statistic, -1, 1))
    p = exact_p(x, y, rho) if len(x) <= 7 else (None if len(x) <= 9 else float(result.pvalue))
    low = high = None
    if len(x) >= 4 and abs(rho) < 1 - 1e-12:
        half = stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (len(x) - 3))
        low, high = np.tanh(np.arctanh(rho) - half), np.tanh(np.arctanh(rho) + half)
    return {"rho": rho, "p": p, "low": None if low is None else float(low), "high": None if high is None else float(high)}


def kappas(a, b):
    table = np.zeros((CATEGORIES, CATEGORIES))
    np.add.at(table, (a, b), 1)
    results = {}
    for name, weights in WEIGHTS.items():
        r = cohens_kappa(table, wt=weights)
        own = cohen_kappa_score(a, b, labels=list(range(CATEGORIES)), weights=weights)
        kappa = finite(r.kappa)
        if kappa is not None and np.isfinite(own):
            assert abs(kappa - own) < 1e-9, (name, kappa, own)
        results[name] = {"kappa": kappa, "se": finite(r.std_kappa), "seNull": finite(r.std_kappa0), "p": finite(r.pvalue_two_sided)}
    po = np.trace(table) / table.sum()
    rows, columns = table.sum(1) / table.sum(), table.sum(0) / table.sum()
    pe = (rows * columns).sum()
    gwet = ((rows + columns) / 2 * (1 - (rows + columns) / 2)).sum() / (CATEGORIES - 1)
    return {
        **results,
        "percentAgreement": float(po * 100),
        "kappaMax": finite((np.minimum(rows, columns).sum() - pe) / (1 - pe)) if pe < 1 - 1e-12 else None,
        "pabak": float((CATEGORIES * po - 1) / (CATEGORIES - 1)),
        "ac1": float((po - gwet) / (1 - gwet)),
    }


def data_sets():
    rng = np.random.default_rng(20261123)
    for n in [3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 107, 1000, 10000]:
        for correlation in [-0.6, 0.0, 0.5, 0.9]:
            z = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n)
            yield f"random n {n} r {correlation}", np.digitize(z[:, 0], [-1, -0.3, 0.4, 1.2]), np.digitize(z[:, 1], [-0.9, -0.2, 0.5, 1.1])
    for n in [20, 107, 1000]:
        for prevalence in [0.01, 0.05, 0.1]:
            a = rng.random(n) < prevalence
            b = np.where(rng.random(n) < 0.9, a, rng.random(n) < prevalence)
            yield f"imbalanced n {n} p {prevalence}", a.astype(int), b.astype(int)
    for n in [5, 30, 107]:
        a = rng.integers(0, CATEGORIES, n)
        yield f"perfect n {n}", a, a
        yield f"reversed n {n}", a, CATEGORIES - 1 - a
        yield f"constant right n {n}", a, np.full(n, 2)
        yield f"constant left n {n}", np.full(n, 0), a
        yield f"both constant n {n}", np.full(n, 1), np.full(n, 1)
        yield f"both constant, different n {n}", np.full(n, 1), np.full(n, 3)
        yield f"grade 2 unused n {n}", np.where(a == 2, 1, a), np.clip(np.where(a == 2, 3, a) + rng.integers(-1, 1, n), 0, 4)


sets = []
for name, a, b in data_sets():
    rng = np.random.default_rng(len(name))
    percent = np.round(np.clip(a * 22 + rng.normal(0, 6, len(a)), 0, 100), 1)
    ints = lambda values: [int(v) for v in values]
    entry = {"name": name, "left": ints(a), "right": ints(b), "spearman": spearman(a, b), "kappa": kappas(a, b)}
    if len(a) <= 200:
        entry["percent"] = [float(v) for v in percent]
        entry["spearmanOfPercent"] = spearman(percent, b)
    sets.append(entry)
json.dump(sets, sys.stdout, separators=(",", ":"))
