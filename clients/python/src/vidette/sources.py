"""Images and videos in arguments: paths, URLs, bytes and file objects."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx

from .api import Api
from .errors import UnexpectedResponseError
from .request import File
from .retries import translated

ImageSource = str | PathLike[str] | bytes | bytearray | IO[bytes]
"""Image: a path, a URL that begins with http:// or https://, bytes, or a file object."""


def is_url(source: object) -> bool:
    """Return whether a text is a URL; all other texts are paths."""
    return isinstance(source, str) and source.startswith(("http://", "https://"))


async def read_image(api: Api, source: ImageSource) -> File:
    """Return the field of a form with an image; a URL is fetched from this machine."""
    if isinstance(source, str) and is_url(source):
        return "file", (_name(urlsplit(source).path), await _fetch(api, source))
    return open_image(source)


def open_image(source: ImageSource) -> File:
    """Return the field of a form with an image that is not a URL."""
    if isinstance(source, (bytes, bytearray)):
        return "file", ("image", bytes(source))
    if isinstance(source, (str, PathLike)):
        path = Path(fspath(source))
        return "file", (path.name, path.read_bytes())
    content = source.read()
    if isinstance(content, str):
        raise TypeError(f"{source!r} is open as text. Open it with mode 'rb'.")
    return "file", (_name(str(getattr(source, "name", ""))), content)


def _name(path: str) -> str:
    return Path(path).name or "image"


async def _fetch(api: Api, url: str) -> bytes:
    transport = api.transport
    request = transport.build("GET", url, timeout=httpx.Timeout(api.options.timeout))
    with translated(url):
        response = await transport.send(request)
        try:
            if not response.is_success:
                raise UnexpectedResponseError(
                    f"{url} responded with status {response.status_code} and not with an image."
                )
            return await transport.read(response)
        finally:
            await transport.close(response)
