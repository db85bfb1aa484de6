"""Data sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

DatasetTask = Literal["detect", "classify"]
DatasetFormat = Literal["coco", "yolo", "folder", "jsonl"]


class DatasetBuild(TypedDict, total=False):
    """Feedback that a data set is made from; None removes a limit of the version before."""

    task: DatasetTask
    model: str | None
    since: datetime | str | None


@dataclass(frozen=True)
class DatasetCounts:
    """Counts of a part; `classes` has the objects, or the images of a classifier, by class."""

    images: int
    objects: int
    classes: dict[str, int]


@dataclass(frozen=True)
class DatasetSplits:
    """Counts of the three parts."""

    train: DatasetCounts
    val: DatasetCounts
    test: DatasetCounts


@dataclass(frozen=True)
class DatasetVersion:
    """Version of a data set."""

    version: int
    sha256: str


@dataclass(frozen=True)
class DatasetOrigin:
    """Time until which feedback was read, and the limits `model` and `since`."""

    until: datetime
    filters: dict[str, str]


@dataclass(frozen=True)
class DatasetLeftOut:
    """Images that a version leaves out; `items` has the first 1,000 with their reasons."""

    count: int
    by_reason: dict[str, int]
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class ListedDataset:
    """Version of a data set in a list; `sha256` is the hash of its content, in hex."""

    name: str
    version: int
    sha256: str
    task: DatasetTask
    labels: tuple[str, ...]
    counts: DatasetSplits
    made_from: DatasetOrigin
    parent: DatasetVersion | None
    created_at: datetime
    by: str | None


@dataclass(frozen=True)
class Dataset(ListedDataset):
    """Version of a data set."""

    left_out: DatasetLeftOut


@dataclass(frozen=True)
class BuiltDataset(Dataset):
    """Version that a build made, or found: then `created` is False."""

    created: bool


@dataclass(frozen=True)
class SkippedImage:
    """Image of a zip that was not imported, and why."""

    image: str
    reason: str


@dataclass(frozen=True)
class DatasetImport:
    """Images of an import; `skipped_images` has the first 1,000."""

    imported: int
    unchanged: int
    skipped: int
    skipped_images: tuple[SkippedImage, ...]
