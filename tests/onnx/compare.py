"""compare.py SKEIN FOLDER NET...: each network exported, checked, run and read back; see `check`."""
import json
import pathlib
import subprocess
import sys

import jsonschema
import numpy
import onnx
import onnx.numpy_helper

skein, work, nets = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
size, allowed = 48, 1e-5
root = pathlib.Path(__file__).resolve().parents[2]
schemas = {
    "skein-genome": json.loads((root / "neat/files/genome.schema.json").read_text()),
    "skein-mlp": json.loads((root / "sgd/mlp/mlp.schema.json").read_text()),
}


def run(*words):
    return subprocess.run([skein, *map(str, words), "--json", "--quiet", "--force"], check=True, capture_output=True, text=True).stdout


def samples():
    axis = 2 * numpy.arange(size) / (size - 1) - 1
    x, y = numpy.meshgrid(axis, axis)
    return numpy.stack([x, y, 1.4 * numpy.hypot(x, y), numpy.ones_like(x)], -1).reshape(-1, 4).astype(numpy.float32)


def computed(model):
    samples().tofile(work / "samples.f32")
    subprocess.run(["node", "run_model.cjs", model, "samples.f32", str(size * size)], cwd=work, check=True)
    return {name: numpy.fromfile(work / f"{name}.f32", numpy.float32).reshape(-1, 3) for name in ("outputs", "rgb")}


# The same network from the arrays of the model alone: in double precision, what both sides round away from; in single
# precision, how far that takes one; and in double precision but for the sums and values of units, which are kept in single.
activations = {
    "cache": lambda sums: sums,
    "identity": lambda sums: sums,
    "sin": numpy.sin,
    "cos": numpy.cos,
    "tanh": numpy.tanh,
    "relu": lambda sums: numpy.maximum(sums, 0),
    "sigmoid": lambda sums: 2 / (1 + numpy.exp(-sums)) - 1,
    "gaussian": lambda sums: 2 * numpy.exp(-sums * sums) - 1,
    "steep-sigmoid": lambda sums: 1 / (1 + numpy.exp(-4.9 * sums)),
}


def by_numpy(model, arch, precision, kept=None):
    keep = lambda numbers: numbers.astype(kept or precision).astype(precision)
    columns = [part.split(":") for part in arch.split(";")[1].split(",")]
    kinds = [kind for kind, count in columns for _ in range(int(count))]
    arrays = {array.name: onnx.numpy_helper.to_array(array) for array in model.graph.initializer}
    layers = sorted(name for name in arrays if name.startswith("layer_"))
    values = samples().astype(precision)
    for name in layers:
        values = values @ (arrays[name].astype(precision) * (arrays[name.replace("layer", "mask")] != 0))
        if name != layers[-1]:
            values = keep(values)
            values = keep(numpy.stack([activations[kind](values[:, column]) for column, kind in enumerate(kinds)], -1))
    return values


worst = {"model": 0.0, "skein": 0.0, "both": 0.0, "rgb": 0.0}
failed = False
for number, net in enumerate(nets):
    model = work / f"{number}.onnx"
    run("export", net, "--out", model, "--colour-head")
    onnx.checker.check_model(onnx.load(str(model)), full_check=True)
    run("render", net, "--out", work / "picture.png", "--npz", work / "arrays.npz", "--size", size)
    drawn = numpy.load(work / "arrays.npz")
    got = computed(model.name)
    # Model and skein both have to give what the network computes to 1e-5, or, where single precision itself can't (deep
    # networks stretch its rounding, and raw outputs reach 23), to three times what it costs NumPy. On @face 4e-6 (model), 1.0e-5
    # (skein) and 8.5e-6 (NumPy), so the two lie 1.3e-5 apart; on @mask 3.6e-5, 3.1e-5 and 3.6e-5. The slope of a colour by
    # its hue is at most 6.
    graph, arch = onnx.load(str(model)), json.loads(run("info", net))["arch"]
    exact = by_numpy(graph, arch, numpy.float64)
    apart = lambda a, b: float(numpy.abs(a.astype(numpy.float64) - b).max())
    found = {
        "model": apart(got["outputs"], exact),
        "skein": apart(drawn["hsv"].reshape(-1, 3), exact),
        "both": apart(got["outputs"], drawn["hsv"].reshape(-1, 3)),
        "rgb": apart(got["rgb"], drawn["rgb"].reshape(-1, 3)),
    }
    single = apart(by_numpy(graph, arch, numpy.float32), exact)
    kept = apart(by_numpy(graph, arch, numpy.float64, numpy.float32), exact)
    bound = max(allowed, 3 * single)
    print(f"{net}: from the exact outputs: model {found['model']:.2e}, skein {found['skein']:.2e}, single precision {single:.2e}, of units alone {kept:.2e}; apart {found['both']:.2e}, colours {found['rgb']:.2e}")
    worst = {name: max(worst[name], value) for name, value in found.items()}
    failed |= found["model"] > bound or found["skein"] > bound or found["rgb"] > 6 * bound
    layered = work / "layered.mlp"
    run("layerize", net, "--out", layered)
    before, after = json.loads(run("info", layered)), json.loads(run("info", model))
    for key in ("depth", "arch", "width", "parameters", "nonzero", "copies", "activations"):
        assert before[key] == after[key], f"{net}: {key} was {before[key]}, reads back as {after[key]}"
    for source in (net, layered):
        run("export", source, "--out", work / "net.json")
        text = json.loads((work / "net.json").read_text())
        jsonschema.validate(text, schemas[text["format"]])
        run("export", work / "net.json", "--out", work / "again.json")
        assert (work / "again.json").read_text() == (work / "net.json").read_text(), f"{source}: JSON changes when read and written"
print(f"{len(nets)} networks, largest differences: " + ", ".join(f"{name} {value:.2e}" for name, value in worst.items()))
sys.exit(failed)
