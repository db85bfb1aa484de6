"""Transports that record what is sent to the API, and break connections to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from vidette.request import Request

RECORDED: list[Request] = []
"""Requests of all clients of this run."""


@dataclass
class Faults:
    """Faults of a connection, each used up when it has happened."""

    lose_response: dict[str, int] = field(default_factory=dict)
    """Operations whose next responses are lost after the API has sent them, and how many."""
    cut_after: dict[str, list[int]] = field(default_factory=dict)
    """Operations whose next responses end after some events."""
    refuse: Callable[[httpx.Request], bool] = lambda _: False
    """Requests that get no connection."""
    sent: list[httpx.Request] = field(default_factory=list)


class FaultyTransport(httpx.BaseTransport):
    def __init__(self, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = record(request)
        self.faults.sent.append(request)
        if self.faults.refuse(request):
            raise httpx.ConnectError("refused by the test", request=request)
        response = self._inner.handle_request(request)
        if self.faults.lose_response.get(operation, 0) > 0:
            self.faults.lose_response[operation] -= 1
            response.read()
            raise httpx.ReadError("lost by the test", request=request)
        cuts = self.faults.cut_after.get(operation)
        if not cuts:
            return response
        stream = CutStream(response, cuts.pop(0))
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)

    def close(self) -> None:
        self._inner.close()


class CutStream(httpx.SyncByteStream):
    """Body that breaks after some events."""

    def __init__(self, response: httpx.Response, events: int) -> None:
        self._response = response
        self._events = events

    def __iter__(self) -> Iterator[bytes]:
        left = self._events
        for chunk in self._response.iter_raw():
            for event in chunk.split(b"\n\n"):
                if left == 0:
                    raise httpx.ReadError("cut off by the test")
                yield event + b"\n\n"
                left -= b"data:" in event

    def close(self) -> None:
        self._response.close()


class RecordingAsyncTransport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        record(request)
        return await super().handle_async_request(request)


def record(request: httpx.Request) -> str:
    """Note a request of the API; return its operation."""
    described = request.extensions.get("vidette_request")
    if not isinstance(described, Request):
        return ""
    RECORDED.append(described)
    return described.operation
