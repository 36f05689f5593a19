"""The module gives what the command line gives, bit for bit."""
import pathlib

import numpy
import pytest
import skein
from conftest import bits, read_png
from skein._running import file_of, words_of

SMALL = {"steps": 40, "size": 24}


def flags(settings):
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def test_render_is_the_picture_of_the_program(program):
    program("render", "@face", "--out", "face.png", "--size", 33, "--npz", "face.npz", "--extent", 1.5)
    picture = skein.load("@face").render(33, extent=1.5)
    assert picture.shape == (33, 33, 3) and picture.dtype == numpy.float32
    arrays = numpy.load("face.npz")
    assert numpy.array_equal(picture, arrays["rgb"])
    assert numpy.array_equal(numpy.floor(picture * 255 + 0.5).astype(numpy.uint8), read_png("face.png"))


def test_a_picture_need_not_be_square(program):
    picture = skein.load("@face").render((10, 20))
    assert picture.shape == (10, 20, 3)
    low, wide = square_of(program, 10), square_of(program, 20)
    # Their borders are at the same places: columns of 10 pixels at both sides, rows of 20 above and below.
    assert numpy.array_equal(picture[:, [0, -1]], low[:, [0, -1]])
    assert numpy.array_equal(picture[[0, -1]], wide[[0, -1]])
    assert not numpy.array_equal(low[:, 0], low[:, 5]) and not numpy.array_equal(wide[0], wide[10])


def square_of(program, size):
    program("render", "@face", "--out", f"{size}.png", "--size", size, "--npz", f"{size}.npz")
    return numpy.load(f"{size}.npz")["rgb"]


def test_maps_are_the_arrays_of_the_program(program):
    program("render", "@flower", "--out", "f.png", "--size", 16, "--npz", "f.npz")
    maps = skein.load("@flower").maps(16)
    arrays = numpy.load("f.npz")
    names = sorted(name for name in arrays.files if name.startswith("layer_"))
    assert len(maps) == len(names)
    for name, layer in zip(names, maps):
        assert numpy.array_equal(arrays[name], layer), name


def test_info_layerize_and_lift(program):
    assert skein.load("@face").info() == program("info", "@face")
    program("layerize", "@face", "--out", "face.mlp")
    layered = skein.load("@face").layerize()
    assert bits(layered) == bits(skein.load("face.mlp"))
    program("lift", "face.mlp", "--out", "face.genome")
    lifted = skein.load("face.mlp").lift()
    assert lifted == skein.load("face.genome") and lifted.kind == "genome"
    assert numpy.abs(lifted.render(32) - layered.render(32)).max() < 1e-4


@pytest.mark.parametrize("settings", [{}, {"optimizer": "muon", "lr": 0.01}, {"batch-pixels": 64, "sparsity": 0.5}])
def test_training_in_memory_is_training_by_command(program, settings):
    arch = "3;cache:2,gaussian:3,sin:2"
    wanted = program("train", "@face", "--arch", arch, "--out", "run", "--seed", 3, *flags(SMALL | settings))
    keywords = {name.replace("-", "_"): value for name, value in (SMALL | settings).items()}
    trained = skein.train(None, "@face", arch=arch, seed=3, **keywords)
    assert bits(trained.net) == bits(skein.load("run"))
    for name in ("loss", "best_loss", "steps", "nonzero"):
        assert getattr(trained, name) == wanted[name]
    assert trained.losses.shape == (40,) and trained.losses.min() == numpy.float32(trained.best_loss)


