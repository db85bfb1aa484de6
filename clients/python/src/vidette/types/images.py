"""Predictions on single images."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from .results import Box, DetectedObject


@dataclass(frozen=True)
class Prediction:
    """Class of an image.

    `class_name`: None if a detector found nothing. `all_predictions`: confidence of each class.
    `prediction_time`: seconds of the inference alone.
    """

    prediction_id: str
    class_name: str | None = field(metadata={"json": "class"})
    confidence: float
    all_predictions: dict[str, float]
    prediction_time: float


@dataclass(frozen=True)
class Detection:
    """Objects of an image."""

    prediction_id: str
    objects: tuple[DetectedObject, ...]


FeedbackObject = TypedDict("FeedbackObject", {"class": str, "box": Box})
"""Correct object of an image or a frame."""
