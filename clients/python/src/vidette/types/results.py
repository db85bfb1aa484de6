"""Results of jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .models import ModelRef

if TYPE_CHECKING:
    import pandas

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""


@dataclass(frozen=True)
class DetectedObject:
    """Object in a frame or an image."""

    class_name: str = field(metadata={"json": "class"})
    box: Box
    conf: float


@dataclass(frozen=True)
class RowObject(DetectedObject):
    """Object in a frame of a job; `track_id` is set in jobs with `tracking`."""

    track_id: int | None = None


@dataclass(frozen=True)
class Frame:
    """Sampled frame with its objects.

    `frame`: index in the source, in display order. `timestamp_ms`: milliseconds from the start of
    the video. `same_as`: frame whose objects these are, if another one was inferred.
    """

    frame: int
    timestamp_ms: float
    objects: tuple[RowObject, ...]
    same_as: int | None = None


@dataclass(frozen=True)
class SkippedFrame:
    """Sampled frame that could not be detected."""

    frame: int
    reason: str


@dataclass(frozen=True)
class ResultSummary:
    """Counts of a result."""

    event_id: str
    video_id: str
    status: str
    model: ModelRef
    frame_count: int
    frames: int
    skipped: int
    objects: int
    objects_by_class: dict[str, int]
    warnings: tuple[str, ...]
    parameters: dict[str, Any]
    tracks_by_class: dict[str, int] | None = None


@dataclass(frozen=True)
class Track:
    """Path of one object through a video; `best_frame` has its highest confidence."""

    id: int
    class_name: str = field(metadata={"json": "class"})
    from_ms: float
    to_ms: float
    max_conf: float
    best_frame: int


@dataclass(frozen=True)
class DetectionResult:
    """Result of a job as it is stored; `video` has the properties of the video.

    `tracks` is set in jobs with `tracking`.
    """

    event_id: str
    video_id: str
    status: str
    model: ModelRef
    parameters: dict[str, Any]
    video: dict[str, Any]
    created_at: datetime
    frames: tuple[Frame, ...]
    skipped: tuple[SkippedFrame, ...]
    tracks: tuple[Track, ...] | None = None

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over the frames in the order of the video."""
        return iter(self.frames)

    def to_pandas(self) -> pandas.DataFrame:
        """Return a row per object; needs pandas."""
        from ..tables import objects_to_pandas

        return objects_to_pandas(self.frames)
