"""compare.py SKEIN FOLDER NET...: each network exported, checked, run and read back; see `check`."""
import json
import pathlib
import subprocess
import sys

import jsonschema
import numpy
import onnx

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


worst = {"outputs": 0.0, "rgb": 0.0}
failed = False
for number, net in enumerate(nets):
    model = work / f"{number}.onnx"
    run("export", net, "--out", model, "--colour-head")
    onnx.checker.check_model(onnx.load(str(model)), full_check=True)
    run("render", net, "--out", work / "picture.png", "--npz", work / "arrays.npz", "--size", size)
    drawn = numpy.load(work / "arrays.npz")
    got = computed(model.name)
    for name, key in (("outputs", "hsv"), ("rgb", "rgb")):
        wanted = drawn[key].reshape(-1, 3)
        # Both round sums of hundreds of products in single precision: differences are taken of the largest output.
        difference = float(numpy.abs(got[name] - wanted).max()) / max(1.0, float(numpy.abs(wanted).max()))
        worst[name] = max(worst[name], difference)
        print(f"{net}: {name} differ by {difference:.2e}")
        failed |= difference > allowed
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
print(f"{len(nets)} networks: largest difference {worst['outputs']:.2e} of raw outputs, {worst['rgb']:.2e} of colours")
sys.exit(failed)
