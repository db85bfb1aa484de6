"""Tables of pandas, which is optional."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .types import Frame, SkippedFrame, StreamGap, StreamRow

if TYPE_CHECKING:
    import pandas

_BOX = {"x_min": "float64", "y_min": "float64", "x_max": "float64", "y_max": "float64"}
_OF_JOBS = {
    "frame": "int64",
    "timestamp_ms": "float64",
    "class_name": "object",
    "conf": "float64",
    "track_id": "Int64",
}
_OF_STREAMS = {
    "frame_number": "int64",
    "timestamp": "datetime64[ns, UTC]",
    "class_name": "object",
    "conf": "float64",
}


def objects_to_pandas(frames: Iterable[Frame | SkippedFrame]) -> pandas.DataFrame:
    """Return a row per object of a job; frames without objects have none.

    `track_id` is missing in jobs without `tracking`.
    """
    rows = [
        (frame.frame, frame.timestamp_ms, found.class_name, found.conf, found.track_id, *found.box)
        for frame in frames
        if isinstance(frame, Frame)
        for found in frame.objects
    ]
    return _table(rows, {**_OF_JOBS, **_BOX})


def rows_to_pandas(rows: Iterable[StreamRow | StreamGap]) -> pandas.DataFrame:
    """Return a row per object of a camera; gaps are left out."""
    values = [
        (row.frame_number, row.timestamp, found.class_name, found.confidence, *found.bbox)
        for row in rows
        if isinstance(row, StreamRow)
        for found in row.detections
    ]
    return _table(values, {**_OF_STREAMS, **_BOX})


def _table(rows: list[tuple[Any, ...]], columns: dict[str, str]) -> pandas.DataFrame:
    try:
        import pandas
    except ImportError as error:
        raise ImportError(
            "Tables need pandas. Install it with: pip install 'vidette-client[pandas]'"
        ) from error
    table: pandas.DataFrame = pandas.DataFrame(rows, columns=list(columns))
    typed: pandas.DataFrame = table.astype(columns)
    return typed
