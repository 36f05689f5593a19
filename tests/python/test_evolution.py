"""Ask and tell, and tables."""
import threading

import numpy
import pytest
import skein

CASES = numpy.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
WANTED = numpy.array([0, 1, 1, 0], float)


def xor_fitness(genomes):
    outputs = genomes.outputs(CASES)[:, :, 0]
    error = numpy.zeros(len(genomes))
    for case in range(4):  # added up in the program's order
        error += numpy.abs(outputs[:, case] - WANTED[case])
    return (4 - error) ** 2, ((outputs >= 0.5) == (WANTED == 1)).all(1)


def test_a_fitness_in_python_evolves_what_the_program_evolves(program):
    wanted = program("evolve", "--goal", "task:xor", "--out", "xor", "--seed", 5, "--generations", 60)
    evolution = skein.Evolution(task="xor", seed=5)
    statistics = evolution.run(xor_fitness, 60)
    assert wanted["solved"] and evolution.solution is not None
    assert statistics[-1]["best_fitness"] == wanted["best_fitness"]
    assert len(statistics) == wanted["generations"]
    assert evolution.evaluations == wanted["evaluations"]
    solved = evolution.solution(CASES)[:, 0]
    assert ((solved >= 0.5) == (WANTED == 1)).all()


def test_a_search_of_ones_own_improves_and_repeats():
    def search(seed):
        evolution = skein.Evolution(inputs=["a", "bias"], outputs=["wave"], preset="cppn", population=40, seed=seed)
        a = numpy.linspace(-1, 1, 21)
        inputs, wave = numpy.stack([a, numpy.ones(21)], 1), numpy.sin(3 * a)
        statistics = evolution.run(lambda genomes: 21 / (1 + numpy.abs(genomes.outputs(inputs)[:, :, 0] - wave).sum(1)), 15)
        return statistics, evolution.best

    statistics, best = search(7)
    assert statistics[-1]["best_fitness"] > statistics[0]["best_fitness"]
    again, same = search(7)
    assert again == statistics and same == best
    assert search(8)[0] != statistics


def test_a_start_is_varied_and_genomes_are_networks():
    evolution = skein.Evolution("@face", preset="picbreeder", population=12)
    genomes = evolution.ask()
    assert len(genomes) == 12 and evolution.ask()[3] == genomes[3]
    pictures = genomes.render(16)
    assert pictures.shape == (12, 16, 16, 3)
    for index in (0, 5, -1):
        assert numpy.abs(pictures[index] - genomes[index].render(16)).max() < 1e-5
    with pytest.raises(IndexError):
        genomes[12]
    evolution.tell(pictures.std((1, 2, 3)))
    assert evolution.best.kind == "genome" and evolution.best.layerize().draws


def test_what_is_told_wrongly_is_refused_and_can_be_told_again():
    evolution = skein.Evolution(task="xor", population=20)
    genomes = evolution.ask()
    for wrong, words in [
        (numpy.zeros(19), "19 numbers of fitness for 20 genomes"),
        (numpy.zeros((20, 1)), "fitness has the shape (20, 1)"),
        (["high"] * 20, "must be of numbers"),
        (numpy.full(20, numpy.inf), "not finite"),
    ]:
        with pytest.raises(skein.ConfigError) as caught:
            evolution.tell(wrong)
        assert words in str(caught.value)
    evolution.tell(xor_fitness(genomes)[0])
    with pytest.raises(skein.ConfigError, match="told already"):
        evolution.tell(xor_fitness(genomes)[0])
    with pytest.raises(skein.ConfigError, match="there is no setting 'size'"):
        skein.Evolution(task="xor", size=3)
    with pytest.raises(skein.ConfigError, match="population"):
        skein.Evolution(task="xor", population=-1)
    with pytest.raises(skein.ConfigError, match="is an MLP"):
        skein.Evolution(skein.dense("1;tanh:2"))


@pytest.mark.parametrize(
    "both",
    [
        {"task": "xor", "preset": "cppn"},
        {"task": "xor", "start": "@face"},
        {"task": "xor", "inputs": ["a"]},
        {"task": "xor", "output_activation": "tanh"},
        {"start": "@face", "inputs": ["a"]},
        {"start": "@face", "outputs": ["b"]},
        {"start": "@face", "output_activation": "sin"},
    ],
)
def test_arguments_that_would_be_ignored_are_refused(both):
    with pytest.raises(skein.ConfigError, match=" exclude each other"):
        skein.Evolution(**both)


