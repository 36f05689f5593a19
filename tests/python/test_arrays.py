"""Arrays in and out: lifetimes, types, shapes, pickling."""
import copy
import gc
import pickle

import numpy
import pytest
import skein
from conftest import bits

ARCH = "2;cache:2,gaussian:3"


def test_arrays_outlive_their_network():
    net = skein.load("@face").layerize()
    weights, masks, maps, picture = net.weights, net.masks, net.maps(8), net.render(8)
    before = [array.copy() for array in (*weights, *masks, *maps, picture)]
    del net
    gc.collect()
    for _ in range(20):
        skein.load("@flower").maps(8)
    for array, was in zip((*weights, *masks, *maps, picture), before):
        assert numpy.array_equal(array, was)
    view = picture[::2, 1]
    del picture
    gc.collect()
    assert numpy.array_equal(view, before[-1][::2, 1])


def test_a_population_outlives_its_search():
    search = skein.Evolution(task="xor", population=10)
    genomes = search.ask()
    first = genomes[0]
    outputs = genomes.outputs([[0, 1, 1]])
    del search
    gc.collect()
    assert genomes.outputs([[0, 1, 1]]).tolist() == outputs.tolist()
    del genomes
    gc.collect()
    assert first([[0, 1, 1]]).shape == (1, 1)


def test_arrays_are_the_callers_own():
    net = skein.dense(ARCH)
    net.weights[0][:] = 5
    net.masks[0][:] = 0
    assert net.weights[0].max() < 5 and net.masks[0].all()


def test_from_arrays_and_back():
    net = skein.train(None, "@face", arch=ARCH, steps=10, size=12).net
    again = skein.load(net.weights, arch=ARCH, masks=net.masks)
    assert again == net and numpy.array_equal(again.render(9), net.render(9))
    sparse = [layer * (numpy.abs(layer) > 0.2) for layer in net.weights]
    assert [mask.astype(bool).tolist() for mask in skein.load(sparse, arch=ARCH).masks] == [(layer != 0).tolist() for layer in sparse]
    doubled = net.with_weights([2 * layer for layer in net.weights])
    assert numpy.array_equal(doubled.weights[1], 2 * net.weights[1])
    named = skein.load([numpy.ones((2, 3)), numpy.ones((3, 1))], arch="1;tanh:3", inputs=["a", "b"], outputs=["c"])
    assert not named.draws and named.inputs == ["a", "b"]
    assert named([[0.5, 0.25]])[0, 0] == pytest.approx(3 * numpy.tanh(0.75), rel=1e-5)


@pytest.mark.parametrize("dtype", [numpy.float64, numpy.float16, numpy.int32, numpy.uint8, bool, ">f4"])
def test_numbers_of_any_kind_become_floats(dtype):
    layers = [numpy.ones(shape).astype(dtype) for shape in ((4, 5), (5, 5), (5, 3))]
    assert skein.load(layers, arch=ARCH).weights[0].dtype == numpy.float32
    fortran = [numpy.asfortranarray(layer) for layer in layers]
    assert skein.load(fortran, arch=ARCH) == skein.load(layers, arch=ARCH)


def refused(call, words, kind=skein.ConfigError):
    with pytest.raises(kind) as caught:
        call()
    assert "\n" not in str(caught.value) and words in str(caught.value), str(caught.value)


