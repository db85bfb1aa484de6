from __future__ import annotations

import io
from pathlib import Path

import pytest

from vidette import (
    NotFoundError,
    ObjectNotFoundError,
    ProblemError,
    UnprocessableError,
    Vidette,
)
from vidette.sources import ImageSource
from vidette.types import Prediction

PNG = b"\x89PNG"
LARGE, SMALL = "mock-large", "mock-small"


def test_the_api_is_healthy_and_names_its_model(client: Vidette) -> None:
    assert client.health().status == "healthy"
    assert LARGE in client.model_info().classes
    models = list(client.models.list(page_size=1))
    assert len(models) > 1
    assert sum(model.is_default for model in models) == 1


def test_images_are_paths_bytes_files_and_urls(
    client: Vidette, image: Path, files_url: str
) -> None:
    content = image.read_bytes()
    with image.open("rb") as file:
        sources: list[ImageSource] = [
            image,
            str(image),
            content,
            io.BytesIO(content),
            file,
            f"{files_url}/image.png",
        ]
        predictions = [client.predict(source) for source in sources]
    assert {prediction.class_name for prediction in predictions} == {LARGE}
    assert predictions[0].all_predictions == {LARGE: 0.875, SMALL: 0.5}
    assert len({prediction.prediction_id for prediction in predictions}) == len(sources)


@pytest.mark.parametrize("by_url", [False, True])
def test_objects_are_detected(client: Vidette, image: Path, files_url: str, by_url: bool) -> None:
    detection = client.detect(f"{files_url}/image.png" if by_url else image, conf=0.4)
    found = [(one.class_name, one.box, one.conf) for one in detection.objects]
    assert found == [(LARGE, (32, 24, 96, 72), 0.875), (SMALL, (80, 12, 112, 36), 0.5)]


def test_the_main_object_is_shown(client: Vidette, image: Path, files_url: str) -> None:
    for source in (image, f"{files_url}/image.png"):
        crop, blur = client.process(source, "both")
        assert crop.startswith(PNG)
        assert blur.startswith(PNG)
        assert client.process(source)[0] == crop
    with pytest.raises(ObjectNotFoundError):
        client.process(image, conf=0.99)


def test_many_images_are_predicted_in_their_order(client: Vidette, image: Path) -> None:
    outcomes = client.predict_many([image] * 33 + [b"not an image"])
    assert [type(outcome) for outcome in outcomes[:33]] == [Prediction] * 33
    assert isinstance(outcomes[33], UnprocessableError)
    assert isinstance(client.predict_many([b"not an image"])[0], ProblemError)
    with pytest.raises(NotFoundError):
        client.predict_many([image], model="nowhere")


def test_predictions_are_corrected(client: Vidette, image: Path) -> None:
    prediction = client.predict(image, subject="python-client")
    client.feedback(prediction, class_name=SMALL, comment="from Python")
    client.feedback(client.detect(image), objects=[{"class": SMALL, "box": (1, 2, 3, 4)}])
    with pytest.raises(NotFoundError):
        client.feedback("0" * 24, class_name=SMALL)


def test_errors_name_the_image(client: Vidette) -> None:
    with pytest.raises(UnprocessableError) as raised:
        client.predict(b"not an image")
    assert raised.value.code == "bad-image"
    assert raised.value.request_id != ""
    with pytest.raises(TypeError, match="as text"):
        client.predict(io.StringIO("text"))  # type: ignore[arg-type]
