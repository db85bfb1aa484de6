"""State of a training in the folder of its checkpoint."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from ..contract import STATE_FILE

_STEP = "step"


class State:
    """Weights that a training changes, with those of its optimizer, in one file."""

    def __init__(self, model: keras.Model, folder: Path) -> None:
        """Select the variables of a compiled model; those of a frozen body never change."""
        body, head = model.get_layer("body"), model.get_layer("head")
        layers = [*body.variables, *head.variables] if body.trainable else head.variables
        self._variables = [*layers, *model.optimizer.variables]
        self._path = folder / STATE_FILE

    def restore(self) -> int:
        """Restore the stored state; return its step, 0 without one of this network."""
        if not self._path.exists():
            return 0
        with np.load(self._path, allow_pickle=False) as stored:
            values = [stored[f"v{i}"] for i in range(len(stored.files) - 1)]
            step = int(stored[_STEP])
        shapes = [tuple(variable.shape) for variable in self._variables]
        if [value.shape for value in values] != shapes:
            return 0
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)
        return step

    def save(self, step: int) -> None:
        """Write the state; the file is complete or as before."""
        values: dict[str, Any] = {
            f"v{i}": np.asarray(variable) for i, variable in enumerate(self._variables)
        }
        part = self._path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, **{**values, _STEP: np.asarray(step)})
        part.replace(self._path)
