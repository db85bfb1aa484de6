"""Scenarios: cameras in which objects are detected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from .alerts import AlertRule
from .jobs import Device
from .models import ModelRef
from .results import Box

StreamState = Literal[
    "waiting",
    "connecting",
    "live",
    "silent",
    "frozen",
    "refused",
    "unreachable",
    "overloaded",
    "paused",
    "stopped",
    "ended",
]


class Record(TypedDict, total=False):
    """Clips of events, in seconds before and after, and days for which they are kept."""

    before_s: float
    after_s: float
    keep_days: int


class CameraZone(TypedDict, total=False):
    """Zone (a polygon) or line of a scenario, with points in shares of the frame."""

    name: str
    kind: Literal["zone", "line"]
    points: Sequence[Sequence[float]]
    classes: Sequence[str]


class NotifyRule(TypedDict, total=False):
    """Rule that makes events; `hours` is `{"from": "22:00", "to": "06:00"}` in UTC."""

    classes: Sequence[str]
    conf: float
    zone: str
    direction: Literal["in", "out"]
    frames: int
    quiet_s: float
    hours: dict[str, str]
    url: str


class ScenarioOptions(TypedDict, total=False):
    """Parameters of a scenario; streams.md has their meanings and defaults."""

    worker_id: str | int
    fps: float
    conf: float
    iou: float
    max_det: int
    classes: Sequence[str] | None
    model: str | None
    device: Device
    gate: Literal["off", "still", "sleep"]
    pace: Literal["realtime", "fast"]
    loop: bool
    tracking: bool
    zones: Sequence[CameraZone] | None
    record: Record | None
    notify: Sequence[NotifyRule]
    alerts: Sequence[AlertRule] | None
    keep_days: int
    yield_after_s: int
    max_lag_ms: int


@dataclass(frozen=True)
class DeployedStream:
    """Deployed scenario; `started` is False if it was running already."""

    scenario_uuid: str
    started: bool
    camera: str


@dataclass(frozen=True)
class Stream:
    """Scenario with its state; `lag_ms` is the time from a frame to its row."""

    scenario_uuid: str
    worker_id: str | int | None
    state: StreamState
    since: datetime | None
    message: str
    frame_number: int | None
    fps: float
    lag_ms: float | None
    camera: str | None
    parameters: dict[str, Any] | None
    model: ModelRef | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class StreamDetection:
    """Object in a frame of a camera, in pixels of its image."""

    class_name: str = field(metadata={"json": "class"})
    confidence: float
    bbox: Box
    track_id: int | None = None


@dataclass(frozen=True)
class StreamRow:
    """Detected frame of a camera; `(scenario_uuid, frame_number)` is never used twice."""

    scenario_uuid: str
    frame_number: int
    detections: tuple[StreamDetection, ...]
    timestamp: datetime
    details: dict[str, Any] | None = None


@dataclass(frozen=True)
class Gap:
    """Time without rows, `[start, end)`, and why."""

    start: datetime = field(metadata={"json": "from"})
    end: datetime = field(metadata={"json": "to"})
    reason: str
    message: str


@dataclass(frozen=True)
class StreamGap:
    """Gap of a scenario."""

    scenario_uuid: str
    gap: Gap


@dataclass(frozen=True)
class StreamAccount:
    """Seconds that were seen, and gaps in seconds by their reason."""

    scenario_uuid: str
    start: datetime = field(metadata={"json": "from"})
    end: datetime = field(metadata={"json": "to"})
    frames: int
    seen_s: float
    gaps: dict[str, float]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class ZonePassage:
    """What the object of a track did at a zone or line of a camera."""

    name: str
    kind: Literal["entered", "left", "crossed"]
    track_id: int
    direction: Literal["in", "out"] | None = None
    dwell_ms: float | None = None
    appeared: bool = False
    vanished: bool = False


@dataclass(frozen=True)
class StreamEvent:
    """Event of a rule of `notify`, or passage of a zone, whose `rule` is None.

    `ended_at` is None while the objects of a rule are seen.
    """

    scenario_uuid: str
    event_id: str
    rule: int | None
    classes: tuple[str, ...]
    confidence: float
    objects: int
    first_frame: int
    last_frame: int
    started_at: datetime
    ended_at: datetime | None
    zone: ZonePassage | None = None


@dataclass(frozen=True)
class CameraMinute:
    """Passages of a zone or line by one class in a minute."""

    minute: datetime
    zone: str
    class_name: str = field(metadata={"json": "class"})
    entered: int
    left: int
    in_: int = field(metadata={"json": "in"})
    out: int


@dataclass(frozen=True)
class CameraZoneCounts:
    """Passages of the zones and lines of a scenario by minute."""

    scenario_uuid: str
    start: datetime = field(metadata={"json": "from"})
    end: datetime = field(metadata={"json": "to"})
    minutes: tuple[CameraMinute, ...]
