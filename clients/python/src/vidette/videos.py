"""Stored videos and uploads."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from os import PathLike
from pathlib import Path
from typing import IO, Literal

from .api import Api
from .modes import M, Resource, iteration, operation
from .request import Request
from .types import UploadedVideo, UploadProgress, Video
from .uploads import upload_in_parts

PARTS_FROM_BYTES = 16 * 1024**2
"""Size of a file from which it is uploaded in parts."""
OnUpload = Callable[[UploadProgress], None]


class Videos(Resource[M]):
    """Operations on videos."""

    @iteration
    async def list(
        self, *, order: Literal["name", "newest"] = "name", page_size: int = 100
    ) -> AsyncGenerator[Video, None]:
        """Yield all stored videos by their id; `newest`: those with a result, the newest first."""
        request = Request("listVideos", query={"order": order})
        async for video in self._api.pages(request, "videos", Video, page_size):
            yield video

    @operation
    async def upload(
        self,
        video: str | PathLike[str] | IO[bytes],
        *,
        name: str | None = None,
        in_parts: bool | None = None,
        upload_id: str | None = None,
        on_progress: OnUpload | None = None,
    ) -> UploadedVideo:
        """Upload a file and return its `video_id`, which depends on the content alone.

        In parts (default: from 16 MiB on), the file is sent to the object store part by part; after
        an UploadInterruptedError, the same call with its `upload_id` sends the missing ones. Use
        `in_parts=False` where this machine does not reach the object store.
        """
        return await upload_video(self._api, video, name, in_parts, upload_id, on_progress)

    @operation
    async def sample(self) -> UploadedVideo:
        """Render and store the sample video of Vidette."""
        return await self._api.call(Request("storeSampleVideo", slow=True), UploadedVideo)

    @operation
    async def abort_upload(self, upload_id: str) -> None:
        """Remove the parts of an upload that is not completed."""
        await self._api.read(Request("abortUpload", path={"upload_id": upload_id}))

    @operation
    async def delete(self, video_id: str) -> None:
        """Delete a video. Raises ConflictError while a job or schedule uses it."""
        await self._api.read(Request("deleteVideo", path={"video_id": video_id}))


async def upload_video(
    api: Api,
    video: str | PathLike[str] | IO[bytes],
    name: str | None = None,
    in_parts: bool | None = None,
    upload_id: str | None = None,
    on_progress: OnUpload | None = None,
) -> UploadedVideo:
    """Upload a path or a file object that is open for reading bytes."""
    if isinstance(video, (str, PathLike)):
        path = Path(video)
        with path.open("rb") as file:
            return await upload_video(
                api, file, name or path.name, in_parts, upload_id, on_progress
            )
    name = name or Path(str(getattr(video, "name", "video"))).name
    report = on_progress or (lambda _: None)
    size = video.seek(0, os.SEEK_END)
    if in_parts is None:
        in_parts = upload_id is not None or size > PARTS_FROM_BYTES
    if in_parts:
        return await upload_in_parts(api, video, name, size, upload_id, report)
    request = Request("uploadVideo", files=[("file", (name, video))], slow=True)
    uploaded = await api.call(request, UploadedVideo)
    report(UploadProgress(None, size, size))
    return uploaded
