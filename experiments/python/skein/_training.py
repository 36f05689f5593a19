"""Training and pruning."""

import dataclasses
import os
import pathlib
import typing

import numpy

from . import _skein
from ._networks import as_net, load
from ._running import listening, run_command, scratch, whole, words_of


@dataclasses.dataclass(frozen=True)
class Trained:
    """A network that was fitted, with its numbers."""

    net: _skein.Net  #: the weights of the least loss
    loss: float  #: mean of the last 100 steps; mean squared error on RGB (or on a table's outputs)
    best_loss: float
    psnr: float  #: of best_loss, dB
    steps: int
    seconds: float  #: the training loop alone
    steps_per_second: float
    nonzero: int  #: weights that are not 0
    losses: numpy.ndarray  #: float32, one a step, before its update; of a run on disk as in its loss.csv
    out: typing.Optional[str] = None  #: the run's folder


@dataclasses.dataclass(frozen=True)
class Pruned:
    """A network that was cut, with its rounds."""

    net: _skein.Net
    method: str
    rounds: list  #: of dicts: round, asked, nonzero, units, loss, best_loss, steps
    nonzero: int
    units: int
    loss: float  #: mean of the last steps; mean squared error
    best_loss: float
    steps: int
    out: typing.Optional[str] = None


def _target(value):
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _trained(net, numbers, losses, out=None):
    names = ("loss", "best_loss", "psnr", "steps", "seconds", "steps_per_second", "nonzero")
    return Trained(net=net, losses=losses, out=out, **{name: numbers[name] for name in names})


def _is_table(target):
    return isinstance(target, (tuple, list))


def train(net, target, *, out=None, seed=0, threads=0, on_step=None, progress=None, **flags):
    """Fits weights to a target: `skein train`, with its flags as keywords and to the same bits.

    net      the network whose wiring is fitted (a Net or what names one), or None with `arch`. Its weights are replaced by
             random ones unless init="keep".
    target   what names a NET, a PNG or JPEG; a Net; a picture (rows, columns, 3), uint8 or floating 0 to 1; or a pair
             (inputs, outputs) of tables, (samples, n) and (samples, m), for networks that do not draw.
    out      folder of a run, as the command leaves it: it survives Ctrl-C and kill, and the same call goes on. Without,
             all stays in memory.
    seed     of initial weights and minibatches. threads: 0 for all; the result does not depend on it.
    on_step  called every 50 steps with a dict (stage, done, total, loss, best_loss, rate); returning False stops.
    progress a bar on standard error (needs tqdm); None: where that is a terminal.

    flags (defaults are those of the study):
        arch="12;cache:15,gaussian:4"  dense layers of these units, without a net
        init="random" | "keep", init_scale=1.0
        copies="train" | "freeze"      the wiring's weight-1 copies
        size=256                       longer side of the target, pixels (default: a picture's own, 256 for a network)
        steps=100000, optimizer="adam" | "muon" | "sgd", lr=3e-3
        schedule="constant" | "cosine" | "warmup-cosine", warmup=0
        normalize_gradient="on" | "off"
        batch_pixels=0                 samples drawn anew each step; 0: all
        newton_schulz=5, newton_schulz_coefficients="usual" | "convergent"
        sparsity=1.0                   fraction of each matrix's weights that stays; sparsity_schedule="linear" | "constant"
        rewind_step=0                  keep the weights before this step for rewinding
        checkpoint_every=1000, force=False    with out

    Returns a Trained: .net, .loss, .best_loss, .psnr, .steps, .seconds, .steps_per_second, .nonzero, .losses.
    Raises ConfigError, FormatError, NumericError (the loss left the finite numbers), KeyboardInterrupt on Ctrl-C,
    Interrupted when on_step said False.
    """
    target = tuple(target) if _is_table(target) else _target(target)
    if out is not None:
        if _is_table(target):
            raise _skein.ConfigError("a table is trained on in memory: out belongs to pictures")
        if net is not None:
            flags["wiring"] = net if isinstance(net, _skein.Net) else os.fspath(net)
        numbers = run_command(
            "train", [target], out=out, seed=seed, threads=threads, on_step=on_step, progress=progress, **flags
        )
        curve = numpy.loadtxt(pathlib.Path(out) / "loss.csv", delimiter=",", skiprows=1, ndmin=2, dtype=numpy.float32)
        return _trained(load(out), numbers, curve[:, 1], os.fspath(out))
    with listening(on_step, progress) as told:
        return _trained(
            *_skein.train(
                words_of(flags),
                whole(seed, "seed"),
                whole(threads, "threads"),
                None if net is None else as_net(net),
                target,
                told,
            )
        )


def prune(
    net, target, *, method=None, masks=None, keep=None, like=None, out=None, seed=0, threads=0, on_step=None, progress=None, **flags
):
    """Cuts weights and retrains: `skein prune`, with its flags as keywords and to the same bits; or your own mask.

    net, target, seed, threads, on_step, progress   as for `train`
    method   "sp" (the default), "magnitude" or another that `skein prune --help` lists; "random-layers" and "shuffle" match
             `like`, a network
    masks    instead of a method: a list of arrays (in, out), one a layer as in net.masks, not 0 where a weight stays. What
             stays is retrained from the network's weights. (The method "mask" keeps the wiring of `like`.)
    keep     weights to leave: a fraction (float) or a count (int)
    out      the MLP file; OUT.run beside it holds every round, survives Ctrl-C and kill, and the same call goes on. Without,
             all stays in memory.

    flags:
        steps=15000        of retraining in all; 0 only cuts
        rounds             of cutting and retraining (default for sp: so many that each keeps 0.7, else 1)
        size               as for `train`
        similarity=0.98, scope="both" | "units" | "edges"     sp
        taylor="first" | "second" | "mixed"                   llm-pruner
        cut=0.2, rewind_step                                  lottery
        loss_window=100    steps that `loss` is the mean of
        optimizer, lr, schedule, ...                          how to train, as for `train`

    Returns a Pruned: .net, .rounds, .nonzero, .units, .loss, .best_loss, .steps. Raises as `train` does.
    """
    net = as_net(net)
    if masks is not None:
        if method is not None or keep is not None or like is not None:
            raise _skein.ConfigError("masks exclude method, keep and like: they say themselves what stays")
        method, like = "mask", net.keep(list(masks))
    common = {"seed": seed, "threads": threads}
    flags = {"method": method or "sp", "keep": keep, **flags}
    if out is not None:
        if _is_table(target):
            raise _skein.ConfigError("a table is trained on in memory: out belongs to pictures")
        numbers = run_command(
            "prune", [net], target=_target(target), out=out, like=like, on_step=on_step, progress=progress, **common, **flags
        )
        return _pruned(load(out), numbers, os.fspath(out))
    if like is not None:
        like = as_net(like, "like")
        flags["like"] = like.title  # says that there is one; the network itself is given beside the flags
    with listening(on_step, progress) as told, scratch() as folder:
        return _pruned(
            *_skein.prune(
                words_of(flags),
                whole(seed, "seed"),
                whole(threads, "threads"),
                net,
                tuple(target) if _is_table(target) else _target(target),
                like,
                str(folder),
                told,
            )
        )


def _pruned(net, numbers, out=None):
    names = ("method", "rounds", "nonzero", "units", "loss", "best_loss", "steps")
    return Pruned(net=net, out=out, **{name: numbers[name] for name in names})

