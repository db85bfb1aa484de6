"""Zones, lines, and what the tracks of a job did at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

Point = tuple[float, float]
"""x and y in shares of the width and height of the frame, from its top left."""


class _Counted(TypedDict, total=False):
    """Classes of the objects to count; default: all."""

    classes: Sequence[str]


class Zone(_Counted):
    """Polygon that objects enter and leave; `points` are its corners in order."""

    name: str
    kind: Literal["zone"]
    points: Sequence[Point]


class Line(_Counted):
    """Line from a first to a second point, whose right side is `in` and whose left is `out`."""

    name: str
    kind: Literal["line"]
    points: Sequence[Point]


@dataclass(frozen=True)
class ZoneEntry:
    """Entry of an object into a zone; `appeared` if its track begins there."""

    kind: Literal["entered"]
    zone: str
    track_id: int
    class_name: str = field(metadata={"json": "class"})
    time_ms: float
    appeared: bool = False


@dataclass(frozen=True)
class ZoneExit:
    """Exit of an object from a zone; `vanished` if its track ends there."""

    kind: Literal["left"]
    zone: str
    track_id: int
    class_name: str = field(metadata={"json": "class"})
    time_ms: float
    dwell_ms: float
    vanished: bool = False


@dataclass(frozen=True)
class LineCrossing:
    """Crossing of a line by an object; `in` is to the right of the direction of the line."""

    kind: Literal["crossed"]
    zone: str
    track_id: int
    class_name: str = field(metadata={"json": "class"})
    time_ms: float
    direction: Literal["in", "out"]


@dataclass(frozen=True)
class ZoneCounts:
    """Passages of a minute of the video at a zone or line by one class."""

    minute_ms: float
    zone: str
    class_name: str = field(metadata={"json": "class"})
    entered: int
    left: int
    crossed_in: int = field(metadata={"json": "in"})
    crossed_out: int = field(metadata={"json": "out"})


@dataclass(frozen=True)
class ZoneTotals:
    """Objects and passages of a whole job at a zone or line.

    `objects`: that were in the zone or crossed the line. `dwell_median_ms` is None for a line, and
    without an object.
    """

    zone: str
    kind: Literal["zone", "line"]
    objects: int
    entered: int
    left: int
    crossed_in: int = field(metadata={"json": "in"})
    crossed_out: int = field(metadata={"json": "out"})
    dwell_median_ms: float | None


@dataclass(frozen=True)
class ZoneReport:
    """What the tracks of a job did, by time, the passages of each minute, and their totals."""

    events: tuple[LineCrossing | ZoneExit | ZoneEntry, ...]
    minutes: tuple[ZoneCounts, ...]
    totals: tuple[ZoneTotals, ...]


@dataclass(frozen=True)
class ZoneSet:
    """Zones and lines of a video under a name."""

    name: str
    zones: tuple[dict[str, Any], ...]
    updated_at: datetime


@dataclass(frozen=True)
class ZoneSets:
    """All named zones of a video."""

    sets: tuple[ZoneSet, ...]