def test_a_wiring_a_picture_in_memory_and_a_run_of_its_own(program):
    program("layerize", "@face", "--out", "face.mlp")
    program("train", "@flower", "--wiring", "face.mlp", "--copies", "freeze", "--out", "run", *flags(SMALL))
    face = skein.load("@face").layerize()
    target = skein.load("@flower").render(24)
    in_memory = skein.train(face, target, copies="freeze", steps=40)
    assert bits(in_memory.net) == bits(skein.load("run"))
    events = []
    on_disk = skein.train(face, "@flower", copies="freeze", out="again", on_step=events.append, **SMALL)
    assert bits(on_disk.net) == bits(in_memory.net)
    assert on_disk.out == "again" and pathlib.Path("again/report.html").exists()
    assert skein.train(face, "@flower", copies="freeze", out="again", **SMALL).loss == on_disk.loss
    assert (on_disk.loss, on_disk.best_loss) == (in_memory.loss, in_memory.best_loss)


def test_a_kept_wiring_goes_on_from_its_weights():
    start = skein.dense("2;gaussian:4", seed=9)
    untrained = skein.train(start, "@face", init="keep", steps=1, size=16)
    assert numpy.array_equal(untrained.net.weights[0], start.weights[0])
    from_seed = skein.train(None, "@face", arch="2;gaussian:4", seed=9, steps=1, size=16)
    assert from_seed.losses[0] == untrained.losses[0]


@pytest.mark.parametrize("method", ["sp", "magnitude", "wanda", "llm-pruner", "snip", "random", "lottery"])
def test_pruning_in_memory_is_pruning_by_command(program, method):
    net = skein.train(None, "@face", arch="2;gaussian:5,tanh:3", size=20, steps=30).net
    net.save("net.mlp")
    options = {"keep": 40, "steps": 20, "size": 20}
    if method in ("magnitude", "wanda"):
        options["rounds"] = 2
    wanted = program("prune", "net.mlp", "--target", "@face", "--method", method, "--out", "cut.mlp", "--seed", 2, *flags(options))
    pruned = skein.prune(net, "@face", method=method, seed=2, **options)
    assert bits(pruned.net) == bits(skein.load("cut.mlp"))
    assert pruned.rounds == wanted["rounds"]
    for name in ("method", "nonzero", "units", "loss", "best_loss", "steps"):
        assert getattr(pruned, name) == wanted[name]


def test_the_callers_own_masks(program):
    net = skein.train(None, "@face", arch="2;gaussian:5,tanh:3", size=20, steps=30).net
    masks = [numpy.abs(layer) >= numpy.median(numpy.abs(layer)) for layer in net.weights]
    cut = skein.prune(net, "@face", masks=masks, steps=0, size=20)
    assert [numpy.array_equal(mask != 0, there != 0) for mask, there in zip(masks, cut.net.masks)] == [True] * 3
    assert all(numpy.array_equal(there, mask * layer) for there, mask, layer in zip(cut.net.weights, masks, net.weights))
    assert cut.nonzero == sum(mask.sum() for mask in masks) and cut.method == "mask"
    retrained = skein.prune(net, "@face", masks=masks, steps=25, size=20)
    on_disk = skein.prune(net, "@face", masks=masks, steps=25, size=20, out="cut.mlp")
    assert bits(retrained.net) == bits(on_disk.net) == bits(skein.load("cut.mlp"))
    net.save("net.mlp")
    net.keep(masks).save("like.mlp")
    program("prune", "net.mlp", "--target", "@face", "--method", "mask", "--like", "like.mlp", "--out", "by.mlp", "--steps", 25, "--size", 20)
    assert bits(skein.load("by.mlp")) == bits(retrained.net)


