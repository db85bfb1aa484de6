"""Operations of the API that this package calls, by the `operationId` of its OpenAPI document."""

from __future__ import annotations

from typing import Final

_JOBS = "/api/v1/jobs"
_JOB = f"{_JOBS}/{{event_id}}"
_VIDEOS = "/api/v1/videos"
_UPLOADS = f"{_VIDEOS}/uploads"
_ZONE_SETS = f"{_VIDEOS}/{{video_id}}/zones"
_ALERTS = "/api/v1/alerts"
_DATASETS = "/api/v1/datasets"
_DATASET = f"{_DATASETS}/{{name}}"
_DATASET_VERSION = f"{_DATASETS}/{{spec}}"
_BATCHES = "/api/v1/batches"
_BATCH = f"{_BATCHES}/{{batch_id}}"
_RETRAIN = "/api/v1/models/{name}/retrain"
_EXPERIMENTS = "/api/v1/experiments"
_EXPERIMENT = f"{_EXPERIMENTS}/{{experiment_id}}"
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
    "listZoneSets": ("GET", _ZONE_SETS),
    "getZoneSet": ("GET", f"{_ZONE_SETS}/{{name}}"),
    "putZoneSet": ("PUT", f"{_ZONE_SETS}/{{name}}"),
    "deleteZoneSet": ("DELETE", f"{_ZONE_SETS}/{{name}}"),
    "findSightings": ("GET", "/api/v1/sightings"),
    "submitJob": ("POST", _JOBS),
    "listJobs": ("GET", _JOBS),
    "getJob": ("GET", _JOB),
    "cancelJob": ("DELETE", _JOB),
    "rerunJob": ("POST", f"{_JOB}/rerun"),
    "deriveJob": ("POST", f"{_JOB}/derive"),
    "reportZones": ("POST", f"{_JOB}/zones"),
    "reportStoredZones": ("GET", f"{_JOB}/zones"),
    "getClip": ("GET", f"{_JOB}/clip"),
    "streamJobProgress": ("GET", f"{_JOB}/events"),
    "streamJobFrames": ("GET", f"{_JOB}/predictions"),
    "getResult": ("GET", f"{_JOB}/result"),
    "getSummary": ("GET", f"{_JOB}/summary"),
    "exportJob": ("GET", f"{_JOB}/export"),
    "getFrame": ("GET", f"{_JOB}/frames/{{frame}}.jpg"),
    "getAnnotatedFrame": ("GET", f"{_JOB}/frames/{{frame}}/annotated.jpg"),
    "listDatasets": ("GET", _DATASETS),
    "buildDataset": ("POST", _DATASET),
    "getDataset": ("GET", _DATASET_VERSION),
    "exportDataset": ("GET", f"{_DATASET_VERSION}/export"),
    "importDataset": ("POST", f"{_DATASET}/import"),
    "listImageBatches": ("GET", _BATCHES),
    "startImageBatch": ("POST", _BATCHES),
    "getImageBatch": ("GET", _BATCH),
    "streamImageBatch": ("GET", f"{_BATCH}/events"),
    "getImageTable": ("GET", f"{_BATCH}/table"),
    "cancelImageBatch": ("POST", f"{_BATCH}/cancel"),
    "deleteImageBatch": ("DELETE", _BATCH),
    "startRetraining": ("POST", _RETRAIN),
    "getRetraining": ("GET", _RETRAIN),
    "listRetrainings": ("GET", "/api/v1/retrainings"),
    "decideRetraining": ("POST", f"{_RETRAIN}/decision"),
    "listExperiments": ("GET", _EXPERIMENTS),
    "startExperiment": ("POST", _EXPERIMENTS),
    "getExperiment": ("GET", _EXPERIMENT),
    "stopExperiment": ("POST", f"{_EXPERIMENT}/stop"),
    "decideExperiment": ("POST", f"{_EXPERIMENT}/decision"),
    "listAlerts": ("GET", _ALERTS),
    "getAlertSnapshot": ("GET", f"{_ALERTS}/{{alert_id}}/snapshot.jpg"),
    "testAlertChannel": ("POST", f"{_ALERTS}/test"),
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
    "countStreamPassages": ("GET", f"{_STREAM}/zones"),
}
