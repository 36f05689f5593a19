"""Who owns what: whatever order things are dropped in, nothing reads what is gone. `.ci/checks lifetimes` runs these under the
address sanitizer, where a read of freed memory ends the test even if the bytes happen to be right."""
import gc
import threading

import numpy
import skein

ARCH = "2;cache:2,gaussian:3"


def churn():
    """Frees what is free to go, and uses the memory for something else."""
    gc.collect()
    return [skein.load("@flower").maps(8) for _ in range(5)]


def test_a_network_keeps_nothing_of_the_arrays_it_is_made_from():
    layers = [layer.copy() for layer in skein.dense(ARCH, seed=3).weights]
    net = skein.load(layers, arch=ARCH)
    picture = net.render(8)
    for layer in layers:
        layer[:] = numpy.nan
    del layers
    churn()
    assert numpy.array_equal(net.render(8), picture)


def test_views_and_strided_arrays_are_read_where_they_lie():
    layers = [numpy.repeat(numpy.repeat(layer, 2, 0), 3, 1)[::2, ::3] for layer in skein.dense(ARCH, seed=3).weights]
    assert not any(layer.flags.c_contiguous for layer in layers)
    net = skein.load(layers, arch=ARCH)
    assert net == skein.load([layer.copy() for layer in layers], arch=ARCH)
    samples = numpy.random.default_rng(0).random((14, 8))[::2, ::-2]
    assert numpy.array_equal(net(samples), net(samples.copy()))


def test_what_training_gives_outlives_the_training():
    target = skein.load("@face").render(10).astype(numpy.float64)
    trained = skein.train(skein.dense(ARCH), target, steps=20)
    again = skein.train(skein.dense(ARCH), target.copy(), steps=20)
    net, losses = trained.net, (trained.loss, trained.best_loss)
    target[:] = 0
    del trained, target
    churn()
    assert net.weights[0].tolist() == again.net.weights[0].tolist() and losses == (again.loss, again.best_loss)


def test_a_target_may_be_dropped_while_it_is_trained_on():
    held = [skein.load("@face").render(12).astype(numpy.float64)]
    wanted = skein.train(skein.dense(ARCH), held[0].copy(), steps=30)

    def let_go(event):
        held.clear()
        churn()

    assert skein.train(skein.dense(ARCH), held[0], steps=30, on_step=let_go).net.weights[0].tolist() == wanted.net.weights[0].tolist()
    assert not held


def test_genomes_outlive_population_and_search():
    search = skein.MapElites([("bright", 0, 1, 4)], batch=8, first=8, seed=2)
    genomes = search.ask()
    pictures = genomes.render(6)
    search.tell(pictures.std((1, 2, 3)), pictures.mean((1, 2, 3))[:, None])
    elites, first = search.elites(), genomes[0]
    was, descriptors = first.render(6), [elite.descriptors.copy() for elite in elites]
    del search, genomes
    churn()
    assert numpy.array_equal(first.render(6), was) and numpy.array_equal(was, pictures[0])
    assert all(numpy.array_equal(elite.descriptors, values) for elite, values in zip(elites, descriptors))
    assert elites[0].net.render(6).shape == (6, 6, 3)


def test_the_best_of_a_search_outlives_its_next_generations():
    search = skein.Evolution(task="xor", population=12, seed=1)
    old = search.ask()
    search.tell(numpy.arange(12.0))
    best, was = search.best, old.outputs([[0, 1, 1]])
    for _ in range(5):
        search.tell(search.ask().outputs([[0, 1, 1]])[:, 0, 0])
    assert numpy.array_equal(old.outputs([[0, 1, 1]]), was)
    del search, old
    churn()
    assert abs(best([[0, 1, 1]])[0, 0] - was[11, 0, 0]) < 1e-6


def test_a_network_is_drawn_by_threads_that_drop_it():
    wanted = skein.load("@face").render(24)
    drawn, nets = [], [skein.load("@face") for _ in range(6)]

    def draw():
        net = nets.pop()
        drawn.append(net.render(24))
        del net

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    churn()
    assert not nets and all(numpy.array_equal(picture, wanted) for picture in drawn)


def test_masks_and_layers_of_a_pruned_network_outlive_it():
    hidden = skein.hide("@face", seed=1)
    pruned = skein.prune(hidden, "@face", method="magnitude", keep=8000, steps=0, size=12).net
    masks, weights = pruned.masks, pruned.weights
    kept = sum(int((mask != 0).sum()) for mask in masks)
    copies = [array.copy() for array in (*masks, *weights)]
    del hidden, pruned
    churn()
    assert all(numpy.array_equal(now, was) for now, was in zip((*masks, *weights), copies))
    assert kept == sum(int((mask != 0).sum()) for mask in masks) > 0