def test_a_map_goes_on_for_as_long_as_it_is_asked():
    search = skein.MapElites([("x", 0, 1, 2)], batch=110_000, first=1, inputs=["a"], outputs=["b"])
    for told in (110_000, 220_000, 330_000):
        genomes = search.ask()
        assert len(genomes) == 110_000 and len(search.ask()) == 110_000
        assert search.tell(numpy.zeros(110_000), numpy.zeros((110_000, 1)))["evaluations"] == told


def test_threads_may_share_a_search():
    search = skein.MapElites([("x", 0, 1, 4)], batch=5, first=5, inputs=["a"], outputs=["b"])
    evolution = skein.Evolution(inputs=["a"], outputs=["b"], population=10)
    failures = []

    def work():
        try:
            for _ in range(10):
                for of, numbers in ((search, [numpy.zeros(5), numpy.zeros((5, 1))]), (evolution, [numpy.ones(10)])):
                    assert len(of.ask()) == len(numbers[0])
                    try:
                        of.tell(*numbers)
                    except skein.ConfigError as error:  # another thread told it first
                        assert "told already" in str(error) or "nothing was asked" in str(error)
                assert len(search.elites()) <= 4 and evolution.evaluations % 10 == 0
                assert evolution.best is None or evolution.best.kind == "genome"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_map_elites_keeps_the_best_of_every_cell():
    axes = [("bright", 0, 1, 5), ("varied", 0, 0.5, 4)]
    search = skein.MapElites(axes, batch=30, first=60, seed=3, preset="cppn")
    cells, told = {}, 0
    for _ in range(6):
        genomes = search.ask()
        pictures = genomes.render(12)
        quality = pictures[:, :, :, 0].mean((1, 2)).astype(float)
        descriptors = numpy.stack([pictures.mean((1, 2, 3)), pictures.std((1, 2, 3))], 1).astype(float)
        statistics = search.tell(quality, descriptors)
        for value, point in zip(quality, descriptors):
            at = tuple(min(bins - 1, max(0, int((x - low) / (high - low) * bins))) for x, (_, low, high, bins) in zip(point, axes))
            cells[at] = max(value, cells.get(at, -numpy.inf))
        told += len(genomes)
    elites = search.elites()
    assert {elite.bins: elite.quality for elite in elites} == cells
    assert statistics == {"evaluations": told, "filled": len(cells), "cells": 20, "quality": pytest.approx(sum(cells.values())), "best": max(cells.values())}
    best = max(elites, key=lambda elite: elite.quality)
    assert best.net.render(12)[:, :, 0].mean() == pytest.approx(best.quality, abs=1e-5)
    with pytest.raises(skein.ConfigError, match="nothing was asked"):
        search.tell([1], [[0, 0]])
    search.ask()
    with pytest.raises(skein.ConfigError, match=r"it must be \(30, 2\)"):
        search.tell(numpy.zeros(30), numpy.zeros((30, 3)))


def test_tables_are_learned_pruned_and_compared():
    inputs, outputs = CASES * 2 - 1, (WANTED * 2 - 1)[:, None]
    trained = skein.train(None, (inputs, outputs), arch="1;tanh:6", steps=1500, lr=0.01, seed=1)
    assert trained.best_loss < 1e-2
    answers = trained.net(inputs)
    assert answers.shape == (4, 1) and numpy.abs(answers - outputs).max() < 0.3
    assert trained.best_loss == pytest.approx(float(((answers - outputs) ** 2).mean()), rel=1e-3)
    cut = skein.prune(trained.net, (inputs, outputs), method="magnitude", keep=20, steps=600, lr=0.01)
    assert cut.nonzero == 20 and cut.best_loss < 0.5
    masks = [layer != 0 for layer in cut.net.masks]
    assert skein.prune(trained.net, (inputs, outputs), masks=masks, steps=0).nonzero == 20
    alike = skein.compare_wirings(trained.net, cut.net, null_samples=3)
    assert alike["edge_precision"] > 0
    with pytest.raises(skein.ConfigError, match="a table is trained on in memory"):
        skein.train(None, (inputs, outputs), arch="1;tanh:6", out="run")
    with pytest.raises(skein.ConfigError, match="size belongs to pictures"):
        skein.train(None, (inputs, outputs), arch="1;tanh:6", size=3)
