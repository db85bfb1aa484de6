"""Batches of the images that test/shared/python-client.test.ts stores in a bucket."""

from __future__ import annotations

import asyncio
import csv
import os
from pathlib import Path

import pytest

from conftest import new_id
from recording import RecordingAsyncTransport
from vidette import AsyncVidette, BatchFailedError, NotFoundError, Vidette
from vidette.types import ImageBatch

BUCKET = os.environ["VIDETTE_TEST_BUCKET"]
CLASSIFIER = os.environ["VIDETTE_TEST_CLASSIFIER"]
IMAGES, BROKEN = 8, 1


def test_the_images_of_a_prefix_become_a_table(client: Vidette, tmp_path: Path) -> None:
    batch_id = new_id("batch")
    seen: list[ImageBatch] = []
    started = client.image_batches.start(
        BUCKET, CLASSIFIER, batch_id=batch_id, prefix="day/", table="csv", max_failed=0.5
    )
    assert (started.batch_id, started.started) == (batch_id, True)
    done = client.image_batches.wait(batch_id, timeout=120, on_progress=seen.append)
    assert (done.status, done.total, done.done, done.failed) == ("ready", IMAGES, IMAGES, BROKEN)
    assert seen[-1] == done
    assert done.table is not None
    assert done.source == {"bucket": BUCKET, "prefix": "day/"}
    assert list(client.image_batches.progress(batch_id))[-1] == done
    table = client.image_batches.table(batch_id, tmp_path / "table.csv")
    assert table.stat().st_size == done.table.size
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["key"] for row in rows] == [f"day/{number}.png" for number in range(IMAGES)]
    assert batch_id in {batch.batch_id for batch in client.image_batches.list(page_size=1)}
    again = client.image_batches.start(
        BUCKET, CLASSIFIER, batch_id=batch_id, prefix="day/", table="csv", max_failed=0.5
    )
    assert again.started is False
    assert client.image_batches.delete(batch_id).objects > 0
    with pytest.raises(NotFoundError, match=r"image_batches\.list"):
        client.image_batches.get(batch_id)


def test_a_failed_batch_is_an_error(client: Vidette) -> None:
    batch_id = new_id("failed")
    client.image_batches.start(
        BUCKET, CLASSIFIER, batch_id=batch_id, prefix="day/", max_failed=0, conf=0.5
    )
    with pytest.raises(BatchFailedError, match="failed") as raised:
        client.image_batches.wait(batch_id, timeout=120)
    assert raised.value.batch.error
    assert client.image_batches.wait(batch_id, check=False).status == "failed"
    client.image_batches.delete(batch_id)


def test_a_batch_is_cancelled() -> None:
    async def work() -> None:
        batch_id = new_id("cancelled")
        async with AsyncVidette(transport=RecordingAsyncTransport()) as client:
            await client.image_batches.start(
                BUCKET, CLASSIFIER, batch_id=batch_id, prefix="day/", conf=0.75
            )
            await client.image_batches.cancel(batch_id)
            done = await client.image_batches.wait(batch_id, timeout=120, check=False)
            assert done.status in ("cancelled", "ready", "failed")
            await client.image_batches.delete(batch_id)

    asyncio.run(work())
