"""Trains the demo's models on the training rows and builds them as ONNX graphs."""

import warnings

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from demo_data import LABELS, SEED, column_names

OPSETS = {"": 17, "ai.onnx.ml": 3}
IR_VERSION = 8
FEATURES = 30
PLANS = ["discharge", "follow_up", "biopsy", "surgery"]
MEANS, ERRORS, WORST = (list(range(start, start + 10)) for start in (0, 10, 20))
SIZE = [column_names().index(name) for name in ("worst_radius", "worst_perimeter", "worst_area")]
LABELS_OF = {"breast-normalise": [], "breast-triage": [], "breast-plan": PLANS}  # the rest: LABELS


def train_all(training):
    """Returns ({model id: ONNX model}, {name: number chosen or measured on the training rows})."""
    models, facts = {}, {}
    models["breast-risk"] = _risk(training)
    models.update(_committee(training, facts))
    models.update(_chain(training, facts))
    for model in models.values():
        checker.check_model(model, full_check=True)
    return models, facts


def _risk(training):
    scaler = StandardScaler().fit(training.features)
    lr = _logistic(0.1).fit(scaler.transform(training.features), training.malignant)
    nodes = [*_scaling("features", "scaled"), *_logit("scaled", "risk")]
    values = {**_scaler_values(scaler), **_logit_values(lr)}
    return _graph("breast-risk", nodes, {"features": FEATURES}, {"risk": 1}, values)


def _committee(training, facts):
    """Four models of different kinds, each on its own features and two thirds of the rows, so that they disagree."""
    folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
    left_out = [fold for _, fold in folds.split(training.features, training.malignant)]
    boost = GradientBoostingClassifier(
        n_estimators=30, max_depth=2, learning_rate=0.15, random_state=SEED)
    mlp = MLPClassifier((8,), alpha=0.01, max_iter=200, tol=0, n_iter_no_change=200, random_state=SEED)
    kinds = {  # id -> (estimator, feature columns, fold left out, target: label strings or 0 / 1)
        "breast-lr": (make_pipeline(StandardScaler(), _logistic(1.0)), MEANS, 0, training.malignant),
        "breast-forest": (
            RandomForestClassifier(25, max_depth=4, min_samples_leaf=2, random_state=SEED),
            MEANS + ERRORS + WORST, 1, training.labels),
        "breast-mlp": (make_pipeline(StandardScaler(), mlp), WORST, 2, training.malignant),
        "breast-boost": (boost, ERRORS + WORST, 0, training.labels),
    }
    models = {}
    for model_id, (estimator, columns, fold, target) in kinds.items():
        rows = np.setdiff1d(np.arange(len(target)), left_out[fold])
        # Rounded to float32, which is what the ONNX model will see (a tree's thresholds then mean the same to
        # both), but as float64, or the fitting itself would run in float32.
        data = training.float32[:, columns].astype(float)
        with warnings.catch_warnings():
            # A fixed number of epochs, rather than convergence, keeps the weights the same across machines.
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(data[rows], target[rows])
        facts[f"{model_id}.weight"] = round(
            float(np.mean(estimator.predict(data[left_out[fold]]) == target[left_out[fold]])), 3)
        if model_id == "breast-lr":
            models[model_id] = _lr_graph(model_id, columns, *(step for _, step in estimator.steps))
        else:
            # sklearn's default, ZipMap, on one of them: a list with one {label: probability} map a row
            models[model_id] = _converted(model_id, estimator, columns, zipmap=model_id == "breast-boost")
    return models


