"""Server-sent events that continue after a lost connection."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import httpx

from .api import Api
from .errors import ConnectionLostError, VidetteError
from .request import Request
from .retries import can_retry, wait_after


@dataclass(frozen=True)
class Event:
    """Server-sent event; `data` is JSON."""

    name: str
    id: str
    data: str


async def follow(api: Api, request: Request) -> AsyncGenerator[Event, None]:
    """Yield the events of a stream until its end.

    After a lost connection it continues behind the last event. It gives up after the retries of
    the client if nothing has arrived yet, else `reconnect_s` seconds after the last event.
    """
    request = request.with_header("Accept", "text/event-stream")
    patience = Patience(api)
    while True:
        try:
            async with api.opened(request) as response:
                if response.status_code == httpx.codes.NO_CONTENT:
                    return
                async for event in parse_events(api.transport.chunks(response)):
                    patience.renew()
                    if event.name == "end":
                        return
                    request = request.with_header("Last-Event-ID", event.id)
                    yield event
            raise ConnectionLostError(f"{request.url} ended without its last event.")
        except VidetteError as error:
            await patience.wait(error)


class Patience:
    """Waits between attempts to reach an API that was reached before."""

    def __init__(self, api: Api) -> None:
        """Start without any success."""
        self._api = api
        self._attempts = 0
        self._reached_at: float | None = None

    def renew(self) -> None:
        """Note a success."""
        self._attempts = 0
        self._reached_at = time.monotonic()

    async def wait(self, error: VidetteError) -> None:
        """Wait after an error, or raise it."""
        self._attempts += 1
        options = self._api.options
        if self._reached_at is None:
            is_spent = self._attempts > options.retries
        else:
            is_spent = time.monotonic() - self._reached_at > options.reconnect_s
        if is_spent or not can_retry(error, True):
            raise error
        await self._api.transport.sleep(wait_after(error, self._attempts))


async def parse_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Yield the complete events of a stream of bytes; comments are left out."""
    fields: dict[str, str] = {}
    async for line in split_lines(chunks):
        if line == "":
            if "data" in fields:
                yield Event(fields.get("event", "message"), fields.get("id", ""), fields["data"])
            fields = {}
            continue
        name, _, value = line.partition(":")
        fields[name] = value.removeprefix(" ")


async def split_lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the complete lines of a stream of UTF-8.

    Only line feeds end a line: JSON may contain other separators of Unicode.
    """
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
