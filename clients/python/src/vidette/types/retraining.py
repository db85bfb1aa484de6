"""Retraining of models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from .batches import BatchStatus
from .models import ModelRef

RetrainStage = Literal[
    "opening", "training", "evaluating", "publishing", "waiting", "closing", "done"
]
RetrainOutcome = Literal["promoted", "not-promoted", "not-enough"]


class RetrainLimits(TypedDict, total=False):
    """Limits of a training: seconds of an attempt, number of images, memory in MiB."""

    seconds: int
    pictures: int
    memory_mb: int


class RetrainGate(TypedDict, total=False):
    """Limits that a challenger must respect."""

    margin: float
    class_margin: float
    min_test: int


class RetrainOptions(TypedDict, total=False):
    """Options of a retraining; docs/retraining.md has their meanings and defaults."""

    dataset: str
    build: bool
    min_new: int
    base: int
    trainer: Literal["head", "command"]
    params: dict[str, float | str | bool]
    limits: RetrainLimits
    gate: RetrainGate
    decide: Literal["person", "rule"]
    decide_within_s: int


@dataclass(frozen=True)
class StartedRetraining:
    """Retraining that a request started; `started` is False if one was running."""

    model: str
    workflow_id: str
    started: bool


@dataclass(frozen=True)
class NewImages:
    """New or changed images since the data set of the base, and how many are required."""

    count: int
    required: int


@dataclass(frozen=True)
class TrainingStep:
    """Newest stored step of a training."""

    step: int
    of: int
    loss: float | None


@dataclass(frozen=True)
class RetrainedModel:
    """Model that was trained, with the scores that its trainer reports."""

    sha256: str
    attempt: int
    resumed_from: float | None
    metrics: dict[str, float | None]


@dataclass(frozen=True)
class RetrainScore:
    """Score of a model on the test part.

    `value`: accuracy, or mean average precision of a detector. `classes`: `images` and `value` of
    each class. `boxes`: average precisions of a detector.
    """

    value: float
    calibration_error: float | None
    classes: dict[str, dict[str, float]]
    ms_per_image: float
    boxes: dict[str, float | None] | None = None


@dataclass(frozen=True)
class RetrainComparison:
    """Scores of both models on the same images; `difference` is `value`, `low` and `high`."""

    images: int
    champion: RetrainScore
    challenger: RetrainScore
    difference: dict[str, float]


@dataclass(frozen=True)
class Retraining:
    """Retraining of a model: facts are None until they are known."""

    model: str
    status: BatchStatus
    stage: RetrainStage
    outcome: RetrainOutcome | None
    error: str | None
    retrain_id: str | None
    base: ModelRef | None
    dataset: ModelRef | None
    new_images: NewImages | None
    training: TrainingStep | None
    trained: RetrainedModel | None
    comparison: RetrainComparison | None
    verdict: dict[str, Any] | None
    version: int | None
    mlflow_version: int | None
    decide_until: datetime | None
    decision: dict[str, Any] | None
    workflow_id: str
