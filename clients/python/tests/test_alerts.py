"""Alerts of a job of the model `mock`, by a webhook on loopback."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import new_id
from vidette import NotFoundError, Vidette
from vidette.types import AlertRule, AlertWebhook

DETECTOR = f"{os.environ['VIDETTE_TEST_DETECTOR']}@1"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def webhook() -> Iterator[AlertWebhook]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"kind": "webhook", "url": f"http://127.0.0.1:{server.server_address[1]}/alerts"}
    server.shutdown()
    server.server_close()


def test_alerts_of_a_job_are_listed(client: Vidette, clip: Path, webhook: AlertWebhook) -> None:
    rule: AlertRule = {"name": "large", "classes": ["mock-large"], "channels": [webhook]}
    job = client.jobs.submit(clip, event_id=new_id("alerts"), model=DETECTOR, alerts=[rule])
    client.jobs.wait(job.event_id, timeout=120)
    [alert] = client.alerts.list(job=job.event_id, rule="large", page_size=1)
    assert (alert.rule, alert.classes, alert.confidence) == ("large", ("mock-large",), 0.875)
    assert (alert.event_id, alert.scenario_uuid, alert.test) == (job.event_id, None, False)
    assert alert.snapshot
    assert client.alerts.snapshot(alert.alert_id)[:2] == b"\xff\xd8"
    assert list(client.alerts.list(job=job.event_id, rule="other")) == []
    client.jobs.delete(job.event_id)


def test_a_channel_is_tested(client: Vidette, webhook: AlertWebhook) -> None:
    alert = client.alerts.test(webhook)
    [delivery] = alert.deliveries
    assert (alert.test, alert.status, delivery.channel) == (True, "sent", "webhook")
    assert [attempt.state for attempt in delivery.attempts] == ["sent"]
    with pytest.raises(NotFoundError, match="no frame"):
        client.alerts.snapshot(alert.alert_id)
