"""Training of a network, step by step."""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial

import keras
import numpy as np
from numpy.typing import NDArray

from ..errors import TrainError
from .images import PixelCache
from .params import Params
from .state import State

# Called after each step, with the function that writes the checkpoint if it is to be stored.
Report = Callable[[int, float, Callable[[], None] | None], None]


def values_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return values of -1 to 1 for pixels of 0 to 255."""
    return pixels.astype(np.float32) / np.float32(127.5) - np.float32(1)


def train(
    model: keras.Model,
    state: State,
    pixels: PixelCache,
    images: Sequence[tuple[int, int]],
    params: Params,
    report: Report,
) -> float | None:
    """Train a compiled model from its state to the last step; return the last loss.

    `images` are pairs of the number of an image and that of its class. The images of a step depend
    on its number alone, so that a resumed training computes what an undisturbed one does. Raises
    TrainError `TRAIN_DIVERGED` if the loss is not finite.
    """
    loss: float | None = None
    stored = time.monotonic()
    for step in range(state.restore() + 1, params.steps + 1):
        chosen = [images[at] for at in batch_of(step, len(images), params)]
        values = values_of(pixels.read([number for number, _ in chosen]))
        targets = np.asarray([target for _, target in chosen])
        model.reset_metrics()
        loss = float(model.train_on_batch(values, targets))
        if not math.isfinite(loss):
            raise TrainError(
                "TRAIN_DIVERGED", f"The loss of step {step} is {loss}. Use a smaller `rate`."
            )
        is_due = time.monotonic() - stored >= params.checkpoint_s and step < params.steps
        report(step, loss, partial(state.save, step) if is_due else None)
        if is_due:
            stored = time.monotonic()
    return loss


def batch_of(step: int, count: int, params: Params) -> list[int]:
    """Return the images of a step: those of an epoch in an order that its seed and number give."""
    first = (step - 1) * params.batch
    chosen = []
    for at in range(first, first + params.batch):
        epoch, place = divmod(at, count)
        chosen.append(int(_order_of(epoch, count, params.seed)[place]))
    return chosen


_ORDERS: dict[tuple[int, int, int], NDArray[np.int64]] = {}


def _order_of(epoch: int, count: int, seed: int) -> NDArray[np.int64]:
    key = (epoch, count, seed)
    if key not in _ORDERS:
        _ORDERS.clear()
        _ORDERS[key] = np.random.default_rng([seed, epoch]).permutation(count)
    return _ORDERS[key]


def accuracy_of(
    model: keras.Model, pixels: PixelCache, images: Sequence[tuple[int, int]], batch: int
) -> float | None:
    """Return the share of images whose class has the highest logit; None without images."""
    right = 0
    for first in range(0, len(images), batch):
        part = images[first : first + batch]
        values = values_of(pixels.read([number for number, _ in part]))
        found = model.predict_on_batch(values).argmax(axis=1)
        right += int((found == [target for _, target in part]).sum())
    return right / len(images) if images else None
