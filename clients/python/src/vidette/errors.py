"""Errors of this package: each is a `VidetteError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .types.batches import ImageBatch
    from .types.jobs import JobDetails
    from .types.retraining import Retraining


class VidetteError(Exception):
    """Base of all errors of this package."""


class ConnectionFailedError(VidetteError):
    """No connection to the API, or to the object store of an upload; nothing was sent."""


class ConnectionLostError(VidetteError):
    """The connection ended before the response was complete."""


class RequestTimeoutError(VidetteError, TimeoutError):
    """A request took longer than the `timeout` of the client."""


class WaitTimeoutError(VidetteError, TimeoutError):
    """Something did not end within the `timeout` of `wait`; it continues."""


class UnexpectedResponseError(VidetteError):
    """A response does not match the description of the API: the URL may be of another server."""


class UploadInterruptedError(VidetteError):
    """An upload in parts ended early; `upload_id` resumes it within a day."""

    def __init__(self, message: str, upload_id: str) -> None:
        """Store the id of the upload."""
        super().__init__(message)
        self.upload_id = upload_id


class JobFailedError(VidetteError):
    """A job that was waited for failed or was cancelled; `job` has its state."""

    def __init__(self, job: JobDetails) -> None:
        """Describe the reason of a job that has ended."""
        reason = f": {job.error.message} ({job.error.code})" if job.error else "."
        super().__init__(f"Job {job.event_id} is {job.status}{reason}")
        self.job = job


class BatchFailedError(VidetteError):
    """A batch of images that was waited for failed or was cancelled; `batch` has its state."""

    def __init__(self, batch: ImageBatch) -> None:
        """Describe the reason of a batch that has ended."""
        super().__init__(f"Batch {batch.batch_id} is {batch.status}{_reason(batch.error)}")
        self.batch = batch


class RetrainingFailedError(VidetteError):
    """A retraining that was waited for failed or was cancelled; `retraining` has its state."""

    def __init__(self, retraining: Retraining) -> None:
        """Describe the reason of a retraining that has ended."""
        reason = _reason(retraining.error)
        super().__init__(f"The retraining of {retraining.model} is {retraining.status}{reason}")
        self.retraining = retraining


def _reason(error: str | None) -> str:
    return f": {error}" if error else "."


class ProblemError(VidetteError):
    """Error response of the API (RFC 9457).

    `code`: kind of the problem, the end of its `type`; GET /problems lists all. `detail`: what
    failed and with which input. `advice`: what to do with this package, if there is something.
    `retry_after`: seconds after which the same request can succeed.
    """

    def __init__(self, members: Mapping[str, Any], retry_after: float | None = None) -> None:
        """Read the members of a problem."""
        self.code = str(members.get("type", "about:blank")).rsplit("/", 1)[-1]
        self.title = str(members.get("title", ""))
        self.status = int(members.get("status", 0))
        self.detail = str(members.get("detail", self.title))
        self.request_id = str(members.get("request_id", ""))
        self.retry_after = retry_after
        self.advice = ADVICE.get(self.code)
        super().__init__(
            f"{self.detail}{f' {self.advice}' if self.advice else ''}"
            f" ({self.code}, status {self.status}, request {self.request_id})"
        )


class InvalidRequestError(ProblemError):
    """Status 400, 406 or 415: the request does not match its description."""


class UnauthorizedError(ProblemError):
    """Status 401: the API key is missing or unknown."""


class ForbiddenError(ProblemError):
    """Status 403: the API key lacks the required scope."""


class NotFoundError(ProblemError):
    """Status 404: the job, video, model, frame or scenario does not exist."""


class ConflictError(ProblemError):
    """Status 409: the current state does not allow this."""


class TooLargeError(ProblemError):
    """Status 413: the request exceeds a limit."""


class UnprocessableError(ProblemError):
    """Status 422: the file is damaged, unsupported, or nothing was found in it."""


class ObjectNotFoundError(UnprocessableError):
    """`process` found no object in the image."""


class TooManyRequestsError(ProblemError):
    """Status 429: a rate limit is exceeded."""


class UnavailableError(ProblemError):
    """Status 503: a server behind the API is unavailable, or no model is loaded."""


ADVICE = {
    "unauthorized": "Pass api_key, or set VIDETTE_API_KEY.",
    "forbidden": "Use a key with this scope: `vidette keys create NAME --scopes ...`.",
    "job-not-found": "`client.jobs.list()` lists the jobs.",
    "video-not-found": "`client.videos.upload(path)` uploads a video.",
    "model-not-found": "`client.models.list()` lists the models.",
    "batch-not-found": "`client.image_batches.list()` lists the batches of images.",
    "dataset-not-found": "`client.datasets.build(name)` builds a data set.",
    "zones-not-found": "Save zones on the page of a job, or by `vidette zone-sets put`.",
    "experiment-not-found": "`client.experiments.list()` lists the experiments.",
    "retrain-not-found": "`client.retrainings.start(model)` starts one.",
    "scenario-not-found": "`client.streams.list()` lists the scenarios.",
    "scenario-exists": "`client.streams.configure(...)` changes a running scenario.",
    "no-result": "`client.jobs.wait(event_id)` waits for the result.",
    "too-many-requests": "Pass more `retries`, or send fewer requests at a time.",
}
_BY_STATUS: dict[int, type[ProblemError]] = {
    400: InvalidRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    406: InvalidRequestError,
    409: ConflictError,
    413: TooLargeError,
    415: InvalidRequestError,
    422: UnprocessableError,
    429: TooManyRequestsError,
    503: UnavailableError,
}


def problem_of(members: Mapping[str, Any], retry_after: float | None = None) -> ProblemError:
    """Return the error of a problem, by its kind and status."""
    problem = _BY_STATUS.get(int(members.get("status", 0)), ProblemError)
    if str(members.get("type", "")).endswith("/object-not-found"):
        problem = ObjectNotFoundError
    return problem(members, retry_after)
