"""Cuts the breast-cancer rows into training rows and three hospitals, and writes them as CSV."""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_breast_cancer

LABELS = ["benign", "malignant"]
SEED = 20250301

# Hospital -> (benign rows, malignant rows): unlike sizes and unlike case mixes.
CASE_MIX = {"north": (126, 24), "river": (27, 63), "lakeside": (25, 20)}


@dataclass(frozen=True)
class Rows:
    """Feature values as in the source (float64) and the truth, 1 for malignant."""

    features: np.ndarray
    malignant: np.ndarray
    ids: tuple = ()

    @property
    def labels(self):
        return np.array(LABELS)[self.malignant]

    @property
    def float32(self):
        return self.features.astype(np.float32)


def column_names():
    return [name.replace(" ", "_") for name in load_breast_cancer().feature_names]


def split():
    """Returns (training rows, {hospital: rows}); every source row is in exactly one of them."""
    source = load_breast_cancer()
    malignant = (source.target == 0).astype(int)
    random = np.random.RandomState(SEED)  # its streams are frozen, unlike default_rng's
    pools = [list(random.permutation(np.flatnonzero(malignant == label))) for label in (0, 1)]
    hospitals = {}
    for hospital, counts in CASE_MIX.items():
        chosen = np.concatenate([[pool.pop() for _ in range(n)] for pool, n in zip(pools, counts)])
        chosen = random.permutation(chosen)
        ids = tuple(f"{hospital[0].upper()}-{i + 1:03d}" for i in range(len(chosen)))
        hospitals[hospital] = Rows(source.data[chosen], malignant[chosen], ids)
    rest = np.sort(np.concatenate(pools))
    return Rows(source.data[rest], malignant[rest]), hospitals


def csv_text(rows):
    """The shortest decimals that give back the source's float64 exactly; whole numbers without a point."""
    lines = [",".join(["patient", *column_names(), "diagnosis"])]
    for patient, values, label in zip(rows.ids, rows.features, rows.labels):
        cells = [np.format_float_positional(value, trim="-") for value in values]
        assert [float(cell) for cell in cells] == list(values)
        lines.append(",".join([patient, *cells, str(label)]))
    return "\n".join(lines) + "\n"


def schema():
    features = [{"name": name, "type": "FP64"} for name in column_names()]
    return {
        "name": "patients",
        "dataType": "medical",
        "rowId": "patient",
        "rowIdIsPseudonym": True,  # made up by split()
        "label": "diagnosis",
        "columns": [
            {"name": "patient", "type": "BYTES"},
            *features,
            {"name": "diagnosis", "type": "BYTES", "categories": LABELS},
        ],
    }
