"""Alerts of jobs and cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

from .zones import Point


class AlertWebhook(TypedDict):
    """Channel that posts a signed message to a URL."""

    kind: Literal["webhook"]
    url: str


class AlertTopic(TypedDict):
    """Channel that publishes to a topic of the ntfy server of the API."""

    kind: Literal["ntfy"]
    topic: str


class AlertEmail(TypedDict):
    """Channel that sends an e-mail by the mail server of the API."""

    kind: Literal["email"]
    to: str


AlertChannel = AlertWebhook | AlertTopic | AlertEmail


class AlertZone(TypedDict):
    """Polygon in which objects count; `points` are its corners in order."""

    name: str
    points: Sequence[Point]


class _NamedRule(TypedDict):
    name: str
    channels: Sequence[AlertChannel]


class AlertRule(_NamedRule, total=False):
    """Rule that makes alerts; `hours` is `{"from": "22:00", "to": "06:00"}` in UTC.

    alerts.md has the meanings and defaults of its members.
    """

    classes: Sequence[str]
    conf: float
    zone: AlertZone
    count: int
    duration_s: float
    quiet_s: float
    hours: dict[str, str]
    cooldown_s: float


@dataclass(frozen=True)
class AlertAttempt:
    """Attempt to deliver an alert; `reason` is why it failed."""

    at: datetime
    state: Literal["sent", "failed"]
    reason: str | None


@dataclass(frozen=True)
class AlertDelivery:
    """Delivery to one channel; one that has failed may still be tried again."""

    channel: Literal["webhook", "ntfy", "email"]
    to: str
    state: Literal["due", "sending", "sent", "failed"]
    attempts: tuple[AlertAttempt, ...]


@dataclass(frozen=True)
class Alert:
    """Alert that was sent, or suppressed by the cool-down or the hours of its rule.

    `started_ms` and `at_ms`: when the objects were first seen, and when the rule was met, in
    milliseconds from the start of the video. `event_id` is None for a camera, `scenario_uuid` for a
    job, and both for a test.
    """

    alert_id: str
    created_at: datetime
    status: Literal["sending", "sent", "failed", "suppressed"]
    event_id: str | None
    video_id: str | None
    scenario_uuid: str | None
    test: bool
    rule: str
    zone: str | None
    frame: int
    started_ms: float
    at_ms: float
    classes: tuple[str, ...]
    confidence: float
    objects: int
    suppressed: Literal["cool_down", "hours"] | None
    snapshot: bool
    link: str | None
    deliveries: tuple[AlertDelivery, ...]
