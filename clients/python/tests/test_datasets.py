from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zipfile import ZipFile

import pytest

from conftest import new_id
from vidette import InvalidRequestError, NotFoundError, Vidette

DETECTOR = f"{os.environ['VIDETTE_TEST_DETECTOR']}@1"
CLASS = "python-client-trout"


@pytest.fixture(scope="module")
def name(client: Vidette, clip: Path) -> str:
    """Correct two frames of a job; return the name of their data set."""
    job = client.jobs.submit(clip, event_id=new_id("corrected"), model=DETECTOR, every=10)
    client.jobs.wait(job.event_id, timeout=120)
    for frame in (0, 10):
        box = (10.5, 20.0, 30.25, 40.0)
        client.jobs.feedback(job.event_id, frame, [{"class": CLASS, "box": box}])
    return new_id("dataset")


def test_a_version_is_built_once(client: Vidette, name: str) -> None:
    since = datetime.now(timezone.utc) - timedelta(days=1)
    built = client.datasets.build(name, task="detect", model=DETECTOR, since=since)
    assert (built.name, built.version, built.created) == (name, 1, True)
    assert built.labels == (CLASS,)
    counts = [built.counts.train, built.counts.val, built.counts.test]
    assert sum(part.classes.get(CLASS, 0) for part in counts) == 2
    assert built.made_from.filters["model"] == DETECTOR
    again = client.datasets.build(name)
    assert (again.version, again.created) == (1, False)
    assert client.datasets.get(name).sha256 == built.sha256
    assert [found.version for found in client.datasets.list(name)] == [1]
    assert name in {found.name for found in client.datasets.list()}
    with pytest.raises(InvalidRequestError):
        client.datasets.build(name, task="classify")
    with pytest.raises(NotFoundError, match=r"datasets\.build"):
        client.datasets.get(new_id("nowhere"))


def test_an_export_is_imported(client: Vidette, name: str, tmp_path: Path) -> None:
    path = client.datasets.export(f"{name}@1", tmp_path / "export.zip", "coco")
    with ZipFile(path) as exported:
        files = [file for file in exported.namelist() if file.endswith(".json")]
        annotated = [json.loads(exported.read(file)) for file in files]
    classes = {category["name"] for file in annotated for category in file["categories"]}
    assert classes == {CLASS}
    images = sum(len(file["images"]) for file in annotated)
    outcome = client.datasets.import_zip(name, path)
    assert (outcome.imported + outcome.unchanged, outcome.skipped) == (images, 0)
    assert not list(tmp_path.glob("*.partial"))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"not a zip")
    with pytest.raises(InvalidRequestError):
        client.datasets.import_zip(name, broken)
