"""skein: two networks draw the same picture; are they built the same way inside?

    import skein
    face = skein.load("@face")
    face.render(256)                      # (256, 256, 3), float32
    face.maps(64)                         # every unit's map, layer by layer
    dense = skein.train(None, face, arch=face.info()["arch"], steps=500, size=64).net
    skein.score(dense)["metrics"]
    hidden = skein.hide(face, seed=1)
    found = skein.prune(hidden, face, method="sp", steps=0).net
    skein.compare_wirings(face, found)["edge_f1"]

Functions: load, dense, train, prune, score, sweep, hide, compare_wirings, targets, and one for every other command of the
program (skein.compare, skein.evolve, ...: `skein.COMMANDS`). Types: Net, Population, Evolution, MapElites, Trained,
Pruned. Errors: Error, of which ConfigError, FormatError, NumericError and Interrupted are kinds. Lines for the user go to
the logger "skein".
"""

from ._commands import COMMANDS, hide, score, sweep, targets
from ._evolution import Elite, Evolution, MapElites
from ._networks import compare_wirings, dense, load
from ._skein import ConfigError, Error, FormatError, Interrupted, Net, NumericError, Population
from ._skein import version as __version__
from ._training import Pruned, Trained, prune, train

globals().update(COMMANDS)

__all__ = [
    "COMMANDS",
    "ConfigError",
    "Elite",
    "Error",
    "Evolution",
    "FormatError",
    "Interrupted",
    "MapElites",
    "Net",
    "NumericError",
    "Population",
    "Pruned",
    "Trained",
    "compare_wirings",
    "dense",
    "hide",
    "load",
    "prune",
    "score",
    "sweep",
    "targets",
    "train",
    *COMMANDS,
]
