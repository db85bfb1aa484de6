from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from recording import Faults, RecordingAsyncTransport
from vidette import (
    AsyncVidette,
    ConflictError,
    NotFoundError,
    UploadInterruptedError,
    Vidette,
)
from vidette.types import SubmittedJob, UploadedVideo, UploadProgress

MIB = 1024**2


def test_a_video_is_the_same_in_one_request_and_in_parts(client: Vidette) -> None:
    content = os.urandom(MIB)
    whole = client.videos.upload(io.BytesIO(content), name="python-client.mp4")
    parts = client.videos.upload(io.BytesIO(content), name="python-client.mp4", in_parts=True)
    assert whole == parts
    assert whole.size == MIB
    assert whole.video_id in {video.video_id for video in client.videos.list(page_size=2)}
    client.videos.delete(whole.video_id)
    with pytest.raises(NotFoundError):
        client.videos.delete(whole.video_id)


def test_a_used_video_is_kept(client: Vidette, ready: SubmittedJob) -> None:
    assert ready.video_id is not None
    with pytest.raises(ConflictError) as raised:
        client.videos.delete(ready.video_id)
    assert raised.value.code == "video-in-use"


def test_an_interrupted_upload_sends_the_missing_parts(
    faulty: Callable[..., Vidette], client: Vidette, tmp_path: Path
) -> None:
    file = tmp_path / "large.mp4"
    file.write_bytes(os.urandom(16 * MIB + 1000))
    faults = Faults(refuse=lambda request: request.url.params.get("partNumber") == "2")
    seen: list[UploadProgress] = []
    with pytest.raises(UploadInterruptedError) as raised:
        faulty(faults, retries=1).videos.upload(file, on_progress=seen.append)
    upload_id = raised.value.upload_id
    assert upload_id in str(raised.value)
    assert [(step.sent, step.upload_id) for step in seen] == [(16 * MIB, upload_id)]

    resumed = Faults()
    video = faulty(resumed).videos.upload(file, upload_id=upload_id)
    assert puts_of(resumed) == ["2"]
    assert video.size == 16 * MIB + 1000
    client.videos.delete(video.video_id)


def test_a_part_is_sent_without_the_key_and_again_after_a_lost_connection(
    client: Vidette, monkeypatch: pytest.MonkeyPatch, faulty: Callable[..., Vidette]
) -> None:
    monkeypatch.setenv("VIDETTE_API_KEY", "secret")
    refusals = [True]
    faults = Faults(
        refuse=lambda request: (
            "partNumber" in request.url.params and bool(refusals) and refusals.pop()
        )
    )
    video = faulty(faults).videos.upload(io.BytesIO(os.urandom(1000)), name="a", in_parts=True)
    assert puts_of(faults) == ["1", "1"]
    with_key = [request.url.host for request in faults.sent if "authorization" in request.headers]
    assert len(with_key) == 3  # begin, state after the failure, complete
    assert not any("authorization" in put.headers for put in faults.sent if put.method == "PUT")
    client.videos.delete(video.video_id)


def test_another_file_does_not_continue_an_upload(
    client: Vidette, faulty: Callable[..., Vidette]
) -> None:
    faults = Faults(refuse=lambda request: request.method == "PUT")
    with pytest.raises(UploadInterruptedError) as raised:
        faulty(faults).videos.upload(io.BytesIO(b"a" * 100), name="a", in_parts=True)
    upload_id = raised.value.upload_id
    with pytest.raises(ValueError, match="100 bytes"):
        client.videos.upload(io.BytesIO(b"a"), name="b", upload_id=upload_id)
    client.videos.abort_upload(upload_id)
    with pytest.raises(NotFoundError):
        client.videos.upload(io.BytesIO(b"a" * 100), name="a", upload_id=upload_id)


def puts_of(faults: Faults) -> list[str]:
    """Return the numbers of the parts that were sent."""
    return [part_of(request) for request in faults.sent if request.method == "PUT"]


def part_of(request: httpx.Request) -> str:
    return request.url.params["partNumber"]


def test_the_sample_is_stored_once(client: Vidette) -> None:
    async def store_twice() -> tuple[UploadedVideo, UploadedVideo]:
        async with AsyncVidette(transport=RecordingAsyncTransport()) as api:
            # The API renders it once for requests at the same time.
            return await asyncio.gather(api.videos.sample(), api.videos.sample())

    first, second = asyncio.run(store_twice())
    assert first == second
    assert first.video_id in {video.video_id for video in client.videos.list()}
