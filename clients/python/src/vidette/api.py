"""Requests with retries, the same for both clients."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from .decode import decode
from .errors import UnexpectedResponseError, VidetteError, problem_of
from .request import Request
from .retries import can_retry, translated, wait_after
from .transport import Transport

T = TypeVar("T")

SLOW_S = 900.0
"""Timeout for responses to slow requests, in seconds."""


@dataclass(frozen=True)
class Options:
    """Settings of a client; `timeout` and `reconnect_s` are in seconds."""

    url: str
    api_key: str | None
    timeout: float
    retries: int
    reconnect_s: float


class Api:
    """The API at one URL."""

    def __init__(self, transport: Transport, options: Options) -> None:
        """Send requests by a transport."""
        self.transport = transport
        self.options = options

    async def call(self, request: Request, kind: type[T]) -> T:
        """Send a request and return its response as a value of a class."""
        return self.parse(request, kind, await self.read(request))

    async def read(self, request: Request) -> bytes:
        """Send a request and return the body of its response."""
        return await self.attempt(request, self.transport.read)

    async def download(self, request: Request, path: Path) -> int:
        """Write the body of a response to a file, whole or not at all; return its status."""
        partial = path.with_name(f"{path.name}.partial")

        async def write(response: httpx.Response) -> int:
            if response.status_code == httpx.codes.ACCEPTED:
                return response.status_code
            with partial.open("wb") as file:
                async for chunk in self.transport.chunks(response):
                    file.write(chunk)
            partial.replace(path)
            return response.status_code

        try:
            return await self.attempt(request, write)
        finally:
            partial.unlink(missing_ok=True)

    async def attempt(self, request: Request, use: Callable[[httpx.Response], Awaitable[T]]) -> T:
        """Send a request until its response is used, or the retries are spent."""
        attempts = 0
        while True:
            try:
                async with self.opened(request) as response:
                    return await use(response)
            except VidetteError as error:
                attempts += 1
                if attempts > self.options.retries or not can_retry(error, request.repeatable):
                    raise
                wait_s = wait_after(error, attempts)
            await self.transport.sleep(wait_s)

    @asynccontextmanager
    async def opened(self, request: Request) -> AsyncIterator[httpx.Response]:
        """Send a request once; raise the problem that the API responds with."""
        with translated(self.options.url):
            response = await self.transport.send(self._build(request))
            try:
                if response.is_error and response.status_code not in request.expected:
                    raise await self._problem(response)
                yield response
            finally:
                await self.transport.close(response)

    def parse(self, request: Request, kind: type[T], body: bytes | str) -> T:
        """Return JSON of a response as a value of a class."""
        try:
            return decode(kind, json.loads(body or "null"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnexpectedResponseError(
                f"The response of {self.options.url}{request.url} is not that of Vidette "
                f"({type(error).__name__}: {error}). Check the URL of the API."
            ) from error

    async def pages(
        self, request: Request, name: str, kind: type[T], page_size: int
    ) -> AsyncGenerator[T, None]:
        """Yield the entries of all pages of a list."""
        query = {**request.query, "limit": page_size}
        cursor: str | None = None
        while True:
            following = {} if cursor is None else {"cursor": cursor}
            page = Request(request.operation, request.path, {**query, **following})
            members = self.parse(page, dict[str, Any], await self.read(page))
            for entry in members[name]:
                yield decode(kind, entry)
            cursor = members["next"]
            if cursor is None:
                return

    def _build(self, request: Request) -> httpx.Request:
        headers = dict(request.headers)
        if self.options.api_key is not None:
            headers["Authorization"] = f"Bearer {self.options.api_key}"
        timeout = httpx.Timeout(self.options.timeout)
        if request.slow:
            timeout = httpx.Timeout(self.options.timeout, read=SLOW_S)
        return self.transport.build(
            request.method,
            f"{self.options.url}{request.url}",
            params=dict(request.query),
            headers=headers,
            json=request.json,
            data=request.form,
            files=request.files,
            timeout=timeout,
            extensions={"vidette_request": request},
        )

    async def _problem(self, response: httpx.Response) -> VidetteError:
        body = await self.transport.read(response)
        try:
            members = json.loads(body)
        except ValueError:
            members = None
        if not isinstance(members, dict) or "status" not in members:
            return UnexpectedResponseError(
                f"{response.request.url} responded with status {response.status_code} and not with "
                "a problem of Vidette. Check the URL of the API, and proxies in front of it."
            )
        seconds = response.headers.get("retry-after", "")
        return problem_of(members, float(seconds) if seconds.isdecimal() else None)
