"""Streams of events over lost connections, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from vidette import ConnectionLostError, NotFoundError, Vidette
from vidette.following import Event, parse_events
from vidette.types import StreamGap, StreamRow

UUID = "5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c"
TIME = "2026-01-11T12:30:05.123Z"
END = "id: end\nevent: end\ndata: {}\n\n"


def row(number: int) -> str:
    data = (
        f'{{"scenario_uuid":"{UUID}","frame_number":{number},"detections":[],"timestamp":"{TIME}"}}'
    )
    return f"id: {number}\nevent: row\ndata: {data}\n\n"


def gap(number: int, second: int) -> str:
    span = (
        f'"from":"2026-01-11T12:30:{second:02}.000Z","to":"{TIME}","reason":"paused","message":"x"'
    )
    return f'id: {number}\nevent: gap\ndata: {{"scenario_uuid":"{UUID}","gap":{{{span}}}}}\n\n'


class Body(httpx.SyncByteStream):
    """Sends text, and then breaks unless its last event is the end."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[bytes]:
        yield self._text.encode()
        if END not in self._text:
            raise httpx.ReadError("broken")


class Bodies:
    """Responds with one stream after another; a number is the status of a response without one."""

    def __init__(self, *bodies: str | int) -> None:
        self._bodies = list(bodies)
        self.last_ids: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.last_ids.append(request.headers.get("last-event-id"))
        body = self._bodies.pop(0)
        if isinstance(body, str):
            return httpx.Response(200, stream=Body(body))
        if body == httpx.codes.NO_CONTENT:
            return httpx.Response(body)
        return httpx.Response(body, json={"type": "/problems/x", "status": body, "detail": "No."})


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr("vidette.transport.time.sleep", waits.append)
    return waits


def follow(bodies: Bodies, **settings: float) -> list[StreamRow | StreamGap]:
    transport = httpx.MockTransport(bodies)
    with Vidette("http://vidette.test", transport=transport, retries=2, **settings) as client:  # type: ignore[arg-type]
        return list(client.streams.results(UUID, follow_new=True, gaps=True))


def numbers(entries: list[StreamRow | StreamGap]) -> list[int | str]:
    return [
        entry.frame_number if isinstance(entry, StreamRow) else f"gap {entry.gap.start.second}"
        for entry in entries
    ]


def test_rows_continue_after_the_last_one() -> None:
    bodies = Bodies(row(1) + row(2), row(3), 503, 429, row(4) + END)
    assert numbers(follow(bodies)) == [1, 2, 3, 4]
    assert bodies.last_ids == [None, "2", "3", "3", "3"]


def test_gaps_that_are_sent_again_are_left_out() -> None:
    bodies = Bodies(
        row(1) + gap(1, 6) + gap(1, 8), gap(1, 6) + gap(1, 8) + gap(1, 9) + row(2) + END
    )
    assert numbers(follow(bodies)) == [1, "gap 6", "gap 8", "gap 9", 2]


def test_a_stream_that_has_ended_is_empty() -> None:
    assert follow(Bodies(204)) == []


def test_the_first_connection_has_the_retries_of_the_client(slept: list[float]) -> None:
    with pytest.raises(ConnectionLostError):
        follow(Bodies("", "", ""))
    assert len(slept) == 2
    with pytest.raises(NotFoundError):
        follow(Bodies(404))


def test_a_lost_api_is_given_up_after_some_time() -> None:
    with pytest.raises(ConnectionLostError):
        follow(Bodies(row(1), ""), reconnect_s=0)


def test_events_are_read_over_any_chunks() -> None:
    line_separator = "\u2028"  # not the end of a line, neither in JSON nor in a stream of events
    text = f': keep-alive\n\nretry: 2000\nid: 7\r\ndata: "ä{line_separator}"\r\n\r\n{END}data: cut'
    expected = [Event("message", "7", f'"ä{line_separator}"'), Event("end", "end", "{}")]

    async def read(size: int) -> list[Event]:
        async def chunks() -> AsyncIterator[bytes]:
            data = text.encode()
            for start in range(0, len(data), size):
                yield data[start : start + size]

        return [event async for event in parse_events(chunks())]

    for size in (1, 2, 3, 1000):
        assert asyncio.run(read(size)) == expected
