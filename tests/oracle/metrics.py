"""Writes metrics.json: what scikit-learn and scipy say on small seeded cases.

    pip install scikit-learn && python tests/oracle/metrics.py

Scores are written as the f32 that Rust reads back; every figure is computed from those. A figure that is undefined
(scikit-learn warns and says 0) is null here, by rhetor's convention.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (accuracy_score, average_precision_score, brier_score_loss, f1_score, precision_score,
                             recall_score)

BINS = 10


def numbers(values):
    """JSON numbers, null for NaN."""
    return [None if np.isnan(v) else float(v) for v in np.asarray(values, dtype=float)]


def optional(value, defined):
    return float(value) if defined else None


def equal_mass_error(p, y):
    """Expected calibration error: a row's bin is floor(10 r / n), r the number of rows of strictly lower p."""
    bins = [int(BINS * np.sum(p < q) // len(p)) for q in p]
    error = 0.0
    for b in set(bins):
        inside = np.array(bins) == b
        error += inside.sum() / len(p) * abs(y[inside].mean() - p[inside].mean())
    return error


def agrees_with_calibration_curve(p, y):
    """Without ties and with a multiple of ten rows the bins are those of scikit-learn's calibration_curve."""
    true, predicted = calibration_curve(y, p, n_bins=BINS, strategy="quantile")
    return np.isclose(np.abs(true - predicted).mean(), equal_mass_error(p, y))


def label_figures(p, y, threshold):
    tagged = p >= np.float32(threshold)
    none_at_all = not y.any() and not tagged.any()
    q = p.astype(float)
    return {
        "precision": optional(precision_score(y, tagged, zero_division=0), tagged.any()),
        "recall": optional(recall_score(y, tagged, zero_division=0), y.any()),
        "f1": optional(f1_score(y, tagged, zero_division=0), not none_at_all),
        "average_precision": optional(average_precision_score(y, q), True) if y.any() else None,
        "brier": optional(np.mean((q - y) ** 2) if len(set(y)) < 2 else brier_score_loss(y, q), True),
        "ece": equal_mass_error(q, y),
        "support": int(y.sum()),
        "predicted": int(tagged.sum()),
    }


def averaged(metric, y, tagged, average):
    """A single column would be read by scikit-learn as a two-class problem."""
    if y.shape[1] == 1:
        return float(metric(y[:, 0], tagged[:, 0], zero_division=0))
    return float(metric(y, tagged, average=average, zero_division=0))


def metric_case(name, p, y, thresholds):
    p = np.asarray(p, dtype=np.float32)
    y = np.asarray(y, dtype=bool)
    tagged = p >= np.asarray(thresholds, dtype=np.float32)
    return {
        "name": name,
        "probabilities": [numbers(row) for row in p],
        "gold": y.tolist(),
        "thresholds": thresholds,
        "labels": [label_figures(p[:, j], y[:, j], thresholds[j]) for j in range(p.shape[1])],
        "micro": {
            "precision": optional(averaged(precision_score, y, tagged, "micro"), tagged.any()),
            "recall": optional(averaged(recall_score, y, tagged, "micro"), y.any()),
            "f1": optional(averaged(f1_score, y, tagged, "micro"), tagged.any() or y.any()),
        },
        "macro_f1": averaged(f1_score, y, tagged, "macro") if y.any(axis=0).all() else None,
        "exact_match": float(accuracy_score(y, tagged)),
    }


def smooth_platt(s, y):
    """The minimum of the same objective by another solver, to the last digits."""
    positive, n = y.sum(), len(y)
    target = np.where(y, (positive + 1) / (positive + 2), 1 / (n - positive + 2))

    def loss(w):
        z = w[0] * s + w[1]
        return np.sum(np.logaddexp(0, z) - target * z)

    def gradient(w):
        r = 1 / (1 + np.exp(-(w[0] * s + w[1]))) - target
        return np.array([r @ s, r.sum()])

    def hessian(w):
        p = 1 / (1 + np.exp(-(w[0] * s + w[1])))
        v = p * (1 - p)
        return np.array([[v @ (s * s), v @ s], [v @ s, v.sum()]])

    return minimize(loss, [0.0, 0.0], jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-10}).x


def calibration_case(name, s, y):
    s = np.asarray(s, dtype=np.float32).astype(float)
    y = np.asarray(y, dtype=bool)
    sigmoid = _SigmoidCalibration().fit(s, y)
    slope, intercept = smooth_platt(s, y)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(s, y.astype(float))
    low, high = 1 / ((~y).sum() + 2), (y.sum() + 1) / (y.sum() + 2)
    level = isotonic.predict(s)
    # scikit-learn draws its lines between the blocks' edges, rhetor between their centres: the blocks are the same.
    values = sorted(set(np.round(level, 12)))
    blocks = [(float(s[np.round(level, 12) == v].mean()), float(np.clip(v, low, high))) for v in values]
    return {
        "name": name,
        "scores": numbers(s),
        "gold": y.tolist(),
        "sigmoid": {"slope": -float(sigmoid.a_), "intercept": -float(sigmoid.b_)},
        "platt": {"slope": float(slope), "intercept": float(intercept),
                  "probabilities": numbers(1 / (1 + np.exp(-(slope * s + intercept))))},
        "isotonic_blocks": blocks,
    }


def metric_cases():
    rng = np.random.default_rng(7)

    def drawn(n, prevalence, separation):
        y = rng.random((n, len(prevalence))) < prevalence
        s = rng.normal(size=y.shape) + separation * y - 1.5
        return 1 / (1 + np.exp(-s)), y

    p, y = drawn(200, [0.3, 0.1, 0.05, 0.2], 2.0)
    assert all(agrees_with_calibration_curve(p[:, j].astype(np.float32).astype(float), y[:, j]) for j in range(4))
    yield metric_case("no ties", p, y, [0.5, 0.4, 0.3, 0.6])
    p, y = drawn(97, [0.3, 0.2], 1.0)
    yield metric_case("many ties, odd number of rows", np.round(p * 8) / 8, y, [0.5, 0.25])
    yield metric_case("all scores equal", np.full((20, 1), 0.25), np.arange(20)[:, None] % 4 == 0, [0.25])
    p, y = drawn(40, [0.3, 0.0], 1.0)
    yield metric_case("a label that no row bears", p, y, [0.5, 0.6])
    yield metric_case("nothing borne, nothing tagged", np.full((5, 1), 0.1), np.zeros((5, 1)), [0.5])
    yield metric_case("every row borne", [[0.9], [0.2], [0.6]], [[1], [1], [1]], [0.5])
    yield metric_case("two rows", [[0.5, 0.5], [0.5, 0.1]], [[1, 0], [0, 0]], [0.5, 0.5])
    yield metric_case("one row", [[0.7]], [[1]], [0.7])


def calibration_cases():
    rng = np.random.default_rng(11)
    for name, n, prevalence, separation in [("common label", 300, 0.4, 1.5), ("rare label", 400, 0.05, 2.5),
                                            ("tiny", 12, 0.5, 1.0), ("nearly separable", 60, 0.5, 8.0)]:
        y = rng.random(n) < prevalence
        y[:2] = [True, False]
        yield calibration_case(name, rng.normal(size=n) + separation * y - 2.0, y)
    y = rng.random(150) < 0.3
    yield calibration_case("tied scores", np.round(rng.normal(size=150) + y, 1), y)
    y = rng.random(80) < 0.3
    yield calibration_case("wide scores", 40 * (rng.normal(size=80) + 2 * y), y)


def main():
    out = {
        "made_by": "tests/oracle/metrics.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "metrics": list(metric_cases()),
        "calibration": list(calibration_cases()),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")


main()
