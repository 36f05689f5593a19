"""How long work is run: flags as words, progress, scratch files."""

import contextlib
import hashlib
import logging
import numbers
import os
import pathlib
import sys
import tempfile

import numpy

from . import _skein

log = logging.getLogger("skein")


def _text(value):
    if isinstance(value, (bool, numpy.bool_)):
        return "on" if value else "off"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def words_of(flags, switches=()):
    """The words of a command line: names with dashes (`from_` is --from, as Python has that word itself), lists and arrays
    of one axis joined by commas. None leaves a flag out; a truth value is
    the presence of the flags in `switches` and "on" or "off" for others."""
    words = []
    for name, value in flags.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if isinstance(value, numpy.ndarray) and value.ndim == 1:
            value = value.tolist()
        if value is None:
            continue
        if name in switches:
            words += [flag] if value else []
        elif isinstance(value, (list, tuple)):
            words.append(f"{flag}={','.join(map(_text, value))}")
        else:
            words.append(f"{flag}={_text(value)}")
    return words


def whole(value, name):
    """A whole number from 0 on; ConfigError for anything else."""
    if isinstance(value, (bool, numpy.bool_)) or not isinstance(value, numbers.Integral) or not 0 <= value < 2**63:
        raise _skein.ConfigError(f"{name} is {value!r}; it must be a whole number from 0 on")
    return int(value)


@contextlib.contextmanager
def scratch():
    """A folder for files that nobody keeps, in memory where there is such a place."""
    in_memory = "/dev/shm"
    place = in_memory if os.path.isdir(in_memory) and os.access(in_memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="skein-", dir=place) as folder:
        yield pathlib.Path(folder)


def _named_by_content(folder, data, suffix):
    folder.mkdir(parents=True, exist_ok=True)
    return folder / (hashlib.sha256(data).hexdigest()[:16] + suffix)


def file_of(value, folder):
    """What names `value` on a command line: itself, or for a network or a picture in memory a file in `folder` that is
    named by its content, so that the same call finds the same run. A list: what names each of its values."""
    if isinstance(value, (list, tuple)):
        return [file_of(one, folder) for one in value]
    if isinstance(value, _skein.Net):
        if value.argument:
            with contextlib.suppress(_skein.Error):
                if _skein.load(value.argument) == value:
                    return value.argument
        file = _named_by_content(folder, value.__getstate__()[2], ".genome" if value.kind == "genome" else ".mlp")
        if not file.exists():
            value.save(str(file))
        return str(file)
    if isinstance(value, numpy.ndarray) and value.ndim != 1:
        if value.dtype != numpy.uint8:
            raise _skein.ConfigError(f"a picture of {value.dtype} has no file that holds it; give uint8, or a file")
        file = _named_by_content(folder, repr(value.shape).encode() + value.tobytes(), ".png")
        if not file.exists():
            _skein.write_png(str(file), value)
        return str(file)
    return value


@contextlib.contextmanager
def listening(on_step, progress):
    """What is to be called with every event: `on_step`, and a bar of tqdm where it is installed and wanted."""
    if progress is None:
        progress = sys.stderr is not None and sys.stderr.isatty()
    try:
        from tqdm import tqdm
    except ImportError:
        tqdm = None
    if not progress or tqdm is None:
        yield on_step
        return
    bars = {}

    def told(event):
        stage = event["stage"]
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars.clear()
            bars[stage] = tqdm(desc=stage, total=event["total"] or None, leave=False)
        bars[stage].update(event["done"] - bars[stage].n)
        return None if on_step is None else on_step(event)

    try:
        yield told
    finally:
        for bar in bars.values():
            bar.close()


def run_command(name, positionals=(), *, out=None, on_step=None, progress=None, seed=0, threads=0, switches=(), **flags):
    """A command of the program, in this process: its result as a dict. Networks and pictures in memory that it is
    given are kept beside `out`, or for its time alone where there is none."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(f"{os.fspath(out)}.inputs") if out is not None else stack.enter_context(scratch())
        words = [name, *(os.fspath(file_of(value, folder)) for value in positionals)]
        words += words_of({key: file_of(value, folder) for key, value in flags.items()}, ("force", *switches))
        words += [f"--seed={whole(seed, 'seed')}", f"--threads={whole(threads, 'threads')}"]
        if out is not None:
            words.append(f"--out={os.fspath(out)}")
        told = stack.enter_context(listening(on_step, progress))
        return _skein.command(words, told, log.info)
