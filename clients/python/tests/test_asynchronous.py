"""The asynchronous client: the same code on another transport."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from conftest import CAMERA_URL, new_id
from recording import RecordingAsyncTransport
from vidette import AsyncVidette, NotFoundError
from vidette.sources import ImageSource
from vidette.types import StreamRow


def with_client(work: Callable[[AsyncVidette], Awaitable[None]]) -> None:
    async def run() -> None:
        async with AsyncVidette(transport=RecordingAsyncTransport()) as client:
            await work(client)

    asyncio.run(run())


def test_images_are_predicted_at_the_same_time(image: Path, files_url: str) -> None:
    async def work(client: AsyncVidette) -> None:
        with image.open("rb") as file:
            sources: list[ImageSource] = [image, image.read_bytes(), file, f"{files_url}/image.png"]
            predictions = await asyncio.gather(*(client.predict(source) for source in sources))
        assert {prediction.class_name for prediction in predictions} == {"mock-large"}
        assert len(await client.process(image, "both")) == 2

    with_client(work)


def test_jobs_run(clip: Path, tmp_path: Path) -> None:
    async def work(client: AsyncVidette) -> None:
        with clip.open("rb") as file:
            job = await client.jobs.submit(file, event_id=new_id("async"), every=2)
        done = await client.jobs.wait(job.event_id, timeout=120)
        result = await client.jobs.result(job.event_id)
        assert [frame async for frame in client.jobs.frames(job.event_id)] == list(result.frames)
        path = await client.jobs.export(job.event_id, tmp_path / "objects.csv", "csv")
        assert done.counts is not None
        assert len(path.read_text().splitlines()) == done.counts.objects + 1
        listed = [found.event_id async for found in client.jobs.list(text=job.event_id)]
        assert listed == [job.event_id]
        assert (await client.jobs.delete(job.event_id)).deleted
        with pytest.raises(NotFoundError):
            await client.jobs.wait(job.event_id)

    with_client(work)


def test_waiting_is_cancelled(clip: Path) -> None:
    async def work(client: AsyncVidette) -> None:
        long = clip.with_name("python-client-long.mp4")
        job = await client.jobs.submit(long, event_id=new_id("async-long"), frames="none")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.jobs.wait(job.event_id), 0.5)
        await client.jobs.delete(job.event_id)

    with_client(work)


def test_videos_are_uploaded_in_parts() -> None:
    async def work(client: AsyncVidette) -> None:
        content = os.urandom(1000)
        video = await client.videos.upload(io.BytesIO(content), name="async.mp4", in_parts=True)
        assert video.size == 1000
        await client.videos.delete(video.video_id)

    with_client(work)


def test_rows_are_followed() -> None:
    async def work(client: AsyncVidette) -> None:
        stream = await client.streams.deploy(camera_url=CAMERA_URL, loop=True, fps=5)
        numbers: list[int] = []
        rows = client.streams.results(stream.scenario_uuid, follow_new=True)
        async with aclosing(rows):
            async for row in rows:
                assert isinstance(row, StreamRow)
                numbers.append(row.frame_number)
                if len(numbers) == 3:
                    break
        assert numbers == [1, 2, 3]
        await client.streams.delete(stream.scenario_uuid)

    with_client(work)
