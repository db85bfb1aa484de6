"""What the tests before this file sent, and what the package declares, against /openapi.json."""

from __future__ import annotations

import dataclasses
import os
from typing import Any, get_type_hints

import httpx
import pytest

import vidette.types as shapes
from recording import RECORDED
from vidette.decode import decode
from vidette.endpoints import ENDPOINTS
from vidette.request import Request

SHAPES = {
    "Health": shapes.Health,
    "ModelInfo": shapes.ModelInfo,
    "Model": shapes.Model,
    "ModelRef": shapes.ModelRef,
    "Prediction": shapes.Prediction,
    "DetectedObject": shapes.DetectedObject,
    "RowObject": shapes.RowObject,
    "UploadedVideo": shapes.UploadedVideo,
    "Video": shapes.Video,
    "DetectedVideo": shapes.DetectedVideo,
    "Sighting": shapes.Sighting,
    "Track": shapes.Track,
    "ZoneReport": shapes.ZoneReport,
    "ZoneEntry": shapes.ZoneEntry,
    "ZoneExit": shapes.ZoneExit,
    "LineCrossing": shapes.LineCrossing,
    "ZoneCounts": shapes.ZoneCounts,
    "ZoneTotals": shapes.ZoneTotals,
    "ZoneSet": shapes.ZoneSet,
    "ZoneSets": shapes.ZoneSets,
    "Alert": shapes.Alert,
    "AlertDelivery": shapes.AlertDelivery,
    "AlertAttempt": shapes.AlertAttempt,
    "SubmittedJob": shapes.SubmittedJob,
    "Job": shapes.Job,
    "JobDetails": shapes.JobDetails,
    "JobProgress": shapes.JobProgress,
    "JobCounts": shapes.JobCounts,
    "JobError": shapes.JobError,
    "Deletion": shapes.Deletion,
    "ListedDataset": shapes.ListedDataset,
    "Dataset": shapes.Dataset,
    "BuiltDataset": shapes.BuiltDataset,
    "DatasetSplits": shapes.DatasetSplits,
    "DatasetCounts": shapes.DatasetCounts,
    "DatasetLeftOut": shapes.DatasetLeftOut,
    "DatasetOrigin": shapes.DatasetOrigin,
    "DatasetVersion": shapes.DatasetVersion,
    "DatasetImport": shapes.DatasetImport,
    "SkippedImage": shapes.SkippedImage,
    "StartedImageBatch": shapes.StartedImageBatch,
    "ImageBatch": shapes.ImageBatch,
    "ImageTable": shapes.ImageTable,
    "DeletedImageBatch": shapes.DeletedImageBatch,
    "StartedRetraining": shapes.StartedRetraining,
    "Retraining": shapes.Retraining,
    "RetrainComparison": shapes.RetrainComparison,
    "RetrainScore": shapes.RetrainScore,
    "RetrainedModel": shapes.RetrainedModel,
    "TrainingStep": shapes.TrainingStep,
    "Experiment": shapes.Experiment,
    "ExperimentDetails": shapes.ExperimentDetails,
    "ExperimentArms": shapes.ExperimentArms,
    "ExperimentArm": shapes.ExperimentArm,
    "ExperimentCounts": shapes.ExperimentCounts,
    "ExperimentArmCounts": shapes.ExperimentArmCounts,
    "ExperimentDecision": shapes.ExperimentDecision,
    "ExperimentReport": shapes.ExperimentReport,
    "ExperimentEvidence": shapes.ExperimentEvidence,
    "ExperimentArmFigures": shapes.ExperimentArmFigures,
    "ExperimentFigures": shapes.ExperimentFigures,
    "ExperimentClass": shapes.ExperimentClass,
    "ExperimentAnswers": shapes.ExperimentAnswers,
    "ResultSummary": shapes.ResultSummary,
    "DetectionResult": shapes.DetectionResult,
    "Frame": shapes.Frame,
    "SkippedFrame": shapes.SkippedFrame,
    "DeployedStream": shapes.DeployedStream,
    "Stream": shapes.Stream,
    "StreamRow": shapes.StreamRow,
    "StreamDetection": shapes.StreamDetection,
    "StreamGap": shapes.StreamGap,
    "Gap": shapes.Gap,
    "StreamAccount": shapes.StreamAccount,
    "StreamEvent": shapes.StreamEvent,
}
OPTIONS = {
    "JobRequest": (shapes.JobOptions, {"video_id", "url", "force"}),
    "RerunOptions": (shapes.DetectionOptions, {"event_id"}),
    "DeriveOptions": (shapes.DeriveOptions, {"event_id"}),
    "Zone": (shapes.Zone, set()),
    "AlertRule": (shapes.AlertRule, set()),
    "AlertZone": (shapes.AlertZone, set()),
    "Line": (shapes.Line, set()),
    "ScenarioRequest": (shapes.ScenarioOptions, {"scenario_uuid", "camera_url", "camera_id"}),
    "Preprocess": (shapes.Preprocess, set()),
    "RecordInput": (shapes.Record, set()),
    "NotifyRuleInput": (shapes.NotifyRule, set()),
    "DatasetBuild": (shapes.DatasetBuild, set()),
    "ImageBatchRequest": (shapes.ImageBatchOptions, {"bucket", "model"}),
    "RetrainOptions": (shapes.RetrainOptions, set()),
    "RetrainLimits": (shapes.RetrainLimits, set()),
    "RetrainGate": (shapes.RetrainGate, set()),
    "ExperimentRequest": (shapes.ExperimentOptions, {"model", "challenger"}),
    "ObjectCorrection": (shapes.FeedbackObject, set()),
}


