"""Derived jobs, tracks, zones and the search, on a job of the model `mock`.

It finds `mock-large` with 0.875 and `mock-small` with 0.5 in every frame.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import new_id
from recording import RecordingAsyncTransport
from vidette import AsyncVidette, InvalidRequestError, NotFoundError, Vidette
from vidette.types import Line, SubmittedJob, Zone, ZoneEntry, ZoneExit

DETECTOR = f"{os.environ['VIDETTE_TEST_DETECTOR']}@1"
FRAME: Zone = {
    "name": "frame",
    "kind": "zone",
    "points": [(0, 0), (1, 0), (1, 1), (0, 1)],
    "classes": ["mock-large"],
}
DOOR: Line = {"name": "door", "kind": "line", "points": [(0.1, 0.1), (0.1, 0.2)]}


@pytest.fixture(scope="module")
def source(client: Vidette, clip: Path) -> Iterator[SubmittedJob]:
    job = client.jobs.submit(clip, event_id=new_id("source"), every=2, model=DETECTOR)
    client.jobs.wait(job.event_id, timeout=120)
    yield job
    client.jobs.delete(job.event_id)


@pytest.fixture(scope="module")
def tracked(client: Vidette, source: SubmittedJob) -> Iterator[SubmittedJob]:
    job = client.jobs.derive(source.event_id, tracking=True)
    client.jobs.wait(job.event_id, timeout=120)
    yield job
    client.jobs.delete(job.event_id)


def test_a_finished_job_is_filtered_once(client: Vidette, source: SubmittedJob) -> None:
    event_id = new_id("derived")
    derived = client.jobs.derive(source.event_id, new_event_id=event_id, conf=0.6)
    assert (derived.event_id, derived.started) == (event_id, True)
    assert client.jobs.derive(source.event_id, new_event_id=event_id, conf=0.6).started is False
    details = client.jobs.wait(event_id, timeout=120)
    assert details.parameters is not None
    assert details.parameters["derived_from"] == source.event_id
    frames = len(client.jobs.result(source.event_id).frames)
    assert client.jobs.summary(source.event_id).objects_by_class["mock-small"] == frames
    assert client.jobs.summary(event_id).objects_by_class == {"mock-large": frames}
    client.jobs.delete(event_id)
    with pytest.raises(NotFoundError):
        client.jobs.derive(event_id)


def test_a_derived_job_has_tracks(
    client: Vidette, source: SubmittedJob, tracked: SubmittedJob
) -> None:
    assert client.jobs.result(source.event_id).tracks is None
    result = client.jobs.result(tracked.event_id)
    assert result.tracks is not None
    [track] = [found for found in result.tracks if found.class_name == "mock-large"]
    assert (track.from_ms, track.to_ms) == (
        result.frames[0].timestamp_ms,
        result.frames[-1].timestamp_ms,
    )
    table = result.to_pandas()
    assert (table["track_id"] == track.id).sum() == len(result.frames)
    assert client.jobs.summary(tracked.event_id).tracks_by_class == {"mock-large": 1}


def test_zones_count_tracks(client: Vidette, tracked: SubmittedJob) -> None:
    report = client.jobs.zones(tracked.event_id, [FRAME, DOOR])
    [track] = client.jobs.result(tracked.event_id).tracks or ()
    entry, leaving = report.events
    assert entry == ZoneEntry("entered", "frame", track.id, "mock-large", track.from_ms, True)
    assert isinstance(leaving, ZoneExit)
    assert leaving.vanished
    assert leaving.dwell_ms == pytest.approx(track.to_ms - track.from_ms)
    assert report.minutes == ()


def test_stored_zones_apply_to_the_jobs_of_a_video(
    client: Vidette, source: SubmittedJob, tracked: SubmittedJob
) -> None:
    stored, video_id = client.zone_sets, source.video_id
    assert video_id is not None
    created = stored.put(video_id, [FRAME, DOOR], "hall")
    assert [zone["name"] for zone in created.zones] == ["frame", "door"]
    assert stored.get(video_id, "hall") == created
    assert stored.list(video_id) == (created,)
    report = client.jobs.zones(tracked.event_id, "hall")
    assert report == client.jobs.zones(tracked.event_id, [FRAME, DOOR])
    [frame, door] = report.totals
    assert (frame.zone, frame.objects, door.kind, door.dwell_median_ms) == (
        "frame",
        1,
        "line",
        None,
    )
    stored.delete(video_id, "hall")
    assert stored.list(video_id) == ()
    with pytest.raises(NotFoundError):
        client.jobs.zones(tracked.event_id, "hall")


def test_clips_are_written(client: Vidette, tracked: SubmittedJob, tmp_path: Path) -> None:
    span = client.jobs.clip(tracked.event_id, tmp_path / "span.mp4", from_ms=100, to_ms=400)
    assert span.read_bytes()[4:8] == b"ftyp"
    [track] = client.jobs.result(tracked.event_id).tracks or ()
    clip = tmp_path / "track.mp4"
    assert client.jobs.clip(tracked.event_id, clip, track=track.id, boxes="track") == clip
    assert clip.stat().st_size > span.stat().st_size


def test_zones_need_tracks(client: Vidette, source: SubmittedJob) -> None:
    with pytest.raises(InvalidRequestError, match="derive"):
        client.jobs.zones(source.event_id, [FRAME])


def test_sightings_are_found_over_pages(client: Vidette, source: SubmittedJob) -> None:
    find = client.sightings.find
    found = list(find(job=source.event_id, page_size=1))
    assert sorted(sighting.class_name for sighting in found) == ["mock-large", "mock-small"]
    [large] = find("mock-large", conf=0.6, job=source.event_id, video=source.video_id)
    assert (large.max_conf, large.scenario_uuid, large.track_id) == (0.875, None, None)
    assert large.frames == len(client.jobs.result(source.event_id).frames)
    assert large.best.frame in range(0, 20, 2)
    later = large.at + timedelta(milliseconds=1)
    assert list(find("mock-large", job=source.event_id, start=large.at, end=later)) == [large]
    assert list(find(job=source.event_id, start=later)) == []
    assert list(find(job=source.event_id, end=large.at)) == []
    assert list(find("mock-small", conf=0.6, job=source.event_id)) == []


def test_sightings_of_a_camera_that_does_not_exist_are_none(client: Vidette) -> None:
    assert list(client.sightings.find(camera="00000000-0000-4000-8000-000000000000")) == []


def test_the_newest_videos_have_what_was_detected(client: Vidette, source: SubmittedJob) -> None:
    newest = client.videos.list(order="newest", page_size=20)
    [video] = [found for found in newest if found.video_id == source.video_id]
    assert video.detected is not None
    assert (video.detected.width, video.detected.height) == (128, 64)


def test_all_of_it_is_awaited(source: SubmittedJob, tracked: SubmittedJob) -> None:
    async def work() -> None:
        async with AsyncVidette(transport=RecordingAsyncTransport()) as api:
            again = await api.jobs.derive(source.event_id, tracking=True)
            assert (again.event_id, again.started) == (tracked.event_id, False)
            report = await api.jobs.zones(tracked.event_id, [FRAME])
            assert [event.kind for event in report.events] == ["entered", "left"]
            found = [sighting async for sighting in api.sightings.find(job=tracked.event_id)]
            [large] = [sighting for sighting in found if sighting.track_id is not None]
            assert large.track_id == report.events[0].track_id

    asyncio.run(work())
