"""Results of jobs: frames, files and corrections."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from .following import follow
from .modes import M, Resource, iteration, operation
from .request import Request, given
from .types import (
    DetectionResult,
    ExportFormat,
    FeedbackObject,
    Frame,
    Line,
    ResultSummary,
    SkippedFrame,
    Zone,
    ZoneReport,
)


class JobResults(Resource[M]):
    """Operations on the results of jobs."""

    @iteration
    async def frames(
        self, event_id: str, *, after: int | None = None
    ) -> AsyncGenerator[Frame | SkippedFrame, None]:
        """Yield each sampled frame in order, as soon as it is stored, until the job has ended."""
        request = on_job("streamJobFrames", event_id, query=given(after=after))
        async for event in follow(self._api, request):
            kind: type[Frame] | type[SkippedFrame] = (
                SkippedFrame if event.name == "skipped" else Frame
            )
            yield self._api.parse(request, kind, event.data)

    @operation
    async def result(self, event_id: str) -> DetectionResult:
        """Return the whole result; use `frames` for results that do not fit into memory."""
        return await self._api.call(on_job("getResult", event_id, slow=True), DetectionResult)

    @operation
    async def summary(self, event_id: str) -> ResultSummary:
        """Return the counts of a result."""
        return await self._api.call(on_job("getSummary", event_id), ResultSummary)

    @operation
    async def zones(self, event_id: str, zones: Sequence[Zone | Line] | str) -> ZoneReport:
        """Return what the tracks of a finished job did at zones and lines.

        `zones` may be the name of those that are stored for the video of the job. Raises
        ProblemError if the job has no tracks; `derive` with `tracking=True` adds them.
        """
        request = (
            on_job("reportStoredZones", event_id, query={"name": zones}, slow=True)
            if isinstance(zones, str)
            else on_job("reportZones", event_id, json={"zones": zones}, slow=True)
        )
        return await self._api.call(request, ZoneReport)

    @operation
    async def frame_image(self, event_id: str, frame: int, *, annotated: bool = False) -> bytes:
        """Return the JPEG of a stored frame, with boxes and labels if `annotated`."""
        name = "getAnnotatedFrame" if annotated else "getFrame"
        path: dict[str, str | int] = {"event_id": event_id, "frame": frame}
        return await self._api.read(Request(name, path=path))

    @operation
    async def export(
        self,
        event_id: str,
        path: str | PathLike[str],
        format: ExportFormat = "json",
        *,
        ids: Literal["model", "coco91"] | None = None,
        conf: bool | None = None,
        images: bool | None = None,
    ) -> Path:
        """Write the result to a file in another format; the file appears when it is complete.

        The annotated video (`mp4`) is rendered first. `ids` is for COCO; `conf` and `images` are
        for YOLO.
        """
        query = given(format=format, ids=ids, conf=conf, images=images)
        if format == "mp4":
            query["wait"] = "1"
        return await self._write(on_job("exportJob", event_id, query=query, slow=True), path)

    @operation
    async def clip(
        self,
        event_id: str,
        path: str | PathLike[str],
        *,
        from_ms: float | None = None,
        to_ms: float | None = None,
        track: int | None = None,
        margin_ms: float | None = None,
        boxes: Literal["all", "none", "track"] | None = None,
    ) -> Path:
        """Write an MP4 of a span of the video of a job, or of a track, to a file.

        `from_ms` is included, `to_ms` is not. With `track`, the clip shows the time of the track,
        and `margin_ms` (default: 1000) before and after. `boxes`: what is drawn (default: all).
        """
        span = given(from_ms=from_ms, to_ms=to_ms, track=track, margin_ms=margin_ms, boxes=boxes)
        return await self._write(
            on_job("getClip", event_id, query={**span, "wait": "1"}, slow=True), path
        )

    async def _write(self, request: Request, path: str | PathLike[str]) -> Path:
        target = Path(path)
        while await self._api.download(request, target) == 202:
            pass  # the request waited for the render, for up to a minute
        return target

    @operation
    async def feedback(
        self,
        event_id: str,
        frame: int,
        objects: Sequence[FeedbackObject],
        *,
        comment: str | None = None,
    ) -> tuple[str, ...]:
        """Store all correct objects of a frame; return those classes that the model lacks."""
        body = {"event_id": event_id, "frame_id": frame, "objects": objects}
        if comment is not None:
            body["comment"] = comment
        stored = json.loads(await self._api.read(Request("addFeedback", json=body)))
        return tuple(stored["new_classes"])


def on_job(name: str, event_id: str, **fields: Any) -> Request:
    """Return a request of an operation on a job."""
    return Request(name, path={"event_id": event_id}, **fields)
