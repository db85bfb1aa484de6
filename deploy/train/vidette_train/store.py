"""Object store: whole objects of an S3-compatible server, read and written in threads."""

import asyncio
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import certifi
import urllib3
from minio import Minio
from minio.error import S3Error

from .settings import StoreSettings

T = TypeVar("T")

_TIMEOUT = urllib3.Timeout(connect=10, read=60)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Store:
    """Reads and writes objects; errors of the server are those of `minio`, and are retryable."""

    def __init__(self, settings: StoreSettings) -> None:
        """Create the client, which connects on its first request."""
        url = urlsplit(settings.endpoint)
        ca_file = str(settings.ca_file) if settings.ca_file else certifi.where()
        self._client = Minio(
            url.netloc,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            session_token=settings.session_token,
            secure=url.scheme == "https",
            region=settings.region,
            http_client=urllib3.PoolManager(timeout=_TIMEOUT, ca_certs=ca_file, maxsize=16),
        )

    async def find(self, bucket: str, key: str) -> bytes | None:
        """Return the bytes of an object; None if it does not exist."""
        return await asyncio.to_thread(_or_none, lambda: self._read(bucket, key))

    async def exists(self, bucket: str, key: str) -> bool:
        """Return whether an object exists."""
        found = await asyncio.to_thread(_or_none, lambda: self._client.stat_object(bucket, key))
        return found is not None

    async def get_file(self, bucket: str, key: str, path: Path) -> bool:
        """Download an object to a file; return False if the object does not exist."""
        name = str(path)
        found = await asyncio.to_thread(
            _or_none, lambda: self._client.fget_object(bucket, key, name)
        )
        return found is not None

    async def put(self, bucket: str, key: str, data: bytes) -> None:
        """Write an object."""
        await asyncio.to_thread(self._client.put_object, bucket, key, io.BytesIO(data), len(data))

    async def put_file(self, bucket: str, key: str, path: Path) -> None:
        """Upload a file."""
        await asyncio.to_thread(self._client.fput_object, bucket, key, str(path))

    async def list(self, bucket: str, prefix: str) -> list[str]:
        """Return the keys that start with a prefix."""

        def names() -> list[str]:
            found = self._client.list_objects(bucket, prefix=prefix, recursive=True)
            return [each.object_name for each in found if each.object_name]

        return await asyncio.to_thread(names)

    async def remove(self, bucket: str, key: str) -> None:
        """Remove an object; one that does not exist is not an error."""
        await asyncio.to_thread(self._client.remove_object, bucket, key)

    def _read(self, bucket: str, key: str) -> bytes:
        response = self._client.get_object(bucket, key)
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()


def _or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except S3Error as error:
        if error.code in ("NoSuchKey", "NoSuchObject", "NotFound"):
            return None
        raise