def test_score_wiring_hide_and_sweep(program):
    wanted = program("score", "@face", "--size", 32, "--weights", 12, "--resamples", 20, "--seed", 4)
    assert skein.score("@face", size=32, weights=12, resamples=20, seed=4) == wanted
    program("hide", "@face", "--out", "hidden.mlp", "--seed", 1)
    hidden = skein.hide("@face", seed=1)
    assert bits(hidden) == bits(skein.load("hidden.mlp")) and hidden.argument == ""
    wanted = program("wiring", "hidden.mlp", "--reference", "@face", "--null-samples", 5, "--seed", 6)
    alike = skein.compare_wirings("@face", hidden, null_samples=5, seed=6)
    assert alike.items() <= wanted.items() and alike["edge_f1_null_mean"] < 1
    program("sweep", "@face", "--weights", "0,5", "--size", 16, "--steps", 3, "--out", "swept")
    arrays, swept = numpy.load("swept/sweep.npz"), skein.sweep("@face", weights=[0, 5], size=16, steps=3)
    assert {name: arrays[name].tolist() for name in arrays.files} == {name: array.tolist() for name, array in swept.items()}
    one = skein.sweep("@face", weights=[5], size=16, steps=3)
    assert one["weight"].tolist() == [5] and numpy.array_equal(one["map"], swept["map"][1:])


def test_every_other_command_is_a_function(program):
    names = {target["name"] for target in skein.targets()}
    assert "@face" in names
    assert skein.export("@face", out="face.json") == program("export", "@face", "--out", "other.json") | {"out": "face.json"}
    assert pathlib.Path("face.json").read_bytes() == pathlib.Path("other.json").read_bytes()
    assert "--generations" in skein.evolve.__doc__
    # A network in memory is kept beside the output, under a name of its content.
    skein.export(skein.dense("1;tanh:2"), out="dense.json")
    assert [file.suffix for file in pathlib.Path("dense.json.inputs").iterdir()] == [".mlp"]


def test_flags_become_the_words_of_the_command_line(tmp_path):
    flags = {"from_": ["trained", "sp"], "init_scale": 0.5, "noise": numpy.array([0.5, 1]), "copies": numpy.arange(2), "labels": None}
    assert words_of(flags) == ["--from=trained,sp", "--init-scale=0.5", "--noise=0.5,1.0", "--copies=0,1"]
    assert words_of({"sparse": True, "lottery": True}, ["sparse"]) == ["--sparse", "--lottery=on"]
    net = skein.dense("1;tanh:2")
    named = file_of(["evolved", net], tmp_path)
    assert named == ["evolved", file_of(net, tmp_path)] and skein.load(named[1]) == net
    assert words_of({"wirings": named}) == [f"--wirings=evolved,{named[1]}"]
    numbers = numpy.array([1, 2], numpy.uint8)
    assert file_of(numbers, tmp_path) is numbers


def test_a_command_is_given_keywords_of_python_and_networks_in_a_list(program):
    settings = {"starts": 2, "steps": 10, "size": 8, "copies": 1, "mechanisms": "off"}
    net = skein.dense("1;tanh:2", seed=1)
    net.save("net.mlp")
    skein.basin("@dawn", out="one", from_="evolved", noise=numpy.array([0.5]), wirings=["evolved", net], **settings)
    program("basin", "@dawn", "--out", "two", "--from", "evolved", "--noise", 0.5, "--wirings", "evolved,net.mlp", *flags(settings))
    assert pathlib.Path("one/radius.csv").read_bytes() == pathlib.Path("two/radius.csv").read_bytes()


def test_what_the_program_refuses_the_module_refuses_in_the_same_words(program):
    for words, call in [
        (["info", "@nobody"], lambda: skein.load("@nobody")),
        (["info", "missing.mlp"], lambda: skein.load("missing.mlp")),
        (["score", "@face", "--weights", "0"], lambda: skein.score("@face", weights=0)),
        (["train", "@face", "--steps", "-3", "--out", "r"], lambda: skein.train(None, "@face", steps=-3)),
        (["train", "@face", "--warmup", "3", "--out", "r"], lambda: skein.train(None, "@face", warmup=3)),
        (["prune", "@face", "--target", "@face", "--method", "wish", "--out", "r"], lambda: skein.prune("@face", "@face", method="wish")),
    ]:
        said = program.refusal(*words)
        with pytest.raises(skein.Error) as caught:
            call()
        assert "\n" not in str(caught.value)
        assert str(caught.value) in said, words
