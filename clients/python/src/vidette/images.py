"""Predictions on single images."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, Literal

from .api import Api
from .decode import decode
from .errors import ProblemError, problem_of
from .modes import M, Resource, operation
from .request import Request, given, without_none
from .sources import ImageSource, is_url, read_image
from .types import Box, DetectedObject, Detection, FeedbackObject, Prediction

BATCH_MAX = 32
"""Images in one request of `/predict/batch`."""


class Images(Resource[M]):
    """Operations on images; a source is a path, a URL, bytes or a file object."""

    @operation
    async def predict(
        self,
        image: ImageSource,
        *,
        model: str | None = None,
        conf: float | None = None,
        iou: float | None = None,
        max_det: int | None = None,
        subject: str | None = None,
    ) -> Prediction:
        """Predict the class of an image. A URL is fetched by this machine, not by the API.

        `subject` keeps a user in one arm of an experiment. Raises UnprocessableError if the file is
        not an image.
        """
        file = await read_image(self._api, image)
        query = given(model=model, conf=conf, iou=iou, max_det=max_det)
        request = Request(
            "predictImage", query=query, headers=_subject(subject), files=[file], repeatable=False
        )
        return await self._api.call(request, Prediction)

    @operation
    async def predict_many(
        self,
        images: Sequence[ImageSource],
        *,
        model: str | None = None,
        conf: float | None = None,
    ) -> tuple[Prediction | ProblemError, ...]:
        """Predict the classes of images, 32 in one request, in their order.

        An image that failed has its error in the result; it is not raised.
        """
        outcomes: list[Prediction | ProblemError] = []
        remaining = iter(images)
        while chunk := list(islice(remaining, BATCH_MAX)):
            outcomes += await _predict_chunk(self._api, chunk, given(model=model, conf=conf))
        return tuple(outcomes)

    @operation
    async def detect(
        self,
        image: ImageSource,
        *,
        model: str | None = None,
        conf: float | None = None,
        iou: float | None = None,
        max_det: int | None = None,
    ) -> Detection:
        """Detect the objects of an image. A URL is fetched by the API."""
        query = given(model=model, conf=conf, iou=iou, max_det=max_det)
        request = await _image_request(self._api, "detectImage", image, query, {})
        body = json.loads(await self._api.read(request))
        objects = tuple(decode(DetectedObject, found) for found in body["prediction"]["objects"])
        return Detection(body["prediction_id"], objects)

    @operation
    async def process(
        self,
        image: ImageSource,
        mode: Literal["crop", "blur", "both"] = "crop",
        *,
        model: str | None = None,
        conf: float | None = None,
    ) -> tuple[bytes, ...]:
        """Return PNGs that show the main object of an image; two for `both`, the crop first.

        A URL is fetched by the API. Raises ObjectNotFoundError.
        """
        query = given(model=model, conf=conf)
        request = await _image_request(self._api, "processImage", image, query, {"mode": mode})
        body = json.loads(await self._api.read(request))
        return tuple(base64.b64decode(png) for png in body["result"])

    @operation
    async def feedback(
        self,
        prediction: Prediction | Detection | str,
        *,
        class_name: str | None = None,
        box: Box | None = None,
        objects: Sequence[FeedbackObject] | None = None,
        comment: str | None = None,
    ) -> None:
        """Correct a prediction: its class, the box of its object, or all objects."""
        values = {
            "prediction_id": getattr(prediction, "prediction_id", prediction),
            "class": class_name,
            "box": box,
            "objects": objects,
            "comment": comment,
        }
        await self._api.read(Request("addFeedback", json=without_none(values)))


def _subject(subject: str | None) -> dict[str, str]:
    return {} if subject is None else {"X-Vidette-Subject": subject}


async def _image_request(
    api: Api, name: str, image: ImageSource, query: dict[str, Any], fields: dict[str, str]
) -> Request:
    if is_url(image):
        return Request(name, query=query, json={"url": image, **fields}, repeatable=False)
    file = await read_image(api, image)
    return Request(name, query=query, form=fields, files=[file], repeatable=False)


async def _predict_chunk(
    api: Api, images: Sequence[ImageSource], query: dict[str, Any]
) -> list[Prediction | ProblemError]:
    files = [await read_image(api, image) for image in images]
    # All images of a request failed if its status is 422; their problems are in the body.
    request = Request(
        "predictImages", query=query, files=files, repeatable=False, expected=frozenset({422})
    )
    body = json.loads(await api.read(request))
    if "predictions" not in body:
        raise problem_of(body)
    return [
        decode(Prediction, item) if "prediction_id" in item else problem_of(item)
        for item in body["predictions"]
    ]
