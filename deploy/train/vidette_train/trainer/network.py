"""Network of a classifier: a body that makes features of an image, and a last layer."""

import os
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from ..errors import TrainError
from .model_input import ModelInput

BACKBONE_VARIABLE = "VIDETTE_TRAIN_BACKBONE"
_FILTERS = (16, 32, 64, 128)
_MOMENTUM = 0.9


@dataclass(frozen=True)
class Network:
    """Network from values of -1 to 1 (batch x height x width x R, G, B) to a logit per label."""

    model: keras.Model
    labels: list[str]
    continues_base: bool


def open_network(
    size: ModelInput, known: list[str], trained: list[str], base: Path, seed: int
) -> Network:
    """Build the network of a training.

    It is the network of the base, if this trainer has made it: with its classes, and a row for each
    further class of `trained`. Otherwise it starts from the frozen backbone of the environment, or
    from a small network of random weights, with the classes of `trained` alone: it knows no others.
    """
    keras.utils.set_random_seed(seed)
    added = [label for label in trained if label not in known]
    if base.exists():
        before = _load(base)
        labels = [*known, *added]
        model = _with_head(before.get_layer("body"), size, len(labels))
        _copy_rows(before.get_layer("head"), model.get_layer("head"), base)
        return Network(model, labels, continues_base=True)
    labels = [label for label in known if label in trained] + added
    backbone = os.environ.get(BACKBONE_VARIABLE)
    body = _frozen_body(Path(backbone), size) if backbone else _small_body(size)
    return Network(_with_head(body, size, len(labels)), labels, continues_base=False)


def _small_body(size: ModelInput) -> keras.Model:
    values = keras.Input((size.height, size.width, 3))
    found = values
    for filters in _FILTERS:
        found = keras.layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(found)
        found = keras.layers.BatchNormalization(momentum=_MOMENTUM)(found)
        found = keras.layers.ReLU()(found)
    return keras.Model(values, keras.layers.GlobalAveragePooling2D()(found), name="body")


def _frozen_body(path: Path, size: ModelInput) -> keras.Model:
    """Return the features of a backbone, whose weights do not change.

    Raises TrainError `MODEL_INVALID` for a file that is not a network of images of this size.
    """
    backbone = _load(path)
    values = keras.Input((size.height, size.width, 3))
    try:
        found = backbone(values)
    except ValueError as error:
        raise TrainError(
            "MODEL_INVALID",
            f"The backbone {path} ({BACKBONE_VARIABLE}) does not take images of {size.width} x "
            f"{size.height} pixels: {error}",
        ) from error
    if len(found.shape) == 4:
        found = keras.layers.GlobalAveragePooling2D()(found)
    if len(found.shape) != 2:
        raise TrainError(
            "MODEL_INVALID",
            f"The backbone {path} ({BACKBONE_VARIABLE}) has an output of the shape {found.shape}. "
            "Save one without its last layer (include_top=False).",
        )
    body = keras.Model(values, found, name="body")
    body.trainable = False
    return body


def _with_head(body: keras.Model, size: ModelInput, classes: int) -> keras.Model:
    values = keras.Input((size.height, size.width, 3), name="values")
    logits = keras.layers.Dense(classes, name="head")(body(values))
    return keras.Model(values, logits, name="network")


def _copy_rows(before: keras.layers.Dense, after: keras.layers.Dense, path: Path) -> None:
    """Copy what the last layer of the base knows; its further classes keep their random rows."""
    kernel, bias = (np.array(each) for each in after.get_weights())
    known_kernel, known_bias = before.get_weights()
    if known_kernel.shape[0] != kernel.shape[0] or known_kernel.shape[1] > kernel.shape[1]:
        raise TrainError("MODEL_INVALID", f"{path.name} has other classes than its manifest.")
    count = known_kernel.shape[1]
    kernel[:, :count], bias[:count] = known_kernel, known_bias
    after.set_weights([kernel, bias])


def _load(path: Path) -> keras.Model:
    try:
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError, TypeError) as error:
        raise TrainError("MODEL_INVALID", f"{path} cannot be read by Keras: {error}") from error