def _lr_graph(model_id, columns, scaler, lr):
    nodes = [
        helper.make_node("Gather", ["features", "columns"], ["chosen"], axis=1),
        *_scaling("chosen", "scaled"),
        helper.make_node("Gemm", ["scaled", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    weights = np.column_stack([np.zeros(len(columns)), lr.coef_[0]])
    values = {
        "columns": np.array(columns, np.int64),
        **_scaler_values(scaler),
        "weights": weights,
        "bias": np.array([0.0, lr.intercept_[0]]),
    }
    return _graph(model_id, nodes, {"features": FEATURES}, {"probabilities": 2}, values)


def _converted(model_id, estimator, columns, zipmap):
    """The fitted estimator behind a choice of columns, as skl2onnx exports it."""
    # The choice has nothing to learn; fitting it on any row of the right width tells it that width.
    chooser = ColumnTransformer([("chosen", "passthrough", columns)]).fit(np.zeros((1, FEATURES)))
    model = convert_sklearn(
        make_pipeline(chooser, estimator),
        name=model_id,
        initial_types=[("features", FloatTensorType([None, FEATURES]))],
        options={"zipmap": zipmap},
        target_opset=OPSETS,
    )
    return _finish(model)


def _chain(training, facts):
    scaler = StandardScaler().fit(training.features)
    normalised = scaler.transform(training.features)
    truth = training.malignant
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)

    def unseen(data, c):
        """Each row's probability from a model that has not seen the row."""
        return cross_val_predict(_logistic(c), data, truth, cv=folds, method="predict_proba")[:, 1]

    triage = _logistic(0.1).fit(normalised[:, SIZE], truth)
    stacked = np.column_stack([normalised, unseen(normalised[:, SIZE], 0.1)])
    diagnosis = _logistic(0.05).fit(stacked, truth)
    cuts = _cuts(unseen(stacked, 0.05), truth)
    facts.update(zip(("plan.follow_up_from", "plan.biopsy_from", "plan.surgery_from"), cuts))

    models = {}
    models["breast-normalise"] = _graph(
        "breast-normalise", _scaling("features", "normalised"), {"features": FEATURES},
        {"normalised": FEATURES}, _scaler_values(scaler))
    gather = helper.make_node("Gather", ["normalised", "columns"], ["size"], axis=1)
    models["breast-triage"] = _graph(
        "breast-triage", [gather, *_logit("size", "urgency")], {"normalised": FEATURES}, {"urgency": 1},
        {"columns": np.array(SIZE, np.int64), **_logit_values(triage)})
    concat = helper.make_node("Concat", ["normalised", "urgency"], ["evidence"], axis=1)
    models["breast-diagnosis"] = _graph(
        "breast-diagnosis", [concat, *_logit("evidence", "malignant")],
        {"normalised": FEATURES, "urgency": 1}, {"malignant": 1}, _logit_values(diagnosis))
    models["breast-plan"] = _plan_graph(cuts)
    return models


def _cuts(probability, truth):
    """Where follow-up, biopsy and surgery begin, rounded to 0.01.

    Follow-up: the highest cut below which at most 1 % of the malignant rows lie. Surgery: the lowest
    cut above which at most 1 % are benign. Biopsy: the cut between them with the best
    sensitivity + specificity (Youden 1950), the middle one of equals.
    """
    grid = np.arange(1, 100) / 100
    missed = np.array([np.mean(probability[truth == 1] < cut) for cut in grid])
    needless = np.array([np.mean(truth[probability >= cut] == 0) for cut in grid])
    follow_up = max(grid[missed <= 0.01])
    surgery = min(grid[needless <= 0.01])
    false_alarms = np.array([np.mean(probability[truth == 0] >= cut) for cut in grid])
    inside = (grid > follow_up) & (grid < surgery)
    youden = np.where(inside, 1 - missed - false_alarms, -1)
    best = grid[np.isclose(youden, youden.max())]
    cuts = [float(follow_up), float(best[len(best) // 2]), float(surgery)]
    assert sorted(set(cuts)) == cuts, cuts
    return cuts


def _plan_graph(cuts):
    """scores[k] = k p - (cut 1 + … + cut k): each line overtakes the one before exactly at its cut, so argmax is the band."""
    nodes = [
        helper.make_node("Gemm", ["malignant", "slope", "offset"], ["scores"]),
        helper.make_node("ArgMax", ["scores"], ["plan"], axis=1, keepdims=0),
    ]
    values = {
        "slope": np.arange(len(PLANS), dtype=float).reshape(1, -1),
        "offset": -np.concatenate([[0.0], np.cumsum(cuts)]),
    }
    return _graph("breast-plan", nodes, {"malignant": 1}, {"plan": None, "scores": len(PLANS)}, values)


def _logistic(c):
    return LogisticRegression(C=c, tol=1e-10, max_iter=10_000)


def _scaling(source, target):
    return [
        helper.make_node("Sub", [source, "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "deviation"], [target]),
    ]


def _scaler_values(scaler):
    return {"mean": scaler.mean_, "deviation": scaler.scale_}


def _logit(source, target):
    return [
        helper.make_node("MatMul", [source, "weights"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], [target]),
    ]


def _logit_values(lr):
    return {"weights": lr.coef_.T, "bias": lr.intercept_}


def _graph(name, nodes, inputs, outputs, values):
    """A graph whose inputs and outputs are FP32 [batch, width]; width None makes an INT64 [batch]."""

    def info(tensor, width):
        kind, shape = (TensorProto.INT64, ["batch"]) if width is None else (TensorProto.FLOAT, ["batch", width])
        return helper.make_tensor_value_info(tensor, kind, shape)

    def constant(tensor, value):
        narrow = value if value.dtype == np.int64 else value.astype(np.float32)
        return numpy_helper.from_array(np.ascontiguousarray(narrow), tensor)

    graph = helper.make_graph(
        nodes, name,
        [info(*item) for item in inputs.items()],
        [info(*item) for item in outputs.items()],
        [constant(*item) for item in values.items()])
    return _finish(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSETS[""])]))


def _finish(model):
    model.ir_version = IR_VERSION
    # skl2onnx takes them from a set, so their order changes from run to run
    opsets = sorted(model.opset_import, key=lambda opset: opset.domain)
    del model.opset_import[:]
    model.opset_import.extend(opsets)
    for value in [*model.graph.input, *model.graph.output]:
        if value.type.HasField("tensor_type"):
            value.type.tensor_type.shape.dim[0].dim_param = "batch"
    return model


def labels_of(model_id):
    return LABELS_OF.get(model_id, LABELS)
