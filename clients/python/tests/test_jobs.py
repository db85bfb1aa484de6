from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import pytest

from conftest import new_id
from recording import Faults
from vidette import JobFailedError, NotFoundError, Vidette, WaitTimeoutError, objects_to_pandas
from vidette.types import Frame, JobProgress, SubmittedJob


def test_a_file_becomes_a_result(client: Vidette, clip: Path) -> None:
    event_id = new_id("file")
    job = client.jobs.submit(clip, event_id=event_id, every=5, preprocess=False)
    assert (job.event_id, job.started) == (event_id, True)
    assert client.jobs.submit(clip, event_id=event_id, every=5, preprocess=False).started is False
    seen: list[JobProgress] = []
    done = client.jobs.wait(event_id, timeout=120, on_progress=seen.append)
    assert done.status == "ready"
    assert done.counts is not None
    assert seen[-1].frames_done == seen[-1].frames_total == done.counts.frames
    summary = client.jobs.summary(event_id)
    assert (summary.frames, summary.objects) == (done.counts.frames, done.counts.objects)
    assert client.jobs.delete(event_id).deleted
    with pytest.raises(NotFoundError):
        client.jobs.get(event_id)


def test_results_are_typed(client: Vidette, ready: SubmittedJob) -> None:
    result = client.jobs.result(ready.event_id)
    assert [frame.frame for frame in result] == list(range(0, 20, 2))
    assert result.created_at.tzinfo is not None
    assert list(client.jobs.frames(ready.event_id)) == list(result.frames)
    assert list(client.jobs.frames(ready.event_id, after=9)) == list(result.frames[5:])
    progress = list(client.jobs.progress(ready.event_id))
    assert progress[-1].status == "ready"
    assert client.jobs.frame_image(ready.event_id, 4).startswith(b"\xff\xd8")
    assert client.jobs.frame_image(ready.event_id, 4, annotated=True).startswith(b"\xff\xd8")


def test_objects_are_a_table(client: Vidette, ready: SubmittedJob) -> None:
    result = client.jobs.result(ready.event_id)
    table = result.to_pandas()
    counts = client.jobs.summary(ready.event_id).objects_by_class
    assert table.groupby("class_name").size().to_dict() == counts
    assert table.equals(objects_to_pandas(client.jobs.frames(ready.event_id)))
    nothing = objects_to_pandas([])
    assert list(nothing.dtypes) == list(table.dtypes)


def test_results_are_exported(client: Vidette, ready: SubmittedJob, tmp_path: Path) -> None:
    export = client.jobs.export
    objects = client.jobs.summary(ready.event_id).objects
    with export(ready.event_id, tmp_path / "objects.csv", "csv").open() as file:
        assert len(list(csv.DictReader(file))) == objects
    coco = export(ready.event_id, tmp_path / "coco.json", "coco", ids="model")
    assert len(json.loads(coco.read_text())["annotations"]) == objects
    yolo = export(ready.event_id, tmp_path / "yolo.zip", "yolo", conf=True, images=True)
    assert yolo.read_bytes().startswith(b"PK")
    video = export(ready.event_id, str(tmp_path / "annotated.mp4"), "mp4")
    assert video.read_bytes()[4:8] == b"ftyp"
    with pytest.raises(NotFoundError):
        export("nowhere", tmp_path / "nowhere.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "annotated.mp4",
        "coco.json",
        "objects.csv",
        "yolo.zip",
    ]


def test_jobs_are_listed_over_pages(client: Vidette, ready: SubmittedJob) -> None:
    prefix = new_id("list")
    ids = [f"{prefix}-{number}" for number in range(3)]
    for event_id in ids:
        client.jobs.submit(video_id=ready.video_id, event_id=event_id, every=10, frames="none")
    for event_id in ids:
        client.jobs.wait(event_id, timeout=120)
    recent = datetime.now(timezone.utc) - timedelta(hours=1)
    listed = client.jobs.list(text=prefix, status="ready", since=recent, page_size=2)
    assert [job.event_id for job in listed] == ids[::-1]
    assert list(client.jobs.list(text=prefix, class_name="nothing")) == []
    assert list(client.jobs.list(text=prefix, model="nothing", video="x")) == []
    with pytest.raises(NotFoundError):
        list(client.jobs.list(batch="nowhere"))
    for event_id in ids:
        client.jobs.delete(event_id, wait=False)


