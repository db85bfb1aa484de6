"""Jobs and videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from .alerts import AlertRule
from .models import ModelRef

JobStatus = Literal["processing", "predictable", "ready", "failed", "cancelled"]
Device = Literal["auto", "cpu", "gpu"]
ExportFormat = Literal["json", "jsonl", "csv", "coco", "yolo", "mot", "vtt", "mp4"]
CLOSED = frozenset({"ready", "failed", "cancelled"})
"""Statuses of a job that has ended."""


class Preprocess(TypedDict, total=False):
    """Changes of each frame before detection."""

    blur: float
    contrast: float
    brightness: float


class DetectionOptions(TypedDict, total=False):
    """Options of a detection; docs/job-reference.md has their meanings and defaults."""

    bucket: str
    every: int
    conf: float
    iou: float
    max_det: int
    classes: Sequence[str] | None
    from_ms: float | None
    to_ms: float | None
    model: str
    device: Device
    preprocess: Preprocess | Literal[False]
    frames: Literal["objects", "packed", "none"]
    still: float | Literal[False]
    max_failed: float
    track: int
    tracking: bool
    webhook: dict[str, str]
    alerts: Sequence[AlertRule]
    priority: int


class DeriveOptions(TypedDict, total=False):
    """Options of a derived job; the others are those of the job that it filters."""

    conf: float
    iou: float
    max_det: int
    classes: Sequence[str]
    tracking: bool
    webhook: dict[str, str]
    alerts: Sequence[AlertRule]
    priority: int


class JobOptions(DetectionOptions, total=False):
    """Options of a new job; `event_id` is its id, by default derived from video and options."""

    event_id: str


@dataclass(frozen=True)
class SubmittedJob:
    """Submitted job; `started` is False if it existed already."""

    event_id: str
    video_id: str | None
    workflow_id: str | None
    run_id: str | None
    started: bool


@dataclass(frozen=True)
class JobError:
    """Reason why a job failed."""

    code: str
    message: str


@dataclass(frozen=True)
class JobCounts:
    """Counts of a job that has ended."""

    frames: int
    skipped: int
    objects: int


@dataclass(frozen=True)
class JobProgress:
    """Progress of a job; `fps` is in frames per second, `eta_s` in seconds."""

    event_id: str
    status: JobStatus
    stage: str
    frames_done: int
    frames_total: int
    skipped: int
    objects: int
    fps: float
    eta_s: float | None
    started_at: datetime
    error: JobError | None = None


@dataclass(frozen=True)
class Job:
    """Job in a list."""

    event_id: str
    video_id: str | None
    video_name: str | None
    status: JobStatus
    model: ModelRef | None
    parameters: dict[str, Any] | None
    device: Device | None
    counts: JobCounts | None
    started_at: datetime | None
    closed_at: datetime | None
    seconds: float | None
    error: JobError | None


@dataclass(frozen=True)
class JobDetails(Job):
    """Job with its progress; `rerun_of` is the job that it repeats."""

    progress: JobProgress | None
    rerun_of: str | None


@dataclass(frozen=True)
class Deletion:
    """Deletion of a job; it continues if `deleted` is False."""

    event_id: str
    deleted: bool


@dataclass(frozen=True)
class DetectedVideo:
    """What the newest job of a video with a result detected.

    `classes`: the most frequent first. `poster_frame`: frame with the most objects. `width` and
    `height` are in pixels.
    """

    event_id: str
    detected_at: datetime
    classes: tuple[str, ...]
    sightings: int
    poster_frame: int | None
    duration_ms: float | None
    width: int
    height: int


@dataclass(frozen=True)
class Video:
    """Stored video; `size` is in bytes, `detected` is None without a result."""

    video_id: str
    name: str | None
    size: int
    detected: DetectedVideo | None


@dataclass(frozen=True)
class UploadedVideo:
    """Video that was uploaded; `size` is in bytes."""

    video_id: str
    name: str
    size: int


@dataclass(frozen=True)
class UploadProgress:
    """Progress of an upload in bytes; `upload_id` is None for a file sent in one request."""

    upload_id: str | None
    sent: int
    size: int