WITHOUT_METHOD = {
    "served to the page, which draws or signs in": {
        *("createSession", "getSession", "deleteSession", "getSystem", "getStreamTimeline"),
        *("getJobVideo", "getLatestImage", "getLiveImages", "getLiveVideo"),
        *("cancelAnnotatedVideo", "cancelPreview"),
        *("getLiveFrames", "getSprite", "getSpriteSheet", "cancelClip"),
    },
    "read by probes, Prometheus, older callers and readers of problems": {
        *("getLiveness", "getReadiness", "getMetrics", "listProblemKinds", "getProblemKind"),
        *("getService", "getServiceBelowApi"),
    },
    "used from the command line, the SDK or the page": {
        *("startVideoBatch", "listVideoBatches", "getVideoBatch", "getVideoBatchCsv"),
        *("cancelVideoBatch", "retryVideoBatch"),
        *("startRescoring", "listRescorings", "getRescoring", "listRescoreCases"),
        *("cancelRescoring", "deleteRescoring"),
        *("diffJobs", "getDiffVideo", "cancelDiffVideo"),
        *("listModelAliases", "setModelAlias", "promoteModel", "rollBackModel"),
        *("listModelHistory", "getModelLineage", "findUses"),
        *("listPredictions", "listFrameFeedback", "listReviews", "getKeptImage", "eraseImage"),
        *("listCameras", "addCamera", "removeCamera", "testCamera"),
        *("getEventClip", "getEventSnapshot"),
    },
}
"""Operations without a method, by the reason."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = httpx.get(f"{os.environ['VIDETTE_URL']}/openapi.json").json()
    return loaded


@pytest.mark.parametrize("operation", ENDPOINTS)
def test_operations_are_described_and_called(document: dict[str, Any], operation: str) -> None:
    method, path = ENDPOINTS[operation]
    assert document["paths"][path][method.lower()]["operationId"] == operation
    sent = [request for request in RECORDED if request.operation == operation]
    assert sent, "no test has called this operation"
    for request in sent:
        check_request(document, request)


def test_operations_without_a_method_are_listed(document: dict[str, Any]) -> None:
    described = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    excepted = set().union(*WITHOUT_METHOD.values())
    assert not excepted & ENDPOINTS.keys(), "these have a method"
    assert described == ENDPOINTS.keys() | excepted, "add a method, or the reason for its absence"


def test_events_of_zones_are_told_apart(document: dict[str, Any]) -> None:
    events = document["components"]["schemas"]["ZoneReport"]["properties"]["events"]
    [example] = events["examples"]
    report = decode(shapes.ZoneReport, {"events": example, "minutes": [], "totals": []})
    assert [type(event) for event in report.events] == [shapes.LineCrossing]


def check_request(document: dict[str, Any], request: Request) -> None:
    described = document["paths"][ENDPOINTS[request.operation][1]][request.method.lower()]
    parameters = {(one["in"], one["name"]) for one in described.get("parameters", [])}
    used = {("path", name) for name in request.path}
    used |= {("query", name) for name in request.query}
    used |= {("header", name.lower()) for name in request.headers}
    # All streams of events accept the media type; some have no other one.
    used.discard(("header", "accept"))
    assert used <= parameters, request
    if request.json is not None:
        assert set(request.json) <= members_of(document, described, "application/json"), request
    fields = {*(request.form or {}), *(name for name, _ in request.files or [])}
    if fields:
        assert fields <= members_of(document, described, "multipart/form-data"), request


def members_of(document: dict[str, Any], described: dict[str, Any], media: str) -> set[str]:
    schema = described["requestBody"]["content"][media]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return set(schema["properties"])


@pytest.mark.parametrize("name", SHAPES)
def test_members_of_responses_are_described(document: dict[str, Any], name: str) -> None:
    schema = document["components"]["schemas"][name]
    for field in dataclasses.fields(SHAPES[name]):
        member = field.metadata.get("json", field.name)
        assert member in schema["properties"]
        if field.default is dataclasses.MISSING:
            assert member in schema["required"]


@pytest.mark.parametrize("name", OPTIONS)
def test_options_are_complete(document: dict[str, Any], name: str) -> None:
    kind, arguments = OPTIONS[name]
    described = set(document["components"]["schemas"][name]["properties"])
    assert set(get_type_hints(kind)) == described - arguments
