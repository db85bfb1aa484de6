"""Batches of images: predictions on many stored images as one table."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import BatchFailedError
from .following import follow
from .modes import M, Resource, iteration, operation
from .request import Request
from .types import DeletedImageBatch, ImageBatch, StartedImageBatch
from .types.jobs import CLOSED
from .waiting import wait_until

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import ImageBatchOptions


class ImageBatches(Resource[M]):
    """Operations on batches of images."""

    @operation
    async def start(
        self, bucket: str, model: str, **options: Unpack[ImageBatchOptions]
    ) -> StartedImageBatch:
        """Predict on the images of a bucket: those of a `prefix`, in a `zip`, or in a `list`.

        The same request continues the same batch, also after it has failed or was cancelled.
        """
        request = Request("startImageBatch", json={"bucket": bucket, "model": model, **options})
        return await self._api.call(request, StartedImageBatch)

    @iteration
    async def list(self, *, page_size: int = 100) -> AsyncGenerator[ImageBatch, None]:
        """Yield batches, the newest first."""
        request = Request("listImageBatches")
        async for batch in self._api.pages(request, "batches", ImageBatch, page_size):
            yield batch

    @operation
    async def get(self, batch_id: str) -> ImageBatch:
        """Return a batch with its counts. Raises NotFoundError."""
        return await self._api.call(_on("getImageBatch", batch_id), ImageBatch)

    @operation
    async def wait(
        self,
        batch_id: str,
        *,
        timeout: float | None = None,
        on_progress: Callable[[ImageBatch], None] | None = None,
        check: bool = True,
    ) -> ImageBatch:
        """Wait until a batch has ended, also while the API is restarted.

        `timeout` is in seconds. Raises BatchFailedError if the batch failed or was cancelled,
        unless `check` is False, and WaitTimeoutError.
        """
        batch = await wait_until(
            self._api,
            _on("getImageBatch", batch_id),
            ImageBatch,
            lambda batch: batch.status in CLOSED,
            name=f"Batch {batch_id}",
            timeout=timeout,
            on_state=on_progress,
        )
        if check and batch.status != "ready":
            raise BatchFailedError(batch)
        return batch

    @iteration
    async def progress(self, batch_id: str) -> AsyncGenerator[ImageBatch, None]:
        """Yield the state of a batch at each change until it has ended."""
        request = _on("streamImageBatch", batch_id)
        async for event in follow(self._api, request):
            yield self._api.parse(request, ImageBatch, event.data)

    @operation
    async def table(self, batch_id: str, path: str | PathLike[str]) -> Path:
        """Write the table to a file, in the format of the batch; it appears when it is complete."""
        await self._api.download(_on("getImageTable", batch_id, slow=True), Path(path))
        return Path(path)

    @operation
    async def cancel(self, batch_id: str) -> ImageBatch:
        """Cancel a batch, which keeps its rows."""
        return await self._api.call(_on("cancelImageBatch", batch_id), ImageBatch)

    @operation
    async def delete(self, batch_id: str) -> DeletedImageBatch:
        """Delete a batch with its uploads, rows and table; a running one is cancelled."""
        return await self._api.call(_on("deleteImageBatch", batch_id, slow=True), DeletedImageBatch)


def _on(name: str, batch_id: str, **fields: Any) -> Request:
    return Request(name, path={"batch_id": batch_id}, **fields)
