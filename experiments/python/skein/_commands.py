"""What the program's commands do, as functions."""

import contextlib
import os
import pathlib

import numpy

from . import _skein
from ._networks import load
from ._running import run_command, scratch


def score(net, *, target=None, labels=None, regions=None, seed=0, threads=0, on_step=None, progress=None, **flags):
    """Every measure of representation with its spread: `skein score`, as a dict.

    net      a Net or what names one
    target   a NET, a picture's file, or a uint8 array (rows, columns, 3): adds the loss to it
    labels   CSV of link_branch, link_id, label; regions: PNG of flat colours, one a part: they add label agreement and
             the measures by parts
    flags    size=128 (side of the judged pictures, pixels), weights=192 (sampled), change, resamples=200,
             judge="structure" | "vlm", judge_url, judge_model

    Returns "metrics": name to {value, low, high, unit, factored, ...} (value None where there was nothing to measure,
    with the reason), "compositional_score", and "loss" and "label_agreement" where they are known.
    """
    return run_command(
        "score",
        [net],
        target=os.fspath(target) if isinstance(target, os.PathLike) else target,
        labels=labels,
        regions=regions,
        seed=seed,
        threads=threads,
        on_step=on_step,
        progress=progress,
        **flags,
    )


def sweep(net, *, weights="all", out=None, seed=0, threads=0, on_step=None, progress=None, **flags):
    """Each weight moved through a range: `skein sweep`, with its arrays.

    weights  "all", how many (spread over the layers), or a list of the weights' numbers
    out      folder of the run, with strips and a contact sheet. Without, only the arrays are kept.
    flags    range=1.0, steps=9 (pictures a weight), size=64 (side, pixels), directions=0 (random ones beside)

    Returns a dict of arrays: "weight" (n), int32, its number (-1: a direction); "step" (steps), float32; "change"
    (n, steps), mean absolute change of the picture; "map" (n, size, size), where it changes.
    """
    wanted = slice(None)
    if isinstance(weights, (list, tuple, numpy.ndarray)):
        if len(weights) == 1:  # one number alone would be a count
            weights, wanted = [*weights, *weights], slice(1)
        weights = ",".join(str(int(number)) for number in weights)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(out) if out is not None else stack.enter_context(scratch()) / "sweep"
        run_command(
            "sweep", [net], weights=weights, out=folder, seed=seed, threads=threads, on_step=on_step, progress=progress, **flags
        )
        with numpy.load(folder / "sweep.npz") as arrays:
            return {name: arrays[name] if name == "step" else arrays[name][wanted] for name in arrays.files}


def hide(net, *, seed=0, out=None, **flags):
    """The same picture from a wide network in which the wiring is hidden (`skein hide`): a Net whose true wiring is
    known, for pruners to find.

    flags    widen=2.0 (columns of each kind, as a factor) or arch; ways=["split", "cancel", "useless", "rotate", "flip",
             "permute"]; sparse=False (only the weights in use exist)
    """
    with contextlib.ExitStack() as stack:
        file = out if out is not None else stack.enter_context(scratch()) / "hidden.mlp"
        run_command("hide", [net], out=file, seed=seed, switches=("sparse",), **flags)
        hidden = load(file)
        # What it was loaded from is gone when nobody asked for a file.
        return hidden if out is not None else hidden.with_weights(hidden.weights)


def targets():
    """The built-in targets: a list of dicts with name, kind and description."""
    return run_command("targets")["targets"]


def _function_of(name):
    def function(*arguments, out=None, seed=0, threads=0, on_step=None, progress=None, **flags):
        return run_command(
            name, arguments, out=out, seed=seed, threads=threads, on_step=on_step, progress=progress, **flags
        )

    function.__name__ = function.__qualname__ = name.replace("-", "_")
    function.__doc__ = (
        f"`skein {name}` in this process: arguments as on the command line (networks and uint8 pictures may be given as\n"
        "they are), flags as keywords with underscores (from_ for --from). Returns what --json prints, as a dict. Ctrl-C leaves what the\n"
        "command leaves. The command's own help:\n\n" + _skein.help(name)
    )
    return function


#: Commands that are the module's own functions or methods of Net, or that a notebook cannot be given.
_OTHERWISE = {"train", "prune", "render", "info", "layerize", "lift", "wiring", "score", "sweep", "hide", "targets", "breed"}
COMMANDS = {
    name.replace("-", "_"): _function_of(name) for name in _skein.command_names() if name not in _OTHERWISE
}
