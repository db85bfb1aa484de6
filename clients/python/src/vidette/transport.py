"""HTTP by httpx, for both clients.

All code above this module is written once, with `async`. `BlockingTransport` does its work before
it returns, so that its coroutines never suspend and `modes.run` runs them without an event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any, Protocol

import httpx


class Transport(Protocol):
    """Sends requests and reads their responses."""

    is_async: bool

    def build(self, method: str, url: str, **options: Any) -> httpx.Request:
        """Return a request with the default headers of httpx."""

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Return a response whose body is not read."""

    async def read(self, response: httpx.Response) -> bytes:
        """Read the whole body."""

    def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives."""

    async def close(self, response: httpx.Response) -> None:
        """Give the connection back."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def shut(self) -> None:
        """Close all connections."""


class BlockingTransport:
    """Transport of `Vidette`."""

    is_async = False

    def __init__(self, client: httpx.Client) -> None:
        """Use a client, and close it at the end."""
        self._client = client

    def build(self, method: str, url: str, **options: Any) -> httpx.Request:
        return self._client.build_request(method, url, **options)

    async def send(self, request: httpx.Request) -> httpx.Response:
        return self._client.send(request, stream=True)

    async def read(self, response: httpx.Response) -> bytes:
        return response.read()

    async def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        for chunk in response.iter_bytes():
            yield chunk

    async def close(self, response: httpx.Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def shut(self) -> None:
        self._client.close()


class AsyncTransport:
    """Transport of `AsyncVidette`."""

    is_async = True

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Use a client, and close it at the end."""
        self._client = client

    def build(self, method: str, url: str, **options: Any) -> httpx.Request:
        return self._client.build_request(method, url, **options)

    async def send(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True)

    async def read(self, response: httpx.Response) -> bytes:
        return await response.aread()

    async def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        async for chunk in response.aiter_bytes():
            yield chunk

    async def close(self, response: httpx.Response) -> None:
        await response.aclose()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def shut(self) -> None:
        await self._client.aclose()
