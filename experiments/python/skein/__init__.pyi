import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy
from numpy.typing import ArrayLike, NDArray

from ._skein import ConfigError as ConfigError
from ._skein import Error as Error
from ._skein import FormatError as FormatError
from ._skein import Interrupted as Interrupted
from ._skein import Net as Net
from ._skein import NumericError as NumericError
from ._skein import OnStep
from ._skein import Population as Population

__version__: str
Name = Union[str, "os.PathLike[str]"]
NetLike = Union[Net, Name]
Table = Tuple[ArrayLike, ArrayLike]
Target = Union[Net, Name, NDArray[Any], Table]
Command = Callable[..., Dict[str, Any]]
COMMANDS: Dict[str, Command]

@dataclass(frozen=True)
class Trained:
    net: Net
    loss: float
    best_loss: float
    psnr: float
    steps: int
    seconds: float
    steps_per_second: float
    nonzero: int
    losses: NDArray[numpy.float32]
    out: Optional[str] = None

@dataclass(frozen=True)
class Pruned:
    net: Net
    method: str
    rounds: List[Dict[str, Any]]
    nonzero: int
    units: int
    loss: float
    best_loss: float
    steps: int
    out: Optional[str] = None

@dataclass(frozen=True)
class Elite:
    bins: Tuple[int, ...]
    quality: float
    descriptors: NDArray[numpy.float64]
    net: Net

class Evolution:
    def __init__(
        self,
        start: Optional[NetLike] = None,
        *,
        task: Optional[str] = None,
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
        output_activation: Optional[str] = None,
        preset: Optional[str] = None,
        seed: int = 0,
        **settings: Any,
    ) -> None: ...
    def ask(self) -> Population: ...
    def tell(self, fitness: ArrayLike, solved: Optional[ArrayLike] = None) -> Dict[str, Any]: ...
    def run(self, fitness: Callable[[Population], Any], generations: int) -> List[Dict[str, Any]]: ...
    @property
    def best(self) -> Optional[Net]: ...
    @property
    def solution(self) -> Optional[Net]: ...
    @property
    def generation(self) -> int: ...
    @property
    def evaluations(self) -> int: ...

class MapElites:
    def __init__(
        self,
        axes: Sequence[Tuple[str, float, float, int]],
        *,
        start: Optional[NetLike] = None,
        inputs: Sequence[str] = (),
        outputs: Sequence[str] = (),
        output_activation: Optional[str] = None,
        preset: Optional[str] = None,
        batch: int = 256,
        first: int = 1024,
        seed: int = 0,
        **settings: Any,
    ) -> None: ...
    def ask(self) -> Population: ...
    def tell(self, quality: ArrayLike, descriptors: ArrayLike) -> Dict[str, Any]: ...
    def elites(self) -> List[Elite]: ...

def load(
    source: Union[NetLike, Sequence[ArrayLike]],
    arch: Optional[str] = None,
    masks: Optional[Sequence[ArrayLike]] = None,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> Net: ...
def dense(arch: str, inputs: Sequence[str] = (), outputs: Sequence[str] = (), seed: int = 0, scale: float = 1.0) -> Net: ...
def train(
    net: Optional[NetLike],
    target: Target,
    *,
    out: Optional[Name] = None,
    seed: int = 0,
    threads: int = 0,
    on_step: OnStep = None,
    progress: Optional[bool] = None,
    **flags: Any,
) -> Trained: ...
def prune(
    net: NetLike,
    target: Target,
    *,
    method: Optional[str] = None,
    masks: Optional[Sequence[ArrayLike]] = None,
    keep: Union[int, float, None] = None,
    like: Optional[NetLike] = None,
    out: Optional[Name] = None,
    seed: int = 0,
    threads: int = 0,
    on_step: OnStep = None,
    progress: Optional[bool] = None,
    **flags: Any,
) -> Pruned: ...
def score(
    net: NetLike,
    *,
    target: Optional[Target] = None,
    labels: Optional[Name] = None,
    regions: Optional[Name] = None,
    seed: int = 0,
    threads: int = 0,
    on_step: OnStep = None,
    progress: Optional[bool] = None,
    **flags: Any,
) -> Dict[str, Any]: ...
def sweep(
    net: NetLike,
    *,
    weights: Union[str, int, Sequence[int]] = "all",
    out: Optional[Name] = None,
    seed: int = 0,
    threads: int = 0,
    on_step: OnStep = None,
    progress: Optional[bool] = None,
    **flags: Any,
) -> Dict[str, NDArray[Any]]: ...
def hide(net: NetLike, *, seed: int = 0, out: Optional[Name] = None, **flags: Any) -> Net: ...
def compare_wirings(
    reference: NetLike, candidate: NetLike, null_samples: int = 100, seed: int = 0, size: int = 64
) -> Dict[str, float]: ...
def targets() -> List[Dict[str, str]]: ...
def __getattr__(name: str) -> Command: ...  # one function for every other command of the program
