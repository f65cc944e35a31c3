"""Values of examples that papers print, to more digits than they print, by scipy, statsmodels and krippendorff.

Use: python agreementExamples.py > agreementExamples.json
(numpy 2, scipy 1, statsmodels 0.15, krippendorff 0.9)

The printed values stand beside the examples in test/unit/agreement; these here are for what papers leave out.
"""

import json
import sys

import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa
from statsmodels.stats.proportion import proportion_confint


def digits(values):
    return [float(f"{float(v):.12g}") for v in np.ravel(values)]


def cohen(table, kind):
    own = cohens_kappa(table, wt=None if kind == "none" else kind)
    return digits([own.kappa, own.std_kappa, own.kappa_low, own.kappa_upp, own.std_kappa0, own.pvalue_two_sided])


def share(count, n):
    p = count / n
    return digits([100 * p, 100 * np.sqrt(p * (1 - p) / n), *(100 * e for e in proportion_confint(count, n, method="wilson"))])


def against_rest(table, c):
    both, left, right = table[c, c], table[c].sum(), table[:, c].sum()
    return [[int(both), int(left - both)], [int(right - both), int(table.sum() - left - right + both)]]


def xeromammograms():
    """Altman, Practical Statistics for Medical Research (1991), table 14.5: normal, benign, suspected cancer, cancer."""
    table = np.array([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]])
    n = table.sum()
    i, j = np.indices(table.shape)
    rho, p = stats.spearmanr(np.repeat(i, table.ravel()), np.repeat(j, table.ravel()))
    ends = np.tanh(np.arctanh(rho) + np.array([-1, 1]) * stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (n - 3)))
    cells = [c for c in np.ndindex(table.shape) if table[c] > 0]
    without = [cohens_kappa(table - np.eye(16)[4 * a + b].reshape(4, 4), return_results=False) for a, b in cells]
    times = np.array([table[c] for c in cells])
    jackknife = np.sqrt((n - 1) / n * (times * (without - (times * without).sum() / n) ** 2).sum())
    half = stats.t.ppf(0.975, n - 1) * jackknife
    own = cohens_kappa(table, return_results=False)
    return {
        "spearman": digits([rho, *ends, p]),
        "jackknife": digits([jackknife, own - half, own + half]),
        "table": table.tolist(),
        "kappa": {kind: cohen(table, kind) for kind in ["none", "linear", "quadratic"]},
        "percentAgreement": share(np.trace(table), n),
        "withinOneCategory": share(table[abs(i - j) <= 1].sum(), n),
        "oneAgainstRest": [against_rest(table, c) for c in range(4)],
        "kappaOfCategories": [cohen(np.array(against_rest(table, c)), "none") for c in range(4)],
    }


def fleiss_of(counts):
    """κ, its interval by the jackknife's limit (each patient's influence, by differences), and p under κ = 0."""
    n, m = len(counts), counts[0].sum()
    value = fleiss_kappa(counts)
    step = 1e-5

    def weighted(w):
        w = w / w.sum()
        p = (w[:, None] * counts).sum(0) / m
        observed = (w * (counts * (counts - 1)).sum(1)).sum() / (m * (m - 1))
        return (observed - (p**2).sum()) / (1 - (p**2).sum())

    influence = np.array([n * (weighted(1 + step * np.eye(n)[i]) - weighted(1 - step * np.eye(n)[i])) / (2 * step) for i in range(n)])
    se = np.sqrt((influence**2).sum() / (n * (n - 1)))
    half = stats.t.ppf(0.975, n - 1) * se
    q = counts.sum(0) / counts.sum()
    q = q * (1 - q)
    null = np.sqrt(2 * (q.sum() ** 2 - (q * (1 - 2 * counts.sum(0) / counts.sum())).sum()) / (n * m * (m - 1))) / q.sum()
    return [float(f"{v:.9g}") for v in [value, max(-1, value - half), min(1, value + half), 2 * stats.norm.sf(abs(value) / null)]]


def fourteen_readers():
    """Fourteen readers of ten patients: the example of Fleiss' κ that textbooks and packages share (κ .210)."""
    counts = np.array([
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ])
    weak = np.array([[2, 1], [1, 2], [2, 1], [0, 3], [1, 2], [2, 1]])
    return {
        "counts": counts.tolist(),
        "overall": fleiss_of(counts),
        "byCategory": [fleiss_of(np.c_[counts[:, j], 14 - counts[:, j]]) for j in range(5)],
        "weak": {"counts": weak.tolist(), "overall": fleiss_of(weak)},
    }


def peak_flow():
    """Bland & Altman, Lancet 1986: peak expiratory flow (l/min) by a large and a mini meter, first readings."""
    large = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0])
    mini = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0])
    n = len(large)
    line = stats.linregress((large + mini) / 2, large - mini)
    half = stats.t.ppf(0.975, n - 2) * line.intercept_stderr
    residual = large - mini - line.intercept - line.slope * (large + mini) / 2
    return {
        "large": large.tolist(),
        "mini": mini.tolist(),
        "intercept": digits([line.intercept, line.intercept_stderr, line.intercept - half, line.intercept + half]),
        "residualSd": digits([np.sqrt((residual**2).sum() / (n - 2))]),
        "pearson": digits([stats.pearsonr(large, mini).statistic]),
        "scaleShift": digits([large.std() / mini.std()]),
        "locationShift": digits([(large.mean() - mini.mean()) / np.sqrt(large.std() * mini.std())]),
    }


def resampling():
    values = np.array([3, 5, 8, 13, 1, 4.0])
    n = len(values)
    half = stats.t.ppf(0.975, n - 1) * stats.sem(values)
    resamples = np.array([0.1, 0.7, 0.4, 0.45, 0.2, 0.9, 0.35, 0.6, 0.5, 0.55, 0.3])
    return {
        "values": values.tolist(),
        # The jackknife of a mean is the mean's t interval.
        "jackknife": digits([stats.sem(values), values.mean() - half, values.mean() + half]),
        "resamples": resamples.tolist(),
        "percentile": digits(np.quantile(resamples, [0.025, 0.975])),
        "percentile80": digits(np.quantile(resamples, [0.1, 0.9])),
        "se": digits([resamples.std(ddof=1)]),
    }


json.dump(
    {
        "xeromammograms": xeromammograms(),
        "fourteenReaders": fourteen_readers(),
        "peakFlow": peak_flow(),
        "resampling": resampling(),
    },
    sys.stdout,
    indent=1,
)
