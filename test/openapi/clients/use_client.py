"""Imports every module of the generated client, and uses some against a description of a job."""

import importlib
import pkgutil

import vidette_client
from vidette_client import AuthenticatedClient
from vidette_client.api.jobs import get_job, list_jobs, submit_job
from vidette_client.models import JobPage, JobRequest, Problem

modules = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(vidette_client.__path__, "vidette_client.")
]

request = JobRequest(video_id="street", every=5, classes=["person"])
assert request.to_dict()["video_id"] == "street"

page = JobPage.from_dict(
    {
        "jobs": [
            {
                "event_id": "e1",
                "video_id": "street",
                "video_name": "street.mp4",
                "status": "ready",
                "parameters": None,
                "device": "cpu",
                "counts": {"frames": 10, "skipped": 0, "objects": 3},
                "model": {"name": "yolox_nano", "version": 1, "sha256": "00"},
                "workflow_id": None,
                "run_id": None,
                "started_at": "2026-05-04T09:30:00.000Z",
                "closed_at": None,
                "seconds": 1.5,
                "error": None,
                "result": None,
            }
        ],
        "next": None,
    }
)
assert page.jobs[0].model.name == "yolox_nano"
assert page.jobs[0].started_at.year == 2026
assert page.jobs[0].counts.objects == 3
assert get_job.sync and list_jobs.sync and submit_job.sync
assert Problem.from_dict and AuthenticatedClient(base_url="http://127.0.0.1", token="key")
print(len(modules))