def test_a_url_is_fetched_by_the_api(client: Vidette, files_url: str) -> None:
    job = client.jobs.submit(f"{files_url}/python-client.mp4", event_id=new_id("url"), every=10)
    assert client.jobs.wait(job.event_id, timeout=120).counts is not None
    again = client.jobs.rerun(job.event_id, every=5, new_event_id=new_id("rerun"), conf=0.9)
    assert again.started
    details = client.jobs.wait(again.event_id, timeout=120)
    assert details.rerun_of == job.event_id
    assert details.parameters is not None
    assert details.parameters["conf"] == 0.9


def test_a_failed_job_is_an_error(client: Vidette, clip: Path) -> None:
    broken = clip.with_name("python-client-broken.mp4")
    broken.write_bytes(b"not a video" * 100)
    job = client.jobs.submit(broken, event_id=new_id("broken"))
    with pytest.raises(JobFailedError, match="BAD_VIDEO") as raised:
        client.jobs.wait(job.event_id, timeout=120)
    assert raised.value.job.error is not None
    assert client.jobs.wait(job.event_id, check=False).status == "failed"
    assert job.video_id is not None
    client.jobs.delete(job.event_id)
    client.videos.delete(job.video_id)


def test_a_long_job_is_waited_for_followed_and_cancelled(client: Vidette, clip: Path) -> None:
    long = clip.with_name("python-client-long.mp4")
    job = client.jobs.submit(long, event_id=new_id("long"), every=1, frames="none")
    with pytest.raises(WaitTimeoutError, match="continues"):
        client.jobs.wait(job.event_id, timeout=0.1)
    frames = client.jobs.frames(job.event_id)
    assert [frame.frame for frame in islice(frames, 3)] == [0, 1, 2]
    frames.close()
    client.jobs.cancel(job.event_id)
    with pytest.raises(JobFailedError, match="cancelled"):
        client.jobs.wait(job.event_id, timeout=120)
    client.jobs.delete(job.event_id)


def test_a_submission_whose_response_is_lost_starts_one_job(
    faulty: Callable[..., Vidette], ready: SubmittedJob
) -> None:
    faults = Faults(lose_response={"submitJob": 2})
    client = faulty(faults)
    assert ready.video_id is not None
    before = {job.event_id for job in client.jobs.list(video=ready.video_id)}
    job = client.jobs.submit(video_id=ready.video_id, every=10, force=True)
    submissions = [request for request in faults.sent if request.method == "POST"]
    assert len(submissions) == 3
    assert len({request.headers["idempotency-key"] for request in submissions}) == 1
    client.jobs.wait(job.event_id, timeout=120)
    after = {other.event_id for other in client.jobs.list(video=ready.video_id)}
    assert after - before == {job.event_id}


def test_frames_continue_after_lost_connections(
    faulty: Callable[..., Vidette], client: Vidette, ready: SubmittedJob
) -> None:
    faults = Faults(cut_after={"streamJobFrames": [3, 0, 4]}, lose_response={"streamJobFrames": 1})
    frames = list(faulty(faults).jobs.frames(ready.event_id))
    assert frames == list(client.jobs.result(ready.event_id).frames)
    assert [request.headers.get("last-event-id") for request in faults.sent] == [
        None,
        None,
        "4",
        "4",
        "12",
    ]


def test_frames_are_corrected(client: Vidette, ready: SubmittedJob) -> None:
    frame = next(frame for frame in client.jobs.result(ready.event_id) if frame.objects)
    assert isinstance(frame, Frame)
    box = frame.objects[0].box
    new = client.jobs.feedback(
        ready.event_id, frame.frame, [{"class": "fox", "box": box}], comment="from Python"
    )
    assert new == ("fox",)
