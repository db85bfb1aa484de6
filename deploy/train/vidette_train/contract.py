"""Input and output of the activity `trainModel`, and the keys of what it reads and stores."""

import re
from dataclasses import dataclass
from typing import Any, TypedDict

QUEUE = "train"
ACTIVITY = "trainModel"

RESULTS = "results"
MODELS = "models"
IMAGES = "pictures"
# File of a checkpoint with the state of the training.
STATE_FILE = "keras-state.npz"
IMAGE_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class BaseModel:
    """Version of a model that is trained further."""

    name: str
    version: int
    sha256: str


@dataclass(frozen=True)
class TrainingSet:
    """Version of a data set; `sha256` is that of its content, not of the file of its items."""

    name: str
    version: int
    bucket: str
    key: str
    sha256: str


@dataclass(frozen=True)
class Limits:
    """Limits of an attempt: its seconds, images for training, and MiB of memory."""

    seconds: int
    pictures: int
    memory_mb: int


@dataclass(frozen=True)
class TrainModelInput:
    """Input of the activity; `out` is the prefix of the keys of everything that is stored."""

    retrain_id: str
    task: str
    dataset: TrainingSet
    base: BaseModel
    trainer: str
    params: dict[str, Any]
    limits: Limits
    out: str


class TrainedModel(TypedDict):
    """A model in the bucket of results that is not in the catalogue."""

    key: str
    sha256: str
    size_bytes: int
    manifest: dict[str, Any]
    metrics: dict[str, float | None]


class TrainModelOutput(TrainedModel):
    """Output of the activity; `resumed_from` is None if the last attempt started from the base."""

    seconds: float
    attempt: int
    resumed_from: int | None


class TrainHeartbeat(TypedDict):
    """Details of heartbeats; `checkpoint` is the prefix of the keys of the newest checkpoint."""

    checkpoint: str | None
    step: int
    of: int
    loss: float | None


def model_key(out: str) -> str:
    """Return the key of the ONNX file."""
    return f"{out}model.onnx"


def result_key(out: str) -> str:
    """Return the key of the result; a training has ended once it exists."""
    return f"{out}result.json"


def network_key(out: str, sha256: str) -> str:
    """Return the key of the Keras file, from which a later training continues."""
    return f"{out}{sha256}.keras"


def manifest_key(base: BaseModel) -> str:
    """Return the key of the manifest of a version in the catalogue."""
    return f"{base.name}/{base.version}/manifest.json"


def image_key(sha256: str) -> str:
    """Return the key of a kept image."""
    return f"{IMAGES}/{sha256[:2]}/{sha256}"
