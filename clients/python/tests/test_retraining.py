"""Retrainings and experiments of a classifier of two versions, and a data set of its name."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from recording import FaultyTransport
from vidette import ConflictError, NotFoundError, Vidette
from vidette.types import Experiment, Retraining

CLASSIFIER = os.environ["VIDETTE_TEST_CLASSIFIER"]


def test_too_few_new_images_train_nothing(client: Vidette) -> None:
    seen: list[Retraining] = []
    with pytest.raises(NotFoundError, match=r"retrainings\.start"):
        client.retrainings.get(CLASSIFIER)
    started = client.retrainings.start(
        CLASSIFIER, min_new=1000, params={"steps": 10}, limits={"seconds": 60}, decide="rule"
    )
    assert (started.model, started.started) == (CLASSIFIER, True)
    done = client.retrainings.wait(CLASSIFIER, timeout=120, on_progress=seen.append)
    assert (done.status, done.outcome, done.stage) == ("ready", "not-enough", "done")
    assert done.new_images is not None
    assert (done.new_images.count < 1000, done.new_images.required) == (True, 1000)
    assert done.dataset is not None
    assert (done.dataset.name, done.dataset.version) == (CLASSIFIER, 1)
    assert seen[-1] == done
    assert list(client.retrainings.list(model=CLASSIFIER)) == [done]
    assert done in client.retrainings.list(dataset=f"{CLASSIFIER}@1")
    with pytest.raises(ConflictError):
        client.retrainings.decide(CLASSIFIER, promote=True, reason="from Python")


@pytest.fixture(scope="module")
def serving() -> Iterator[Vidette]:
    """Connect to an API that predicts with the first version of the classifier."""
    url = os.environ["VIDETTE_TEST_CLASSIFIER_URL"]
    with Vidette(url, transport=FaultyTransport()) as vidette:
        yield vidette


@pytest.fixture(scope="module")
def experiment(serving: Vidette) -> Experiment:
    return serving.experiments.start(CLASSIFIER, 2, champion=1, mode="shadow", share=0.5)


def test_an_experiment_is_read(serving: Vidette, experiment: Experiment) -> None:
    arms = experiment.arms
    assert (arms.champion.model.version, arms.challenger.model.version) == (1, 2)
    assert (experiment.status, experiment.arms.challenger.share) == ("running", 0.5)
    details = serving.experiments.get(experiment.experiment_id)
    assert (details.report.evidence.decided, details.report.classes) == (False, ())
    assert details.report.arms.champion.accuracy["low"] >= 0
    listed = serving.experiments.list(page_size=1)
    assert experiment.experiment_id in {one.experiment_id for one in listed}
    with pytest.raises(ConflictError):
        serving.experiments.start(CLASSIFIER, 2)


def test_an_experiment_is_stopped_and_decided(serving: Vidette, experiment: Experiment) -> None:
    stopped = serving.experiments.stop(experiment.experiment_id)
    assert (stopped.status, stopped.decision) == ("stopped", None)
    decided = serving.experiments.decide(
        experiment.experiment_id, promote=False, reason="from Python"
    )
    assert decided.status == "decided"
    assert decided.decision is not None
    assert (decided.decision.promote, decided.decision.reason) == (False, "from Python")
    with pytest.raises(NotFoundError, match=r"experiments\.list"):
        serving.experiments.get("nowhere")
