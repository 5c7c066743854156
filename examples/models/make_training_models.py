"""Makes the ONNX models with which hospitals train a logistic regression together, and checks them.

    make_training_models.py          writes the models and their descriptors
    make_training_models.py --check  compares a fresh run with what is checked in, and writes nothing

Both models read FP64 `features` [n,13] and the text `disease` [n] ("absent" or "present"; anything else becomes NaN,
which no aggregation accepts), and the parameter `weights` [14], of which the last one is the intercept.

gradient     also takes `ridge` [1]; answers for each row the gradient [14] and the Hessian [14,14] of the log loss with a
             penalty of ridge / 2 times the squared weights, the intercept left out, and that loss [1]
local-steps  also takes `rate` [1]; takes STEPS steps of gradient descent over all rows that it is given at once, and
             answers the weights that it came to, the same for each row; where a cabinet has more rows than a node's
             batch, each batch takes steps of its own
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper

FOLDER = Path(__file__).parents[1] / "src/main/resources/io/powernode/dim/examples/heart"
OPSETS = {"": 17, "ai.onnx.ml": 3}
IR_VERSION = 8
FEATURES = [
    "age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "cp_2", "cp_3", "cp_4", "restecg_1",
    "restecg_2"]
WEIGHTS = len(FEATURES) + 1
STEPS = 5


def node(kind, inputs, output, **attributes):
    return helper.make_node(kind, inputs.split(), [output], **attributes)


def rows():
    """x [n,14] with a column of ones, and y [n,1], which is 0 or 1."""
    return [
        node("Shape", "features", "shape"),
        node("Gather", "shape zero", "n"),
        node("Concat", "n one", "n_by_1", axis=0),
        node("Expand", "unit n_by_1", "ones"),
        node("Concat", "features ones", "x", axis=1),
        helper.make_node(
            "LabelEncoder", ["disease"], ["y32"], domain="ai.onnx.ml",
            keys_strings=["absent", "present"], values_floats=[0.0, 1.0], default_float=float("nan")),
        node("Cast", "y32", "y64", to=TensorProto.DOUBLE),
        node("Unsqueeze", "y64 one", "y"),
    ]


def residual(weights, prefix):
    """p - y [n,1] of the weights [14], and the logits [n,1]."""
    return [
        node("Unsqueeze", f"{weights} one", f"{prefix}w"),
        node("MatMul", f"x {prefix}w", f"{prefix}z"),
        node("Sigmoid", f"{prefix}z", f"{prefix}p"),
        node("Sub", f"{prefix}p y", f"{prefix}r"),
    ]


def gradient_model():
    nodes = [
        *rows(), *residual("weights", ""),
        node("Mul", "weights mask", "penalised"),
        node("Mul", "penalised ridge", "pull"),
        node("Mul", "r x", "slope"),
        node("Add", "slope pull", "gradient"),
        # p (1 - p) x xT + ridge I
        node("Sub", "unit p", "q"),
        node("Mul", "p q", "variance"),
        node("Mul", "variance x", "scaled"),
        node("Unsqueeze", "scaled two", "column"),
        node("Unsqueeze", "x one", "row"),
        node("MatMul", "column row", "curvature"),
        node("Mul", "diagonal ridge", "bend"),
        node("Add", "curvature bend", "hessian"),
        # max(z, 0) + log(1 + exp(-|z|)) - y z + ridge / 2 w.w
        node("Relu", "z", "positive"),
        node("Abs", "z", "size"),
        node("Neg", "size", "small"),
        node("Exp", "small", "tiny"),
        node("Add", "tiny unit", "above_1"),
        node("Log", "above_1", "rest"),
        node("Add", "positive rest", "softplus"),
        node("Mul", "y z", "credit"),
        node("Sub", "softplus credit", "log_loss"),
        node("Mul", "penalised penalised", "squares"),
        node("ReduceSum", "squares", "square", keepdims=1),
        node("Mul", "square ridge", "twice"),
        node("Mul", "twice half", "penalty"),
        node("Add", "log_loss penalty", "loss"),
    ]
    mask = np.append(np.ones(WEIGHTS - 1), 0.0)
    constants = {"two": np.array([2]), "mask": mask, "diagonal": np.diag(mask), "half": np.array([0.5])}
    outputs = {"gradient": ["n", WEIGHTS], "hessian": ["n", WEIGHTS, WEIGHTS], "loss": ["n", 1]}
    return model("gradient", nodes, {"weights": [WEIGHTS], "ridge": [1]}, outputs, constants)


def local_steps_model():
    nodes = [
        *rows(),
        node("Transpose", "x", "xt", perm=[1, 0]),
        node("Cast", "n", "rows", to=TensorProto.DOUBLE),
        node("Div", "rate rows", "pace"),
    ]
    at = "weights"
    for step in range(1, STEPS + 1):
        prefix, after = f"s{step}_", f"w{step}"
        nodes += [
            *residual(at, prefix),
            node("MatMul", f"xt {prefix}r", f"{prefix}sum"),
            node("Squeeze", f"{prefix}sum one", f"{prefix}flat"),
            node("Mul", f"{prefix}flat pace", f"{prefix}move"),
            node("Sub", f"{at} {prefix}move", after),
        ]
        at = after
    nodes += [node("Concat", "n width", "n_by_14", axis=0), node("Expand", f"{at} n_by_14", "trained")]
    outputs = {"trained": ["n", WEIGHTS]}
    return model("local-steps", nodes, {"weights": [WEIGHTS], "rate": [1]}, outputs, {"width": np.array([WEIGHTS])})


def model(name, nodes, parameters, outputs, constants):
    shared = {"zero": np.array([0]), "one": np.array([1]), "unit": np.ones((1, 1))}
    graph = helper.make_graph(
        nodes, name,
        [
            helper.make_tensor_value_info("features", TensorProto.DOUBLE, ["n", len(FEATURES)]),
            helper.make_tensor_value_info("disease", TensorProto.STRING, ["n"]),
            *[helper.make_tensor_value_info(key, TensorProto.DOUBLE, shape) for key, shape in parameters.items()],
        ],
        [helper.make_tensor_value_info(key, TensorProto.DOUBLE, shape) for key, shape in outputs.items()],
        [numpy_helper.from_array(value, key) for key, value in {**shared, **constants}.items()])
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    made = helper.make_model(graph, opset_imports=opsets)
    made.ir_version = IR_VERSION
    checker.check_model(made, full_check=True)
    return made


def descriptor(made, data):
    """The model's descriptor in DIM's own JSON form."""
    kinds = {TensorProto.DOUBLE: "FP64", TensorProto.STRING: "BYTES"}

    def spec(value):
        shape = [d.dim_value if d.HasField("dim_value") else -1 for d in value.type.tensor_type.shape.dim]
        columns = {"columns": FEATURES} if value.name == "features" else {}
        return {"name": value.name, "datatype": kinds[value.type.tensor_type.elem_type], "shape": shape, **columns}

    artifact = {"format": "onnx", "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)}
    signature = {
        "inputs": [spec(value) for value in made.graph.input], "outputs": [spec(value) for value in made.graph.output]}
    return {
        "id": "heart-" + made.graph.name, "artifact": artifact, "signature": signature, "licence": "Apache-2.0",
        "inProcess": True}


def layout(description):
    """JSON with one line for each tensor."""
    tensors = {f"@{value['name']}": json.dumps(value) for side in description["signature"].values() for value in side}
    short = {side: [f"@{value['name']}" for value in values] for side, values in description["signature"].items()}
    text = json.dumps({**description, "signature": short}, indent=2)
    for name, line in tensors.items():
        text = text.replace(f'"{name}"', line)
    return text + "\n"


def verify(models):
    """Both models against the formulas in numpy, the derivatives also against differences of the loss."""
    random = np.random.default_rng(7)
    features = random.normal(size=(40, len(FEATURES)))
    texts = np.array(["present" if truth else "absent" for truth in random.random(40) < 0.4])
    x, y = np.column_stack([features, np.ones(40)]), (texts == "present").astype(float)
    weights, ridge, mask = random.normal(size=WEIGHTS), 0.3, np.append(np.ones(WEIGHTS - 1), 0.0)

    def run(name, **parameters):
        session = onnxruntime.InferenceSession(models[name].SerializeToString())
        feed = {"features": features, "disease": texts, **parameters}
        return session.run(None, feed)

    def answers(at):
        return run("gradient", weights=at, ridge=np.array([ridge]))

    gradient, hessian, loss = answers(weights)
    p = 1 / (1 + np.exp(-x @ weights))
    close(gradient, (p - y)[:, None] * x + ridge * mask * weights)
    close(hessian, (p * (1 - p))[:, None, None] * x[:, :, None] * x[:, None, :] + ridge * np.diag(mask))
    close(loss[:, 0], -np.log(np.where(y == 1, p, 1 - p)) + ridge / 2 * np.sum((mask * weights) ** 2))
    for i, step in enumerate(1e-5 * np.eye(WEIGHTS)):
        up, down = answers(weights + step), answers(weights - step)
        close((up[2] - down[2])[:, 0] / 2e-5, gradient[:, i], 1e-7)
        close((up[0] - down[0]) / 2e-5, hessian[:, i, :], 1e-7)

    local, rate = weights.copy(), 0.25
    for _ in range(STEPS):
        local -= rate / 40 * x.T @ (1 / (1 + np.exp(-x @ local)) - y)
    (trained,) = run("local-steps", weights=weights, rate=np.array([rate]))
    close(trained, np.tile(local, (40, 1)))


def close(a, b, tolerance=1e-12):
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def main():
    models = {made.graph.name: made for made in (gradient_model(), local_steps_model())}
    verify(models)
    files = {}
    for name, made in models.items():
        data = made.SerializeToString(deterministic=True)
        files[f"{name}.onnx"] = data
        files[f"{name}.json"] = layout(descriptor(made, data)).encode()
    if sys.argv[1:] == ["--check"]:
        changed = [name for name, data in files.items() if (FOLDER / name).read_bytes() != data]
        sys.exit("differs: " + ", ".join(changed) if changed else 0)
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
