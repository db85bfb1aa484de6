"""Operations of the API that this package calls, by the `operationId` of its OpenAPI document."""

from __future__ import annotations

from typing import Final

_JOBS = "/api/v1/jobs"
_JOB = f"{_JOBS}/{{event_id}}"
_VIDEOS = "/api/v1/videos"
_UPLOADS = f"{_VIDEOS}/uploads"
_STREAMS = "/api/v1/streams"
_STREAM = f"{_STREAMS}/{{scenario_uuid}}"

ENDPOINTS: Final[dict[str, tuple[str, str]]] = {
    "getHealth": ("GET", "/health"),
    "getModelInfo": ("GET", "/model_info"),
    "listModels": ("GET", "/api/v1/models"),
    "predictImage": ("POST", "/predict"),
    "predictImages": ("POST", "/predict/batch"),
    "detectImage": ("POST", "/detect"),
    "processImage": ("POST", "/process"),
    "addFeedback": ("POST", "/feedback"),
    "listVideos": ("GET", _VIDEOS),
    "uploadVideo": ("POST", _VIDEOS),
    "storeSampleVideo": ("POST", f"{_VIDEOS}/sample"),
    "deleteVideo": ("DELETE", f"{_VIDEOS}/{{video_id}}"),
    "beginUpload": ("POST", _UPLOADS),
    "getUpload": ("GET", f"{_UPLOADS}/{{upload_id}}"),
    "abortUpload": ("DELETE", f"{_UPLOADS}/{{upload_id}}"),
    "completeUpload": ("POST", f"{_UPLOADS}/{{upload_id}}/complete"),
    "submitJob": ("POST", _JOBS),
    "listJobs": ("GET", _JOBS),
    "getJob": ("GET", _JOB),
    "cancelJob": ("DELETE", _JOB),
    "rerunJob": ("POST", f"{_JOB}/rerun"),
    "streamJobProgress": ("GET", f"{_JOB}/events"),
    "streamJobFrames": ("GET", f"{_JOB}/predictions"),
    "getResult": ("GET", f"{_JOB}/result"),
    "getSummary": ("GET", f"{_JOB}/summary"),
    "exportJob": ("GET", f"{_JOB}/export"),
    "getFrame": ("GET", f"{_JOB}/frames/{{frame}}.jpg"),
    "getAnnotatedFrame": ("GET", f"{_JOB}/frames/{{frame}}/annotated.jpg"),
    "listStreams": ("GET", _STREAMS),
    "deployStream": ("POST", _STREAMS),
    "getStream": ("GET", _STREAM),
    "changeStream": ("PATCH", _STREAM),
    "deleteStream": ("DELETE", _STREAM),
    "pauseStream": ("POST", f"{_STREAM}/pause"),
    "resumeStream": ("POST", f"{_STREAM}/resume"),
    "stopStream": ("POST", f"{_STREAM}/stop"),
    "streamResults": ("GET", f"{_STREAM}/results"),
    "getStreamAccount": ("GET", f"{_STREAM}/account"),
    "listStreamEvents": ("GET", f"{_STREAM}/events"),
}
