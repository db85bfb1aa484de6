"""Jobs: detection in videos."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from os import PathLike
from typing import IO, TYPE_CHECKING, Any

from .errors import JobFailedError, NotFoundError
from .following import follow
from .job_results import JobResults, on_job
from .modes import M, iteration, operation
from .request import Request, given, without_none
from .sources import is_url
from .types import (
    Deletion,
    DeriveOptions,
    DetectionOptions,
    Job,
    JobDetails,
    JobOptions,
    JobProgress,
    JobStatus,
    SubmittedJob,
)
from .types.jobs import CLOSED
from .videos import OnUpload, upload_video
from .waiting import wait_until

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Jobs(JobResults[M]):
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
        request = on_job("rerunJob", event_id, json=body, headers=_once(idempotency_key))
        return await self._api.call(request, SubmittedJob)

    @operation
    async def derive(
        self, event_id: str, *, new_event_id: str | None = None, **changes: Unpack[DeriveOptions]
    ) -> SubmittedJob:
        """Start a job that filters the detections of a finished one, without the model.

        The options are a higher `conf`, another `iou`, fewer `max_det` or `classes`; `tracking`
        adds tracks. The same again returns the same job.
        """
        body = without_none({"event_id": new_event_id}) | changes
        return await self._api.call(on_job("deriveJob", event_id, json=body), SubmittedJob)

    @operation
    async def get(self, event_id: str) -> JobDetails:
        """Return a job with its progress. Raises NotFoundError."""
        return await self._api.call(on_job("getJob", event_id), JobDetails)

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
        job = await wait_until(
            self._api,
            on_job("getJob", event_id),
            JobDetails,
            lambda job: job.status in CLOSED,
            name=f"Job {event_id}",
            timeout=timeout,
            on_state=_progress_reporter(on_progress),
        )
        if check and job.status != "ready":
            raise JobFailedError(job)
        return job

    @iteration
    async def progress(self, event_id: str) -> AsyncGenerator[JobProgress, None]:
        """Yield the progress of a job at each change until it has ended."""
        request = on_job("streamJobProgress", event_id)
        async for event in follow(self._api, request):
            yield self._api.parse(request, JobProgress, event.data)

    @operation
    async def cancel(self, event_id: str) -> JobDetails:
        """Cancel a job; what it detected is kept. It has ended when `wait` returns."""
        return await self._api.call(on_job("cancelJob", event_id), JobDetails)

    @operation
    async def delete(self, event_id: str, *, wait: bool = True) -> Deletion:
        """Delete a job and everything that it stored; the video is kept."""
        request = on_job("cancelJob", event_id, query=given(data=True, wait=wait), slow=True)
        deletion = await self._api.call(request, Deletion)
        while wait and not deletion.deleted:
            try:
                deletion = await self._api.call(request, Deletion)
            except NotFoundError:  # deleted between the two requests
                return Deletion(event_id, True)
        return deletion


def _once(idempotency_key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}


def _progress_reporter(
    on_progress: Callable[[JobProgress], None] | None,
) -> Callable[[JobDetails], None]:
    """Return a function that passes the progress of a job on when it has changed."""
    reported: list[JobProgress] = []

    def report(job: JobDetails) -> None:
        if on_progress and job.progress and reported[-1:] != [job.progress]:
            reported[:] = [job.progress]
            on_progress(job.progress)

    return report
