"""What the demo's jobs must come to, computed with ONNX Runtime on all rows in one place."""

import numpy as np
import onnxruntime
from sklearn.metrics import confusion_matrix, log_loss, roc_auc_score

from demo_data import LABELS
from demo_models import PLANS

COMMITTEE = ["breast-lr", "breast-forest", "breast-mlp", "breast-boost"]
CHAIN_ROWS = 3
THRESHOLD = 0.5
MIN_AGREEMENT = 0.75


class Runner:
    """Runs the serialised models by id: the bytes that ship, not the estimators they came from."""

    def __init__(self, models):
        self._sessions = {
            model_id: onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
            for model_id, data in models.items()
        }

    def session(self, model_id):
        return self._sessions[model_id]

    def run(self, model_id, **inputs):
        session = self._sessions[model_id]
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, (_flat(value) for value in session.run(None, inputs))))


def _flat(value):
    """ZipMap's list of {label: probability} as [n,2], columns in the order of LABELS."""
    if isinstance(value, list):
        return np.array([[row[label] for label in LABELS] for row in value], np.float32)
    return value


def expected(runner, hospitals, facts):
    return {
        "collaborative": _collaborative(runner, hospitals),
        "comparative": _comparative(runner, hospitals, facts),
        "chained": _chained(runner, hospitals, facts),
    }


def _collaborative(runner, hospitals):
    risk = {name: runner.run("breast-risk", features=rows.float32)["risk"][:, 0].astype(float)
            for name, rows in hospitals.items()}
    truth = {name: rows.malignant for name, rows in hospitals.items()}
    return {
        "modelId": "breast-risk",
        "threshold": THRESHOLD,
        "hospitals": {name: _metrics(truth[name], risk[name]) for name in hospitals},
        "pooled": _metrics(np.concatenate(list(truth.values())), np.concatenate(list(risk.values()))),
    }


def _metrics(truth, risk):
    """Confusion: a row for each true label, a column for each predicted one. AUC: exact, ties count half."""
    assert 0 < risk.min() and risk.max() < 1, "log loss would need clipping"
    predicted = (risk >= THRESHOLD).astype(int)
    return {
        "samples": len(risk),
        "meanRisk": float(risk.mean()),
        "labels": LABELS,
        "confusion": confusion_matrix(truth, predicted).tolist(),
        "accuracy": float(np.mean(predicted == truth)),
        "logLoss": float(log_loss(truth, risk)),
        "auc": float(roc_auc_score(truth, risk)),
    }


def _comparative(runner, hospitals, facts):
    name, rows = max(hospitals.items(), key=lambda item: len(item[1].ids))
    weights = [facts[f"{model_id}.weight"] for model_id in COMMITTEE]
    votes = np.array([_votes(runner, model_id, rows) for model_id in COMMITTEE])
    malignant = votes.sum(axis=0)
    share = np.average(votes, axis=0, weights=weights)
    disputed = np.flatnonzero((malignant > 0) & (malignant < len(COMMITTEE)))
    majority = np.where(malignant * 2 == len(COMMITTEE), -1, malignant * 2 > len(COMMITTEE))
    weighted = (share > 0.5).astype(int)
    agreement = np.maximum(share, 1 - share)
    # On the edge the order of an addition would decide.
    assert not np.isclose(agreement, 0.5).any() and not np.isclose(agreement, MIN_AGREEMENT).any()
    return {
        "hospital": name,
        "samples": len(rows.ids),
        "models": [
            {"modelId": model_id, "weight": weight, "accuracy": float(np.mean(vote == rows.malignant))}
            for model_id, weight, vote in zip(COMMITTEE, weights, votes)
        ],
        "majorityVote": {
            "unanimous": len(rows.ids) - len(disputed),
            "notUnanimous": len(disputed),
            "ties": int(np.sum(majority == -1)),
            "correctOfDecided": int(np.sum(majority == rows.malignant)),
            "meanAgreement": float(np.mean(np.maximum(malignant, len(COMMITTEE) - malignant)) / len(COMMITTEE)),
            "fleissKappa": _fleiss_kappa(malignant, len(COMMITTEE)),
        },
        "weightedVote": {
            "accuracy": float(np.mean(weighted == rows.malignant)),
            "meanAgreement": float(np.mean(agreement)),
            "minAgreement": MIN_AGREEMENT,
            "belowMinAgreement": int(np.sum(agreement < MIN_AGREEMENT)),
        },
        "disputed": [
            {
                "row": rows.ids[i],
                "truth": str(rows.labels[i]),
                "votes": [LABELS[vote] for vote in votes[:, i]],
                "majority": "tie" if majority[i] < 0 else LABELS[majority[i]],
                "weighted": LABELS[weighted[i]],
                "weightedAgreement": float(agreement[i]),
            }
            for i in disputed
        ],
    }


def _votes(runner, model_id, rows):
    """Each row's vote, 1 for malignant; a model that says a label and probabilities must not contradict itself."""
    outputs = runner.run(model_id, features=rows.float32)
    vote = next(v for v in outputs.values() if v.dtype == np.float32).argmax(axis=1)
    for label in (v for v in outputs.values() if v.dtype != np.float32):
        assert list(label) == ([LABELS[v] for v in vote] if label.dtype == object else list(vote)), model_id
    return vote


def _fleiss_kappa(malignant, raters):
    """Fleiss 1971, two categories."""
    counts = np.column_stack([raters - malignant, malignant])
    observed = np.mean((np.sum(counts**2, axis=1) - raters) / (raters * (raters - 1)))
    chance = np.sum((counts.sum(axis=0) / counts.sum()) ** 2)
    return float((observed - chance) / (1 - chance))


def _chained(runner, hospitals, facts):
    name, rows = next(iter(hospitals.items()))
    features = rows.float32
    plan = _pipeline(runner, features)["plan"]
    counts = {label: int(np.sum(plan == i)) for i, label in enumerate(PLANS)}
    first = _pipeline(runner, features[:CHAIN_ROWS])
    return {
        "hospital": name,
        "rows": list(rows.ids[:CHAIN_ROWS]),
        "cuts": {key.removeprefix("plan."): value for key, value in facts.items() if key.startswith("plan.")},
        "outputs": {key: _json_values(value) for key, value in first.items()},
        "plans": [PLANS[i] for i in first["plan"]],
        "planCounts": counts,
    }


def _pipeline(runner, features):
    """The four steps; the third takes `normalised` from the first and `urgency` from the second."""
    normalised = runner.run("breast-normalise", features=features)
    urgency = runner.run("breast-triage", **normalised)
    diagnosis = runner.run("breast-diagnosis", **normalised, **urgency)
    return {**normalised, **urgency, **diagnosis, **runner.run("breast-plan", **diagnosis)}


def _json_values(array):
    """Float32 by its shortest decimals (0.1 and not 0.10000000149…)."""
    if array.dtype == np.float32:
        return [[float(str(value)) for value in row] for row in array]
    return array.tolist()
