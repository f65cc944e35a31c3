"""Reference values for src/kernel/agreement by scipy, statsmodels, pingouin and krippendorff.

Use: python moreAgreement.py > moreAgreement.json      (scipy 1.17, statsmodels 0.15, pingouin 0.5, krippendorff 0.8)
"""

import json
import math
import sys
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.multitest import multipletests

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def clean(value):
    """None where a value is undefined, so that the file is plain JSON."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [clean(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) or math.isinf(value) else float(value)
    return int(value) if isinstance(value, np.integer) else value


def pairs():
    """Random, tied, tiny, skewed, nearly and perfectly agreeing pairs of continuous or whole values."""
    for n in (4, 5, 7, 10, 20, 50, 107, 400):
        x = rng.normal(50, 20, n)
        yield x, x + rng.normal(3, 8, n)
        yield x, rng.normal(0, 1, n)
        whole = rng.integers(0, 5, n)
        yield whole, np.clip(whole + rng.integers(-1, 2, n), 0, 4)
        skewed = np.round(rng.lognormal(0, 2, n), 1)
        yield skewed, np.round(skewed * rng.lognormal(0.1, 0.3, n), 1)
        yield x, x * 1.1 + 2


def continuous(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    n = len(x)
    d = x - y
    z = stats.norm.ppf(0.975)
    entry = {"x": [round(float(v), 6) for v in x], "y": [round(float(v), 6) for v in y]}
    x, y = np.array(entry["x"]), np.array(entry["y"])
    d = x - y
    r = stats.pearsonr(x, y)
    ci = r.confidence_interval(0.95)
    tau = stats.kendalltau(x, y, method="asymptotic")
    sd = d.std(ddof=1)
    near, far = (stats.nct.ppf(q, n - 1, z * math.sqrt(n)) / math.sqrt(n) * sd for q in (0.025, 0.975))
    half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
    ss = float((d**2).sum())
    long = pd.DataFrame({"subject": np.tile(np.arange(n), 2), "rater": np.repeat(["a", "b"], n), "score": np.concatenate([x, y])})
    icc = pingouin.intraclass_corr(long, "subject", "rater", "score")
    sx, sy = x.var(), y.var()
    entry.update(
        pearson=[r.statistic, r.pvalue, ci.low, ci.high],
        kendall=[tau.statistic, tau.pvalue],
        ccc=2 * np.cov(x, y, bias=True)[0, 1] / (sx + sy + (x.mean() - y.mean()) ** 2),
        bias=[d.mean(), d.mean() - half, d.mean() + half],
        upper=[d.mean() + z * sd, d.mean() + near, d.mean() + far],
        within=[math.sqrt(ss / 2 / n), math.sqrt(ss / 2 / stats.chi2.ppf(0.975, n)), math.sqrt(ss / 2 / stats.chi2.ppf(0.025, n))],
        icc=[[row.ICC, row.pval] for row in icc.itertuples()],
        iccCi=[list(map(float, c)) for c in icc[[c for c in icc.columns if "CI" in c][0]]],
    )
    return entry


def tables():
    for k in (2, 3, 5):
        for n in (10, 40, 107, 1000):
            left = rng.choice(k, n, p=rng.dirichlet(np.ones(k) * 2))
            right = np.clip(left + rng.choice([-1, 0, 0, 0, 1], n), 0, k - 1)
            table = np.zeros((k, k), int)
            np.add.at(table, (left, right), 1)
            yield table


def square(table):
    def test(name):
        try:
            found = getattr(SquareTable(table, shift_zeros=False), name)()
            return [found.statistic, found.pvalue, found.df]
        except Exception:
            return [math.nan] * 3
    return {"table": table.tolist(), "bowker": test("symmetry"), "stuartMaxwell": test("homogeneity")}


def readings():
    for n, readers in ((6, 3), (20, 2), (30, 4), (107, 3)):
        truth = rng.integers(0, 5, n)
        yield np.clip(truth[:, None] + rng.choice([-1, 0, 0, 0, 1], (n, readers)), 0, 4)


def several(table):
    counts = np.stack([(table == c).sum(1) for c in range(5)], 1)
    missing = table.astype(float).copy()
    missing[rng.random(table.shape) < 0.15] = np.nan
    alpha = {level: krippendorff.alpha(reliability_data=missing.T, level_of_measurement=level) for level in ("nominal", "ordinal", "interval")}
    return {"scores": table.tolist(), "missing": clean(missing), "fleiss": fleiss_kappa(counts), "alpha": alpha}


def adjusted(n):
    p = [round(float(v), 6) for v in rng.beta(0.5, 3, n)]
    return {"p": p, "holm": multipletests(p, method="holm")[1], "bh": multipletests(p, method="fdr_bh")[1]}


nct = [[float(t), df, float(delta), stats.nct.cdf(t, df, delta)] for df in (3, 9, 50, 400) for delta in (0.0, 3.9, 19.6) for t in (delta - 1, delta, delta + 2.5)]
json.dump(clean({
    "continuous": [continuous(x, y) for x, y in pairs()],
    "square": [square(t) for t in tables()],
    "several": [several(r) for r in readings()],
    "adjusted": [adjusted(n) for n in (1, 2, 5, 12, 36)],
    "noncentralT": nct,
}), sys.stdout, separators=(",", ":"))
