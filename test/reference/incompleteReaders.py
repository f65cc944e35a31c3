"""Reference values for readers who have not all read every patient, and for Gwet's coefficients of two readers.

Use: python incompleteReaders.py > incompleteReaders.json
(numpy, pandas, scipy 1, irrCAC 0.4, krippendorff 0.8 or later)

Fleiss' kappa and Gwet's AC1 are those of irrCAC, alpha that of krippendorff. The intraclass correlations are those that
the R package irrNA gives by `iccNA(ratings)`: its method (Ebel 1951; Brueckl 2011) is carried out here with whole
matrices, by the way of sums of squared ratings less those of means, where ours adds squared deviations.
"""

import json
import sys

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from scipy import stats


def icc_na(x):
    x = x[~np.isnan(x).all(axis=1)][:, ~np.isnan(x).all(axis=0)]
    n, k = x.shape
    nj, ki = (~np.isnan(x)).sum(axis=0), (~np.isnan(x)).sum(axis=1)
    olk, total = ki.mean(), ki.sum()
    k0 = (total - (ki**2).sum() / total) / (n - 1)
    grand = np.nansum(x) / total

    def squares(values):
        means = np.nanmean(values, axis=1)
        between = (ki * means**2).sum() - total * grand**2
        return between / (n - 1), np.nansum(values**2) - (ki * means**2).sum()

    between, within = squares(x)
    within /= n * (olk - 1)
    readers = np.nanmean(x, axis=0)
    corrected_between, residual = squares(x + (grand - readers))
    df = (n - 1) * (olk - 1)
    residual /= df
    of_readers = (nj * (readers**2 - grand**2)).sum() / (k - 1)
    icc1 = (between - within) / (between + (k0 - 1) * within)
    icc2 = (corrected_between - residual) / (
        corrected_between + (k0 - 1) * residual + k0 / n * (of_readers - residual)
    )
    icc3 = (corrected_between - residual) / (corrected_between + (k0 - 1) * residual)

    def ends(f, df1, df2):
        low, high = f / stats.f.ppf(0.975, df1, df2), f * stats.f.ppf(0.975, df2, df1)
        return [(low - 1) / (low + k0 - 1), (high - 1) / (high + k0 - 1)]

    a = k0 * icc2 / (n * (1 - icc2))
    b = 1 + k0 * icc2 * (n - 1) / (n * (1 - icc2))
    df2 = (a * of_readers + b * residual) ** 2 / ((a * of_readers) ** 2 / (k - 1) + (b * residual) ** 2 / df)
    low, high = stats.f.ppf(0.975, n - 1, df2), stats.f.ppf(0.975, df2, n - 1)
    rest = k0 * of_readers + (k0 * n - k0 - n) * residual
    f1, f3 = between / within, corrected_between / residual
    return {
        "icc11": [icc1, *ends(f1, n - 1, n * (olk - 1)), f1, stats.f.sf(f1, n - 1, n * (olk - 1))],
        "icc21": [
            icc2,
            n * (corrected_between - low * residual) / (low * rest + n * corrected_between),
            n * (high * corrected_between - residual) / (rest + n * high * corrected_between),
            f3,
            stats.f.sf(f3, n - 1, df),
        ],
        "icc31": [icc3, *ends(f3, n - 1, df), f3, stats.f.sf(f3, n - 1, df)],
        "icc1k": [(between - within) / between],
        "icc2k": [(corrected_between - residual) / (corrected_between + (of_readers - residual) / n)],
        "icc3k": [(corrected_between - residual) / corrected_between],
    }


def alphas(x):
    def alpha(level):
        try:
            return krippendorff.alpha(reliability_data=x.T, level_of_measurement=level)
        except ValueError:
            return None

    return {level: alpha(level) for level in ["nominal", "ordinal", "interval"]}


def fleiss(x, categories):
    frame = pd.DataFrame(x)
    est = CAC(frame, categories=list(range(categories)), digits=12).fleiss()["est"]
    # irrCAC rounds its interval and p; they are made anew of its coefficient and standard error.
    n = (~np.isnan(x).all(axis=1)).sum()
    return [est["coefficient_value"], est["se"] if "se" in est else None, est["confidence_interval"], est["p_value"], int(n)]


def design(rng, n, readers, categories, missing, kind):
    truth = rng.integers(0, categories, n)
    x = np.clip(truth[:, None] + rng.integers(-1, 2, (n, readers)) * (rng.random((n, readers)) < 0.5), 0, categories - 1)
    x = x.astype(float)
    if kind == "planned":
        # Each patient is read by two of them, all pairs as often.
        pairs = [(a, b) for a in range(readers) for b in range(a)]
        for i in range(n):
            keep = pairs[i % len(pairs)]
            x[i, [j for j in range(readers) if j not in keep]] = np.nan
    else:
        x[rng.random((n, readers)) < missing] = np.nan
    return x


def sets():
    rng = np.random.default_rng(20261127)
    for n in [6, 9, 24, 60, 107]:
        for readers in [3, 4, 6]:
            for categories in [2, 3, 5]:
                yield f"planned n {n} readers {readers} categories {categories}", categories, design(rng, n, readers, categories, 0, "planned")
                yield f"random n {n} readers {readers} categories {categories}", categories, design(rng, n, readers, categories, 0.3, "random")
    complete = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float) - 1
    yield "Shrout and Fleiss 1979, complete", 10, complete
    tied = np.array([[0, 0, np.nan], [0, np.nan, 0], [1, 1, np.nan], [np.nan, 1, 1], [0, 1, np.nan], [2, np.nan, 2]])
    yield "tied", 3, tied


def finite(values):
    return [None if v is None or not np.isfinite(v) else float(v) for v in values]


def results():
    for name, categories, x in sets():
        if (~np.isnan(x)).any(axis=0).sum() < 2 or (~np.isnan(x)).sum() <= (~np.isnan(x).all(axis=1)).sum():
            continue
        value, _, interval, p, n = fleiss(x, categories)
        yield {
            "name": name,
            "categories": categories,
            "ratings": [[None if np.isnan(v) else int(v) for v in row] for row in x],
            "fleiss": finite([value, interval[0], interval[1], p]),
            "alpha": alphas(x),
            "icc": {form: finite(values) for form, values in icc_na(x).items()},
        }


def gwet_sets():
    rng = np.random.default_rng(7)
    for n in [3, 8, 20, 107]:
        for categories in [2, 3, 5]:
            x = design(rng, n, 2, categories, 0, "random")
            table = np.zeros((categories, categories), int)
            for a, b in x.astype(int):
                table[a, b] += 1
            for weights in ["identity", "linear", "quadratic"]:
                est = CAC(pd.DataFrame(x), weights=weights, categories=list(range(categories)), digits=12).gwet()["est"]
                yield {"name": f"n {n} categories {categories}", "table": table.tolist(), "weights": weights,
                       "value": finite([est["coefficient_value"], *est["confidence_interval"], est["p_value"]])}


json.dump({"readers": list(results()), "gwet": list(gwet_sets())}, sys.stdout, separators=(",", ":"))