def test_wrong_types_and_shapes_are_one_clear_exception_each():
    net = skein.dense(ARCH)
    good = net.weights
    refused(lambda: skein.load([layer.astype(complex) for layer in good], arch=ARCH), "layer_00 has the type complex128")
    refused(lambda: skein.load([["a"]], arch=ARCH), "must be of numbers")
    refused(lambda: skein.load(good[:2], arch=ARCH), "layer_02: is missing", skein.FormatError)
    refused(lambda: skein.load([*good, good[2]], arch=ARCH), "layer_03: is one layer more", skein.FormatError)
    refused(lambda: skein.load([good[0].T, *good[1:]], arch=ARCH), "has the shape (5, 4)", skein.FormatError)
    refused(lambda: skein.load([good[0][0], *good[1:]], arch=ARCH), "layer_00 has the shape (5); it must have 2 axes")
    refused(lambda: skein.load([good[0] * numpy.nan, *good[1:]], arch=ARCH), "layer_00 has a value that is not finite")
    refused(lambda: skein.load(good), "arrays need an architecture")
    refused(lambda: skein.load(good, arch=ARCH, masks=net.masks[:2]), "3 layers of weights and 2 of masks")
    refused(lambda: skein.load(good, arch="2;wish:3"), "wish")
    refused(lambda: net.keep([numpy.ones((4, 5))]), "masks must be a list of 3 arrays")
    refused(lambda: net.keep([numpy.ones((5, 4)), *good[1:]]), "masks[0] has the shape (5, 4); it must be (in, out) = (4, 5)")
    cut = net.keep([numpy.eye(4, 5), *good[1:]])
    refused(lambda: cut.with_weights(good), "weights[0] is not 0 at (1, 0), where the network has no weight")
    refused(lambda: net.render(0), "")
    refused(lambda: net.render("big"), "size must be a number of pixels, or (rows, columns)")
    refused(lambda: net([[1, 2]]), "the inputs have 2 columns; dense reads 4")
    refused(lambda: skein.load("@face").layerize().layerize(), "is an MLP already")
    refused(lambda: skein.load("@face").lift(), "is a genome already")


def test_wrong_targets_are_one_clear_exception_each():
    net = skein.dense(ARCH)
    refused(lambda: skein.train(net, numpy.zeros((8, 8))), "the picture has the shape (8, 8)")
    refused(lambda: skein.train(net, numpy.zeros((8, 8, 3), int)), "the picture has the type int64")
    refused(lambda: skein.train(net, numpy.full((8, 8, 3), 7.0)), "floating pictures go from 0 to 1")
    refused(lambda: skein.train(net, (numpy.zeros((4, 2)), numpy.zeros((4, 1)))), "reads 4 and gives 3; the target has 2 inputs and 1")
    refused(lambda: skein.train(net, (numpy.zeros((4, 4)), numpy.zeros((3, 3)))), "4 samples of inputs and 3 of outputs")
    refused(lambda: skein.train(net, numpy.zeros((4, 4, 3)), out="run"), "a picture of float64 has no file")
    refused(lambda: skein.train(net, "@face", wish=3), "wish")
    refused(lambda: skein.train(net, "@face", seed=-1), "seed is -1")
    refused(lambda: skein.train(net, "@face", arch=ARCH), "exclude")
    refused(lambda: skein.prune(net, "@face", masks=[1], keep=3), "masks exclude")
    refused(lambda: skein.compare_wirings(net, skein.dense("1;tanh:2", ["a"], ["b"])), "")
    assert issubclass(skein.ConfigError, ValueError) and issubclass(skein.NumericError, ArithmeticError)


def test_uint8_pictures_are_what_their_file_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    picture = (skein.load("@flower").render(20) * 255).astype(numpy.uint8)
    in_memory = skein.train(None, picture, arch=ARCH, steps=15)
    on_disk = skein.train(None, picture, arch=ARCH, steps=15, out="run")
    assert bits(in_memory.net) == bits(on_disk.net)


@pytest.mark.parametrize("name", ["@face", "dense"])
def test_networks_can_be_pickled_and_copied(name):
    net = skein.load(name) if name.startswith("@") else skein.train(None, "@face", arch=ARCH, steps=5, size=8).net
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        assert other == net and bits(other) == bits(net) and hash(other) == hash(net)
        assert (other.title, other.kind, other.argument) == (net.title, net.kind, net.argument)
    assert net != skein.load("@flower")
    state = pickle.dumps(net)
    with pytest.raises(skein.Error):
        damaged = bytearray(state)
        damaged[-200] ^= 1
        pickle.loads(bytes(damaged))
