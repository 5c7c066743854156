"""Makes the demo's data and models; see README.md beside this file.

  python make_demo.py           writes them
  python make_demo.py --check   compares a fresh run with what is checked in, and fails on a difference
"""

import argparse
import hashlib
import json
import sys
import textwrap
from importlib import metadata
from pathlib import Path

import numpy as np

from demo_data import column_names, csv_text, schema, split
from demo_expected import COMMITTEE, Runner, expected
from demo_models import labels_of, train_all

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parent / "dim-server-example/src/main/resources/demo"
EXPECTED = HERE / "expected.json"
LICENCE = "Apache-2.0"
TOLERANCE = 1e-6
MAX_MODEL_BYTES = 300_000
DATATYPES = {
    "tensor(float)": "FP32",
    "tensor(int64)": "INT64",
    "tensor(string)": "BYTES",
    "seq(map(string,tensor(float)))": "FP32",  # ZipMap: read as [-1, labels]
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the checked-in files, write nothing")
    options = parser.parse_args()
    tools = pinned_tools()
    training, hospitals = split()
    trained, facts = train_all(training)
    models = {model_id: model.SerializeToString(deterministic=True) for model_id, model in trained.items()}
    assert sum(map(len, models.values())) < MAX_MODEL_BYTES
    runner = Runner(models)
    files = data_files(hospitals)
    numbers = {"tools": tools, **expected(runner, hospitals, facts)}
    if options.check:
        differences = check(files, models, runner, hospitals, numbers)
        print("\n".join(differences) or "The checked-in files match a fresh run.")
        return 1 if differences else 0
    for path, text in files.items():
        write(RESOURCES / path, text.encode())
    for model_id, data in models.items():
        write(RESOURCES / f"models/{model_id}.onnx", data)
    write(RESOURCES / "models.json", dumps(registry(models, runner)).encode())
    write(EXPECTED, dumps(numbers).encode())
    return 0


def pinned_tools():
    """The pinned versions; another version than the pinned one is an error, since the numbers may then differ."""
    pins = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    wrong = {name: metadata.version(name) for name, pin in pins.items() if metadata.version(name) != pin}
    if wrong:
        sys.exit(f"Versions other than in requirements.txt: {wrong}")
    return {name: pins[name] for name in ("scikit-learn", "numpy", "scipy", "onnx", "skl2onnx", "onnxruntime")}


def data_files(hospitals):
    """Path under the resources -> text, for every CSV and its schema."""
    files = {}
    for hospital, rows in hospitals.items():
        files[f"{hospital}/patients.csv"] = csv_text(rows)
        files[f"{hospital}/patients.schema.json"] = dumps(schema())
    return files


def descriptors(models, runner):
    return [descriptor(model_id, data, runner.session(model_id)) for model_id, data in models.items()]


def registry(models, runner):
    return {"models": descriptors(models, runner)}


def descriptor(model_id, data, session):
    """DIM's own JSON form of a model descriptor; the file lies in models/, named after the model."""
    labels = labels_of(model_id)

    def tensor(t):
        return {
            "name": t.name,
            "datatype": DATATYPES[t.type],
            "shape": [-1 if isinstance(d, str) else d for d in t.shape] or [-1, len(labels)],
            **({"columns": column_names()} if t.name == "features" else {}),
        }

    return {
        "id": model_id,
        "artifact": {"format": "onnx", "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)},
        "signature": {
            "inputs": [tensor(t) for t in session.get_inputs()],
            "outputs": [tensor(t) for t in session.get_outputs()],
        },
        **({"labels": labels} if labels else {}),
        "licence": LICENCE,
        "inProcess": True,
    }


def signatures(models, runner):
    return [{**d, "artifact": None} for d in descriptors(models, runner)]


def check(files, models, runner, hospitals, numbers):
    """Data: the same bytes. Models: the same outputs on every hospital's rows. Numbers: within the tolerance."""
    found = [f"{path}: differs" for path, text in files.items() if (RESOURCES / path).read_bytes() != text.encode()]
    shipped = {model_id: (RESOURCES / f"models/{model_id}.onnx").read_bytes() for model_id in models}
    shipped_runner = Runner(shipped)
    # Digests are those of the files that ship: another processor may round a weight differently.
    if json.loads((RESOURCES / "models.json").read_text()) != registry(shipped, shipped_runner):
        found.append("models.json: does not describe the files in models/")
    if signatures(shipped, shipped_runner) != signatures(models, runner):
        return [*found, "models: inputs or outputs differ, so their values were not compared"]
    stray = {path.stem for path in (RESOURCES / "models").iterdir()} ^ set(models)
    found += [f"models/{name}: not made by this script" for name in sorted(stray)]
    for hospital, rows in hospitals.items():
        ours, theirs = outputs(runner, rows.float32), outputs(shipped_runner, rows.float32)
        found += [f"{key} on {hospital}: differs" for key in ours if not same(ours[key], theirs[key])]
    found += unequal("expected.json", json.loads(EXPECTED.read_text()), numbers)
    return found


def outputs(runner, features):
    """Every output of every model, keyed by model and output; each chain step is fed by the steps before."""
    tensors, result = {"features": features}, {}
    for model_id in ("breast-risk", *COMMITTEE, "breast-normalise", "breast-triage", "breast-diagnosis", "breast-plan"):
        names = [i.name for i in runner.session(model_id).get_inputs()]
        answer = runner.run(model_id, **{name: tensors[name] for name in names})
        tensors.update(answer)
        result.update({f"{model_id}.{name}": value for name, value in answer.items()})
    return result


def same(a, b):
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return np.allclose(a, b, rtol=0, atol=TOLERANCE) if a.dtype == np.float32 else bool(np.all(a == b))


def unequal(path, a, b):
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [line for key in a for line in unequal(f"{path}.{key}", a[key], b[key])]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [line for i, pair in enumerate(zip(a, b)) for line in unequal(f"{path}[{i}]", *pair)]
    if isinstance(a, float) and isinstance(b, float):
        return [] if abs(a - b) <= TOLERANCE else [f"{path}: {a} checked in, {b} fresh"]
    return [] if a == b else [f"{path}: {a} checked in, {b} fresh"]


def dumps(value):
    """JSON with one line for every object or list that fits into one; long lists of texts are filled like prose."""
    return layout(value, "") + "\n"


def layout(value, indent):
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(flat) + len(indent) <= 120:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        items, (opening, closing) = [f"{json.dumps(k)}: {layout(v, inner)}" for k, v in value.items()], "{}"
    elif all(isinstance(v, str) for v in value):
        text = " ".join(json.dumps(v, ensure_ascii=False) + "," for v in value).removesuffix(",")
        return "\n".join(["[", *textwrap.wrap(text, 120, initial_indent=inner, subsequent_indent=inner), f"{indent}]"])
    else:
        items, (opening, closing) = [layout(v, inner) for v in value], "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(items) + f"\n{indent}{closing}"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{path.relative_to(HERE.parent)}: {len(data):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
