"""Parameters of a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import TrainError


@dataclass(frozen=True)
class Params:
    """Parameters of `params` of a retraining.

    `checkpoint_s` is the minimum number of seconds between checkpoints, which change no result.
    """

    steps: int = 300
    batch: int = 16
    rate: float = 0.001
    seed: int = 1
    checkpoint_s: float = 10.0


_RANGES = {
    "steps": (1, 1_000_000),
    "batch": (1, 1024),
    "rate": (1e-8, 10),
    "seed": (0, 2**31 - 1),
    "checkpoint_s": (0, 3600),
}
_WHOLE = ("steps", "batch", "seed")


def read_params(values: Mapping[str, Any]) -> Params:
    """Check parameters. Raises TrainError `TRAIN_DATA` for one that is unknown or out of range."""
    for name, value in values.items():
        if name not in _RANGES:
            known = ", ".join(_RANGES)
            raise _invalid(f"has the unknown parameter {name}. The parameters are {known}")
        low, high = _RANGES[name]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise _invalid(f"has {name} = {value!r}, expected {low} to {high}")
        if name in _WHOLE and value != int(value):
            raise _invalid(f"has {name} = {value!r}, expected a whole number")
    given: dict[str, Any] = {
        name: int(value) if name in _WHOLE else float(value) for name, value in values.items()
    }
    return Params(**given)


def _invalid(problem: str) -> TrainError:
    return TrainError("TRAIN_DATA", f"The retraining {problem}.")
