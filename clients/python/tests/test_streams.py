from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from conftest import CAMERA_URL
from recording import Faults
from vidette import ConflictError, NotFoundError, Vidette, rows_to_pandas
from vidette.types import StreamGap, StreamRow


@pytest.fixture(scope="module")
def camera(client: Vidette) -> Iterator[str]:
    """Deploy a camera that ends when it is deleted."""
    stream = client.streams.deploy(camera_url=CAMERA_URL, loop=True, fps=5, worker_id="python")
    assert stream.started
    yield stream.scenario_uuid
    client.streams.delete(stream.scenario_uuid)
    with pytest.raises(NotFoundError):
        client.streams.get(stream.scenario_uuid)


def test_a_scenario_is_deployed_once(client: Vidette, camera: str) -> None:
    options = {"camera_url": CAMERA_URL, "loop": True, "worker_id": "python"}
    assert client.streams.deploy(camera, fps=5, **options).started is False  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="configure"):
        client.streams.deploy(camera, fps=1, **options)  # type: ignore[arg-type]
    assert camera in {stream.scenario_uuid for stream in client.streams.list(page_size=1)}


def test_rows_continue_after_lost_connections(camera: str, faulty: Callable[..., Vidette]) -> None:
    faults = Faults(cut_after={"streamResults": [2, 0, 3]}, lose_response={})
    entries = faulty(faults).streams.results(camera, follow_new=True, gaps=True, details=True)
    rows: list[StreamRow] = []
    gaps: list[StreamGap] = []
    for entry in entries:
        if isinstance(entry, StreamRow):
            rows.append(entry)
        else:
            gaps.append(entry)
        if len(rows) == 8:
            break
    entries.close()
    assert [row.frame_number for row in rows] == list(range(1, 9))
    assert all(row.details is not None for row in rows)
    assert len(faults.sent) == 4
    assert gaps[0].gap.reason == "starting"
    assert len({gap.gap.start for gap in gaps}) == len(gaps)


def test_rows_are_a_table(client: Vidette, camera: str) -> None:
    rows = list(islice(client.streams.results(camera, follow_new=True, after=2), 3))
    assert [row.frame_number for row in rows if isinstance(row, StreamRow)] == [3, 4, 5]
    table = rows_to_pandas(rows)
    assert set(table.frame_number) <= {3, 4, 5}
    first = rows[0]
    assert isinstance(first, StreamRow)
    stored = client.streams.results(camera, start=first.timestamp, end=first.timestamp)
    assert list(stored) == []


def test_a_scenario_is_paused_changed_and_accounted_for(client: Vidette, camera: str) -> None:
    client.streams.pause(camera)
    wait_for_state(client, camera, "paused")
    account = client.streams.account(camera)
    assert account.seen_s > 0
    total_s = account.seen_s + sum(account.gaps.values())
    assert total_s == pytest.approx((account.end - account.start).total_seconds(), abs=0.1)
    assert account.problems == ()
    passages = client.streams.zones(camera)
    assert passages.scenario_uuid == camera
    assert passages.minutes == ()
    assert passages.start < passages.end
    client.streams.resume(camera)
    wait_for_state(client, camera, "live")
    changed = client.streams.configure(camera, fps=2, classes=["mock-large"])
    assert changed.parameters is not None
    assert changed.parameters["classes"] == ["mock-large"]
    assert list(client.streams.events(camera)) == []
    client.streams.stop(camera)
    wait_for_state(client, camera, "stopped")
    # A stream of a scenario that has ended ends as well.
    assert len(list(client.streams.results(camera, follow_new=True))) >= 8


def test_an_unknown_scenario_is_an_error(client: Vidette) -> None:
    with pytest.raises(NotFoundError, match=r"streams\.list"):
        next(client.streams.results(str(uuid.uuid4()), follow_new=True))


def wait_for_state(client: Vidette, scenario_uuid: str, state: str) -> None:
    deadline = time.monotonic() + 60
    while client.streams.get(scenario_uuid).state != state:
        assert time.monotonic() < deadline, client.streams.get(scenario_uuid)
        time.sleep(0.2)
