"""Jobs: detection in videos."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from .api import Api
from .errors import JobFailedError, NotFoundError, VidetteError, WaitTimeoutError
from .following import Patience, follow
from .modes import M, Resource, iteration, operation
from .request import Request, given, without_none
from .sources import is_url
from .types import (
    Deletion,
    DetectionOptions,
    DetectionResult,
    ExportFormat,
    FeedbackObject,
    Frame,
    Job,
    JobDetails,
    JobOptions,
    JobProgress,
    JobStatus,
    ResultSummary,
    SkippedFrame,
    SubmittedJob,
)
from .types.jobs import CLOSED
from .videos import OnUpload, upload_video

if TYPE_CHECKING:
    from typing_extensions import Unpack

POLL_S = (0.25, 3.0)
"""First and longest interval between two requests of `wait`, in seconds."""


class Jobs(Resource[M]):
    """Operations on jobs."""

    @operation
    async def submit(
        self,
        video: str | PathLike[str] | IO[bytes] | None = None,
        *,
        video_id: str | None = None,
        force: bool = False,
        idempotency_key: str | None = None,
        in_parts: bool | None = None,
        on_upload: OnUpload | None = None,
        **options: Unpack[JobOptions],
    ) -> SubmittedJob:
        """Start a job of a file, URL or stored video; the same again returns the same job.

        A file is uploaded first (`videos.upload`); the API fetches a URL. `force` starts a new
        job even if the same one exists. A retried request starts one job only; `idempotency_key`
        extends this to later calls with the same key, for a day.
        """
        if (video is None) == (video_id is None):
            raise TypeError("Pass either a video (path, URL or file object) or a video_id.")
        body: dict[str, Any] = {**options, **({"force": True} if force else {})}
        if isinstance(video, str) and is_url(video):
            body["url"] = video
        elif video is None:
            body["video_id"] = video_id
        else:
            uploaded = await upload_video(
                self._api, video, in_parts=in_parts, on_progress=on_upload
            )
            body["video_id"] = uploaded.video_id
        request = Request("submitJob", json=body, headers=_once(idempotency_key), slow=True)
        return await self._api.call(request, SubmittedJob)

    @operation
    async def rerun(
        self,
        event_id: str,
        *,
        new_event_id: str | None = None,
        idempotency_key: str | None = None,
        **changes: Unpack[DetectionOptions],
    ) -> SubmittedJob:
        """Start a new job of the same video; None removes `classes`, `from_ms` or `to_ms`."""
        body = without_none({"event_id": new_event_id}) | changes
        request = _on("rerunJob", event_id, json=body, headers=_once(idempotency_key))
        return await self._api.call(request, SubmittedJob)

    @operation
    async def get(self, event_id: str) -> JobDetails:
        """Return a job with its progress. Raises NotFoundError."""
        return await self._api.call(_on("getJob", event_id), JobDetails)

    @iteration
    async def list(
        self,
        *,
        status: JobStatus | None = None,
        text: str | None = None,
        video: str | None = None,
        model: str | None = None,
        class_name: str | None = None,
        since: datetime | None = None,
        batch: str | None = None,
        page_size: int = 100,
    ) -> AsyncGenerator[Job, None]:
        """Yield jobs, the newest first; pages are requested as they are needed."""
        filters = given(
            status=status, text=text, video=video, model=model, since=since, batch=batch
        )
        query = {**filters, **given(**{"class": class_name})}
        async for job in self._api.pages(Request("listJobs", query=query), "jobs", Job, page_size):
            yield job

    @operation
    async def wait(
        self,
        event_id: str,
        *,
        timeout: float | None = None,
        on_progress: Callable[[JobProgress], None] | None = None,
        check: bool = True,
    ) -> JobDetails:
        """Wait until a job has ended, also while the API is restarted.

        `timeout` is in seconds. Raises JobFailedError if the job failed or was cancelled, unless
        `check` is False, and WaitTimeoutError.
        """
        job = await _wait(self._api, event_id, timeout, on_progress)
        if check and job.status != "ready":
            raise JobFailedError(job)
        return job

    @iteration
    async def progress(self, event_id: str) -> AsyncGenerator[JobProgress, None]:
        """Yield the progress of a job at each change until it has ended."""
        request = _on("streamJobProgress", event_id)
        async for event in follow(self._api, request):
            yield self._api.parse(request, JobProgress, event.data)

    @iteration
    async def frames(
        self, event_id: str, *, after: int | None = None
    ) -> AsyncGenerator[Frame | SkippedFrame, None]:
        """Yield each sampled frame in order, as soon as it is stored, until the job has ended."""
        request = _on("streamJobFrames", event_id, query=given(after=after))
        async for event in follow(self._api, request):
            kind: type[Frame] | type[SkippedFrame] = (
                SkippedFrame if event.name == "skipped" else Frame
            )
            yield self._api.parse(request, kind, event.data)

    @operation
    async def result(self, event_id: str) -> DetectionResult:
        """Return the whole result; use `frames` for results that do not fit into memory."""
        return await self._api.call(_on("getResult", event_id, slow=True), DetectionResult)

    @operation
    async def summary(self, event_id: str) -> ResultSummary:
        """Return the counts of a result."""
        return await self._api.call(_on("getSummary", event_id), ResultSummary)

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
        target = Path(path)
        request = _on("exportJob", event_id, query=query, slow=True)
        while await self._api.download(request, target) == 202:
            pass  # the request waited for the render, for up to a minute
        return target

    @operation
    async def cancel(self, event_id: str) -> JobDetails:
        """Cancel a job; what it detected is kept. It has ended when `wait` returns."""
        return await self._api.call(_on("cancelJob", event_id), JobDetails)

    @operation
    async def delete(self, event_id: str, *, wait: bool = True) -> Deletion:
        """Delete a job and everything that it stored; the video is kept."""
        request = _on("cancelJob", event_id, query=given(data=True, wait=wait), slow=True)
        deletion = await self._api.call(request, Deletion)
        while wait and not deletion.deleted:
            try:
                deletion = await self._api.call(request, Deletion)
            except NotFoundError:  # deleted between the two requests
                return Deletion(event_id, True)
        return deletion

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


def _on(name: str, event_id: str, **fields: Any) -> Request:
    return Request(name, path={"event_id": event_id}, **fields)


def _once(idempotency_key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}


async def _wait(
    api: Api,
    event_id: str,
    timeout: float | None,
    on_progress: Callable[[JobProgress], None] | None,
) -> JobDetails:
    deadline = None if timeout is None else time.monotonic() + timeout
    pause_s, longest_s = POLL_S
    patience, reported = Patience(api), None
    while True:
        try:
            job = await api.call(_on("getJob", event_id), JobDetails)
        except VidetteError as error:
            await patience.wait(error)
        else:
            patience.renew()
            if on_progress and job.progress and job.progress != reported:
                reported = job.progress
                on_progress(reported)
            if job.status in CLOSED:
                return job
        if deadline is not None and time.monotonic() + pause_s > deadline:
            raise WaitTimeoutError(
                f"Job {event_id} has not ended within {timeout} s; it continues."
            )
        await api.transport.sleep(pause_s)
        pause_s = min(longest_s, pause_s * 1.5)
