"""Experiments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from .models import ModelRef

ExperimentMode = Literal["shadow", "split"]
ExperimentKey = Literal["header", "api-key", "image"]
ArmName = Literal["champion", "challenger"]


class ExperimentOptions(TypedDict, total=False):
    """Options of an experiment; docs/experiments.md has their meanings and defaults."""

    champion: int
    mode: ExperimentMode
    share: float
    key: ExperimentKey


@dataclass(frozen=True)
class ExperimentArm:
    """Version of the model, and its share of the predictions."""

    model: ModelRef
    share: float


@dataclass(frozen=True)
class ExperimentArms:
    """Both versions."""

    champion: ExperimentArm
    challenger: ExperimentArm


@dataclass(frozen=True)
class ExperimentArmCounts:
    """Counts of both arms."""

    champion: int
    challenger: int


@dataclass(frozen=True)
class ExperimentCounts:
    """Counts of an experiment, which the API adds up every 10 s.

    `dropped`: images that the challenger did not run on, because its queue was full.
    """

    predictions: ExperimentArmCounts
    errors: ExperimentArmCounts
    agreed: int
    differed: int
    dropped: int


@dataclass(frozen=True)
class ExperimentDecision:
    """Decision about an experiment; `evidence`: its odds at that time, to 1."""

    promote: bool
    by: str
    reason: str
    at: datetime
    evidence: float


@dataclass(frozen=True)
class Experiment:
    """Comparison of two versions of the model `serves`."""

    experiment_id: str
    serves: str
    mode: ExperimentMode
    arms: ExperimentArms
    key: ExperimentKey
    status: Literal["running", "stopped", "decided"]
    by: str
    started_at: datetime
    ended_at: datetime | None
    decision: ExperimentDecision | None
    counts: ExperimentCounts


@dataclass(frozen=True)
class ExperimentEvidence:
    """Odds that the accuracies differ, to 1, and those that decide."""

    ratio: float
    decides_at: float
    decided: bool
    leader: ArmName | None


@dataclass(frozen=True)
class ExperimentFigures:
    """Figures of an arm: `accuracy` is `low` and `high`, `inference_s` is `median` and `p95`."""

    labelled: int
    right: int
    predictions: int
    errors: int
    accuracy: dict[str, float]
    inference_s: dict[str, float] | None


@dataclass(frozen=True)
class ExperimentArmFigures:
    """Figures of both arms."""

    champion: ExperimentFigures
    challenger: ExperimentFigures


@dataclass(frozen=True)
class ExperimentAnswers:
    """Labelled images of an arm, and those of them that it gets right."""

    labelled: int
    right: int


@dataclass(frozen=True)
class ExperimentClass:
    """Labelled images of a true class."""

    class_name: str = field(metadata={"json": "class"})
    champion: ExperimentAnswers
    challenger: ExperimentAnswers


@dataclass(frozen=True)
class ExperimentReport:
    """Figures of an experiment.

    `pairs`: labelled disagreements as `wins` and `losses` of the challenger, None for a split.
    `sample_ratio`: check of the split, None in the shadow.
    """

    evidence: ExperimentEvidence
    audited: int
    labelled: int
    pairs: dict[str, int] | None
    agreement: float | None
    counts: ExperimentCounts
    arms: ExperimentArmFigures
    classes: tuple[ExperimentClass, ...]
    sample_ratio: dict[str, Any] | None


@dataclass(frozen=True)
class ExperimentDetails(Experiment):
    """Experiment with its figures and its evidence."""

    report: ExperimentReport
