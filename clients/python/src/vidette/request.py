"""Description of a request, the same for both clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import IO, Any
from urllib.parse import quote

from .endpoints import ENDPOINTS

File = tuple[str, tuple[str, bytes | IO[bytes]]]
"""Field of a form, name of the file, and its content."""


@dataclass(frozen=True)
class Request:
    """Request of an operation of the API.

    `repeatable`: whether it may be sent again if it is unknown whether it arrived. `slow`: whether
    the server may work for minutes before it responds. `expected`: error statuses that do
    not raise.
    """

    operation: str
    path: Mapping[str, str | int] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    files: Sequence[File] | None = None
    repeatable: bool = True
    slow: bool = False
    expected: frozenset[int] = frozenset()

    @property
    def method(self) -> str:
        """HTTP method of the operation."""
        return ENDPOINTS[self.operation][0]

    @property
    def url(self) -> str:
        """Path of the operation, with its parameters filled in."""
        values = {name: quote(str(value), safe="") for name, value in self.path.items()}
        return ENDPOINTS[self.operation][1].format(**values)

    def with_header(self, name: str, value: str) -> Request:
        """Return the same request with one more header."""
        return replace(self, headers={**self.headers, name: value})


def given(**values: Any) -> dict[str, Any]:
    """Return the query parameters that are not None; times in ISO 8601, flags as 0 or 1."""
    return {name: _text(value) for name, value in without_none(values).items()}


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not None."""
    return {name: value for name, value in values.items() if value is not None}


def iso_time(value: datetime) -> str:
    """Return a time as the API expects it; a time without a zone is local."""
    utc = value.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return iso_time(value) if isinstance(value, datetime) else value
