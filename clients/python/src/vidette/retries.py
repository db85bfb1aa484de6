"""Which errors can pass, and how long to wait for that."""

from __future__ import annotations

import random

import httpx

from .errors import (
    ConnectionFailedError,
    ConnectionLostError,
    ProblemError,
    RequestTimeoutError,
    VidetteError,
)

BACK_OFF_S = (0.25, 8.0)
"""First and longest wait between two attempts, in seconds; it doubles each time."""
RETRY_AFTER_MAX_S = 90.0
"""Longest `Retry-After` that is waited for, in seconds; the limits of the API count per minute."""


class translated:  # noqa: N801 - a context manager
    """Context in which errors of httpx become errors of this package."""

    def __init__(self, url: str) -> None:
        """Name the server in errors."""
        self._url = url

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Translate an error."""
        if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
            raise ConnectionFailedError(
                f"No connection to {self._url}: {error}. Check the URL (VIDETTE_URL), "
                "and that the server is running."
            ) from error
        if isinstance(error, httpx.TimeoutException):
            raise RequestTimeoutError(
                f"{self._url} sent nothing for {_timeout_of(error)} s. Pass a longer timeout."
            ) from error
        if isinstance(error, httpx.TransportError):
            raise ConnectionLostError(
                f"The connection to {self._url} was lost: {error or type(error).__name__}."
            ) from error


def _timeout_of(error: httpx.TimeoutException) -> object:
    return error.request.extensions.get("timeout", {}).get("read")


def can_retry(error: VidetteError, repeatable: bool) -> bool:
    """Return whether a request may be sent again after an error."""
    if isinstance(error, ConnectionFailedError):
        return True
    if isinstance(error, (ConnectionLostError, RequestTimeoutError)):
        return repeatable
    if isinstance(error, ProblemError):
        return error.status in (429, 503) and (error.retry_after or 0) <= RETRY_AFTER_MAX_S
    return False


def wait_after(error: VidetteError, attempts: int) -> float:
    """Return the seconds until the next attempt: Retry-After, or exponential with jitter."""
    if isinstance(error, ProblemError) and error.retry_after is not None:
        return error.retry_after
    first, longest = BACK_OFF_S
    return min(longest, first * 2.0 ** (attempts - 1)) * random.uniform(0.5, 1)
