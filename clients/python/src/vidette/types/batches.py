"""Batches of images."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

TableFormat = Literal["jsonl.gz", "csv", "parquet"]
BatchStatus = Literal["processing", "ready", "failed", "cancelled"]


class ImageBatchOptions(TypedDict, total=False):
    """Options of a batch of images: one of `prefix`, `zip` and `list` is required.

    docs/job-reference.md has their meanings and defaults.
    """

    batch_id: str
    prefix: str
    zip: str
    list: str
    conf: float
    table: TableFormat
    max_failed: float


@dataclass(frozen=True)
class StartedImageBatch:
    """Batch that a request started; `started` is False if it was running or has its table."""

    batch_id: str
    workflow_id: str
    started: bool


@dataclass(frozen=True)
class ImageTable:
    """Table of a batch; `size` is in bytes."""

    format: TableFormat
    size: int


@dataclass(frozen=True)
class ImageBatch:
    """Batch of images with its counts; `total` is 0 until the images are listed."""

    batch_id: str
    status: BatchStatus
    error: str | None
    source: dict[str, str]
    model: str
    conf: float
    max_failed: float
    total: int
    done: int
    failed: int
    table: ImageTable | None
    images_per_s: float | None
    eta_s: float | None
    created_at: datetime
    closed_at: datetime | None
    workflow_id: str


@dataclass(frozen=True)
class DeletedImageBatch:
    """Batch that was deleted, and the number of its stored objects."""

    batch_id: str
    objects: int
