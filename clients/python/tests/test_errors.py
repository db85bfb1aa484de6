"""Errors and retries, without a server."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from vidette import (
    ConflictError,
    ConnectionFailedError,
    ConnectionLostError,
    TooManyRequestsError,
    UnexpectedResponseError,
    Vidette,
    VidetteError,
)
from vidette.retries import BACK_OFF_S

HEALTH = {"status": "healthy", "model_loaded": True, "result": True}
INFO = {"model_name": "m", "version": 1, "classes": []}


def problem(status: int, kind: str, retry_after: str | None = None) -> httpx.Response:
    members = {
        "type": f"/problems/{kind}",
        "title": "Title.",
        "status": status,
        "detail": "Detail.",
        "request_id": "r-1",
    }
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return httpx.Response(status, json=members, headers=headers)


def client_of(handler: Callable[[httpx.Request], httpx.Response], retries: int = 4) -> Vidette:
    return Vidette("http://vidette.test", transport=httpx.MockTransport(handler), retries=retries)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("vidette.transport.time.sleep", slept.append)
    return slept


class Answers:
    """Answers requests one after another, by a response or an error."""

    def __init__(self, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("broken", request=request)


def test_a_problem_has_its_members() -> None:
    answers = Answers(problem(409, "scenario-exists"))
    with client_of(answers) as client, pytest.raises(ConflictError) as raised:
        client.streams.deploy(camera_id="gate")
    error = raised.value
    assert (error.code, error.status, error.request_id) == ("scenario-exists", 409, "r-1")
    assert error.detail == "Detail."
    assert error.advice is not None
    assert error.advice in str(error)
    assert isinstance(error, VidetteError)


def test_retry_after_is_waited_for(waits: list[float]) -> None:
    busy = problem(429, "too-many-requests", "7")
    answers = Answers(busy, problem(503, "not-ready", "2"), httpx.Response(200, json=INFO))
    assert client_of(answers).model_info().model_name == "m"
    assert waits == [7.0, 2.0]


def test_retries_back_off_and_end(waits: list[float]) -> None:
    answers = Answers(*[problem(429, "too-many-requests") for _ in range(4)])
    with pytest.raises(TooManyRequestsError):
        client_of(answers, retries=3).model_info()
    first, longest = BACK_OFF_S
    assert len(waits) == 3
    for attempt, wait in enumerate(waits):
        assert first * 2**attempt / 2 <= wait <= min(longest, first * 2**attempt)


def test_a_lost_response_is_requested_again_only_if_that_is_harmless(waits: list[float]) -> None:
    answers = Answers(httpx.ReadError, httpx.Response(200, json=INFO))
    client_of(answers).model_info()
    assert len(answers.requests) == 2
    lost = Answers(httpx.ReadError)
    with pytest.raises(ConnectionLostError):
        client_of(lost).predict(b"image")
    assert len(lost.requests) == 1
    assert len(waits) == 1


def test_a_refused_connection_is_retried_and_named(waits: list[float]) -> None:
    answers = Answers(*[httpx.ConnectError] * 3)
    with pytest.raises(ConnectionFailedError, match=r"http://vidette\.test.*VIDETTE_URL"):
        client_of(answers, retries=2).predict(b"image")
    assert len(waits) == 2


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"model_name": "m"}),
        httpx.Response(502, text="Bad gateway"),
    ],
)
def test_responses_of_other_servers_are_reported(response: httpx.Response) -> None:
    with pytest.raises(UnexpectedResponseError, match="Check the URL"):
        client_of(Answers(response)).model_info()


def test_an_unhealthy_api_is_a_response() -> None:
    unhealthy = httpx.Response(503, json={**HEALTH, "status": "unhealthy"})
    assert client_of(Answers(unhealthy)).health().status == "unhealthy"


def test_url_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDETTE_URL", "http://elsewhere.test/below/")
    monkeypatch.setenv("VIDETTE_API_KEY", "k-1")
    answers = Answers(httpx.Response(200, json=INFO), httpx.Response(200, json=INFO))
    transport = httpx.MockTransport(answers)
    Vidette(transport=transport).model_info()
    Vidette("http://vidette.test", api_key="k-2", transport=transport).model_info()
    first, second = answers.requests
    assert str(first.url) == "http://elsewhere.test/below/model_info"
    assert first.headers["authorization"] == "Bearer k-1"
    assert second.headers["authorization"] == "Bearer k-2"


def test_a_url_without_a_scheme_is_rejected() -> None:
    with pytest.raises(ValueError, match="must begin with http"):
        Vidette("vidette.test:8080")


def test_a_video_is_needed_once() -> None:
    with pytest.raises(TypeError, match="either a video"):
        client_of(Answers()).jobs.submit("a.mp4", video_id="a")
