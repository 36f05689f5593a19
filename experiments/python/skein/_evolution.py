"""Evolution by ask and tell: the fitness is the caller's."""

import dataclasses

import numpy

from . import _skein
from ._networks import as_net
from ._running import whole


def _beginning(start, task, preset, usual, inputs, outputs, output_activation, settings):
    signature = {"inputs": inputs or None, "outputs": outputs or None, "output_activation": output_activation}
    own = {"task": {"start": start, "preset": preset} | signature, "start": signature}
    for name, given in (("task", task), ("start", start)):
        for other, value in own[name].items() if given is not None else ():
            if value is not None:
                raise _skein.ConfigError(f"{name} and {other} exclude each other: a {name} has its own {other}")
    return _skein.Beginning(
        None if start is None else as_net(start, "start"),
        task or "",
        usual if preset is None else preset,
        list(inputs),
        list(outputs),
        "tanh" if output_activation is None else output_activation,
        settings,
    )


class Evolution:
    """NEAT (Stanley and Miikkulainen 2002) whose genomes are judged by the caller.

        evolution = skein.Evolution(inputs=["x1", "x2", "bias"], outputs=["xor"], output_activation="steep-sigmoid")
        for generation in range(100):
            genomes = evolution.ask()
            errors = numpy.abs(genomes.outputs(cases)[:, :, 0] - wanted).sum(1)
            evolution.tell((4 - errors) ** 2)
        evolution.best.info()

    start     a genome (a Net or what names one) that the first generation varies; or
    task      "xor", "double-pole": the start and the settings of that task; or
    inputs, outputs, output_activation   every input linked to every output by random weights (of "tanh" outputs). Without all three:
              pictures.
    preset    "neat" (the default), "picbreeder" or "cppn"; a task has its own
    seed      same seed and same fitness, same genomes, bit for bit, as the command line's
    settings  population, mutate_weights, add_link, add_node, enable, disable, change_activation, perturb, replace,
              weight_power, weight_fresh, weight_limit, initial_weights, crossover, averaging, threshold, wished_species,
              stagnation, survival, activations (a list of names)
    """

    def __init__(
        self, start=None, *, task=None, inputs=(), outputs=(), output_activation=None, preset=None, seed=0, **settings
    ):
        beginning = _beginning(start, task, preset, "neat", inputs, outputs, output_activation, settings)
        self._run = _skein.Evolution(beginning, whole(seed, "seed"))

    def ask(self):
        """The generation to be judged: a Population. The same one until it is told."""
        return self._run.ask()

    def tell(self, fitness, solved=None):
        """One fitness a genome, in their order, finite, higher is better; `solved`: a truth value each. Returns the
        generation in numbers: generation, evaluations, best_fitness, top_fitness, mean_fitness, median_fitness, species,
        threshold, mean_hidden, mean_links."""
        return self._run.tell(fitness, solved)

    def run(self, fitness, generations):
        """Asks and tells: `fitness(population)` gives one number a genome, or a pair of them and of truth values, whether
        it is solved. Stops when one is. Returns the statistics of every generation, a list."""
        statistics = []
        for _ in range(generations):
            judged = fitness(self.ask())
            numbers, solved = judged if isinstance(judged, tuple) else (judged, None)
            statistics.append(self.tell(numbers, solved))
            if self.solution is not None:
                break
        return statistics

    @property
    def best(self):
        """The fittest genome so far, a Net; None before the first tell."""
        return self._run.best

    @property
    def solution(self):
        """The fittest genome of the first generation with a solution, or None."""
        return self._run.solution

    @property
    def generation(self):
        """The generation that is asked or was told last, from 0."""
        return self._run.generation

    @property
    def evaluations(self):
        """Genomes judged so far."""
        return self._run.evaluations


@dataclasses.dataclass(frozen=True)
class Elite:
    """The best genome of one cell of the map."""

    bins: tuple  #: its bin on each axis
    quality: float
    descriptors: numpy.ndarray  #: float64, one an axis
    net: _skein.Net


class MapElites:
    """MAP-Elites (Mouret and Clune 2015) with the caller's quality and descriptors.

    axes      a list of (name, low, high, bins); what lies outside belongs to the outermost bin
    batch     genomes asked for at a time; first: genomes made from the start alone before elites have children
    start, inputs, outputs, output_activation, preset, seed, settings   as of Evolution; preset: "cppn"

        search = skein.MapElites([("bright", 0, 1, 10), ("contrast", 0, 0.5, 10)], preset="cppn", batch=64, first=64)
        for _ in range(20):
            pictures = search.ask().render(32)
            search.tell(my_quality(pictures), numpy.stack([pictures.mean((1, 2, 3)), pictures.std((1, 2, 3))], 1))
    """

    def __init__(
        self, axes, *, start=None, inputs=(), outputs=(), output_activation=None, preset=None, batch=256, first=1024, seed=0, **settings
    ):
        beginning = _beginning(start, None, preset, "cppn", inputs, outputs, output_activation, settings)
        self._run = _skein.MapElites(beginning, list(axes), batch, first, whole(seed, "seed"))

    def ask(self):
        """The next batch to be judged, a Population. The same one until it is told."""
        return self._run.ask()

    def tell(self, quality, descriptors):
        """One quality a genome (higher is better) and descriptors of shape (genomes, axes). Returns evaluations, filled
        (cells), cells, quality (the sum of the elites'), best."""
        return self._run.tell(quality, descriptors)

    def elites(self):
        """A list of Elite, by cell."""
        return [
            Elite(tuple(bins), quality, numpy.array(descriptors), net)
            for bins, quality, descriptors, net in self._run.elites()
        ]
