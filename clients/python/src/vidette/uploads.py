"""Uploads in parts, which resume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import httpx

from .api import Api
from .errors import (
    ConnectionLostError,
    UnexpectedResponseError,
    UploadInterruptedError,
    VidetteError,
)
from .request import Request
from .retries import can_retry, translated, wait_after
from .types import UploadedVideo, UploadProgress


@dataclass(frozen=True)
class MissingPart:
    """Part that has not arrived: its number from 1, and the URL to which it is PUT."""

    part: int
    url: str


@dataclass(frozen=True)
class UploadState:
    """State of an upload; sizes are in bytes."""

    upload_id: str
    name: str
    size: int
    part_size: int
    missing: tuple[MissingPart, ...]


async def upload_in_parts(
    api: Api,
    file: IO[bytes],
    name: str,
    size: int,
    upload_id: str | None,
    report: Callable[[UploadProgress], None],
) -> UploadedVideo:
    """Send the missing parts of a file to the object store, and join them."""
    if upload_id is None:
        begin = Request("beginUpload", json={"name": name, "size": size})
        state = await api.call(begin, UploadState)
    else:
        state = await _state(api, upload_id)
    if state.size != size:
        raise ValueError(
            f"Upload {state.upload_id} is of {state.name} with {state.size} bytes; "
            f"{name} has {size}. Resume it with the file that it was started with."
        )
    try:
        await _send_parts(api, file, state, report)
        complete = Request("completeUpload", path={"upload_id": state.upload_id}, slow=True)
        return await api.call(complete, UploadedVideo)
    except VidetteError as error:
        raise UploadInterruptedError(
            f"The upload of {name} ended early: {error} Repeat the call with "
            f"upload_id={state.upload_id!r} within a day to send the rest.",
            state.upload_id,
        ) from error


async def _state(api: Api, upload_id: str) -> UploadState:
    return await api.call(Request("getUpload", path={"upload_id": upload_id}), UploadState)


async def _send_parts(
    api: Api, file: IO[bytes], state: UploadState, report: Callable[[UploadProgress], None]
) -> None:
    missing = {missing.part for missing in state.missing}
    for part in state.missing:
        offset = (part.part - 1) * state.part_size
        file.seek(offset)
        await _put(api, part, file.read(state.part_size), state.upload_id)
        missing.discard(part.part)
        left = sum(min(state.part_size, state.size - (n - 1) * state.part_size) for n in missing)
        report(UploadProgress(state.upload_id, state.size - left, state.size))


async def _put(api: Api, part: MissingPart, content: bytes, upload_id: str) -> None:
    """PUT a part, with new URLs after each failure: they expire after six hours."""
    attempts, url = 0, part.url
    while True:
        try:
            await _put_once(api, url, content)
            return
        except VidetteError as error:
            attempts += 1
            if attempts > api.options.retries or not can_retry(error, True):
                raise
            await api.transport.sleep(wait_after(error, attempts))
        state = await _state(api, upload_id)
        # A part whose response was lost has arrived.
        urls = {missing.part: missing.url for missing in state.missing}
        if part.part not in urls:
            return
        url = urls[part.part]


async def _put_once(api: Api, url: str, content: bytes) -> None:
    transport, place = api.transport, httpx.URL(url)
    timeout = httpx.Timeout(api.options.timeout)
    # Without the API key: the URL is signed, and belongs to the object store.
    request = transport.build("PUT", url, content=content, timeout=timeout)
    server = f"{place.scheme}://{place.netloc.decode()}"
    with translated(f"{server} (the object store)"):
        response = await transport.send(request)
        try:
            await transport.read(response)
        finally:
            await transport.close(response)
    if response.is_success:
        return
    message = f"The object store at {server} responded with status {response.status_code}."
    if response.is_server_error or response.status_code == httpx.codes.FORBIDDEN:
        raise ConnectionLostError(message)  # or the URL has expired: sent again with a new one
    raise UnexpectedResponseError(message)
