"""Networks: from files, from arrays, fresh."""

import os

from . import _skein
from ._running import whole


def load(source, arch=None, masks=None, inputs=(), outputs=()):
    """A network: what draws, or computes anything else.

    source  a name as on the command line: "@face" (a built-in), "skull.zip" (Picbreeder; "set.zip#3" is the third of a
            saved set), a genome or MLP of skein, its JSON or ONNX, a checkpoint, a folder with arch.txt and layer_NN.npy, a
            finished run. Or a list of arrays, one a layer, float32 of shape (in, out), with `arch`.
    arch    "DEPTH;KIND:COUNT,...", for example "12;cache:15,gaussian:4": so many hidden layers, each of these columns in
            this order, then a linear layer.
    masks   a list of arrays of the same shapes: 0 no weight, 1 a weight, 2 a copy's weight. Without, a weight exists
            where its array is not 0.
    inputs, outputs  names, for networks that do not draw. Without: x, y, d, bias to hue, saturation, brightness.

    Raises FormatError when there is no such file, it is damaged, or arrays do not fit; ConfigError for an unknown
    built-in or an architecture that does not parse.
    """
    if isinstance(source, (str, os.PathLike)):
        if arch is not None or masks is not None:
            raise _skein.ConfigError("arch and masks belong to arrays; a file says itself what it is")
        return _skein.load(os.fspath(source))
    if isinstance(source, _skein.Net):
        return source
    if arch is None:
        raise _skein.ConfigError('arrays need an architecture: arch="12;cache:15,gaussian:4"')
    return _skein.from_arrays(arch, list(source), None if masks is None else list(masks), list(inputs), list(outputs))


def dense(arch, inputs=(), outputs=(), seed=0, scale=1.0):
    """A dense layered network of the architecture `arch` with random weights (LeCun-normal times `scale`), the same
    that `train` starts from with this seed. `inputs` and `outputs` are names; without, it draws."""
    return _skein.dense(arch, list(inputs), list(outputs), whole(seed, "seed"), scale)


def as_net(value, name="net"):
    if isinstance(value, _skein.Net):
        return value
    if isinstance(value, (str, os.PathLike)):
        return load(value)
    raise _skein.ConfigError(f"{name} is a {type(value).__name__}; it must be a Net or what names one")


def compare_wirings(reference, candidate, null_samples=100, seed=0, size=64):
    """How alike two wirings are: a dict of numbers.

    Units are matched by what they compute (maps of size x size, optimal assignment), then edges are compared.
    edge_precision, edge_recall and edge_f1 are in [0, 1]; each comes with the mean and standard deviation
    (..._null_mean, ..._null_sd) of `null_samples` rewirings of the candidate that keep its degrees: the chance level.
    Raises ConfigError when the networks read or give different things.
    """
    return _skein.compare_wirings(
        as_net(reference, "reference"), as_net(candidate, "candidate"), null_samples, whole(seed, "seed"), size
    )
