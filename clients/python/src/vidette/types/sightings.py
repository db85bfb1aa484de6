"""Sightings of jobs and cameras."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .results import Box


@dataclass(frozen=True)
class BestFrame:
    """Frame of a sighting with the highest confidence; its time is in the unit of `from_ms`."""

    frame: int
    timestamp_ms: float
    box: Box


@dataclass(frozen=True)
class Sighting:
    """Span of time in which objects of a class were detected in a video or by a camera.

    `from_ms` and `to_ms`: first and last frame, in milliseconds from the start of the video; for a
    camera, since 1970. `at`: start of the job, or the time at which a camera saw the first frame.
    `track_id` is set in jobs with `tracking`.
    """

    sighting_id: str
    class_name: str = field(metadata={"json": "class"})
    at: datetime
    event_id: str | None
    video_id: str | None
    video_name: str | None
    scenario_uuid: str | None
    from_ms: float
    to_ms: float
    first_frame: int
    frames: int
    max_conf: float
    best: BestFrame
    track_id: int | None = None
