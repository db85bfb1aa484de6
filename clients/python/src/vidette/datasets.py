"""Data sets made from feedback."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .decode import decode
from .modes import M, Resource, iteration, operation
from .request import Request, given, iso_time
from .types import BuiltDataset, Dataset, DatasetFormat, DatasetImport, ListedDataset

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types import DatasetBuild


class Datasets(Resource[M]):
    """Operations on data sets; `spec` is `name` (the newest version) or `name@version`."""

    @operation
    async def build(self, name: str, **options: Unpack[DatasetBuild]) -> BuiltDataset:
        """Build a version from all feedback; the same content is the same version.

        The first version needs a `task`. `model` and `since` limit the feedback, None removes a
        limit; default: as in the version before.
        """
        body: dict[str, Any] = {**options}
        since = body.get("since")
        if isinstance(since, datetime):
            body["since"] = iso_time(since)
        request = Request("buildDataset", path={"name": name}, json=body, slow=True)
        return await self._api.call(request, BuiltDataset)

    @iteration
    async def list(self, name: str | None = None) -> AsyncGenerator[ListedDataset, None]:
        """Yield the newest version of each data set, or all versions of one, the newest first."""
        request = Request("listDatasets", query=given(name=name))
        for dataset in json.loads(await self._api.read(request))["datasets"]:
            yield decode(ListedDataset, dataset)

    @operation
    async def get(self, spec: str) -> Dataset:
        """Return a version with its counts and the images that it leaves out."""
        return await self._api.call(Request("getDataset", path={"spec": spec}), Dataset)

    @operation
    async def export(
        self, spec: str, path: str | PathLike[str], format: DatasetFormat = "coco"
    ) -> Path:
        """Write a version with its images to a zip; the file appears when it is complete.

        COCO and YOLO are for boxes, `folder` (a folder for each class) is for classifiers.
        """
        request = Request(
            "exportDataset", path={"spec": spec}, query=given(format=format), slow=True
        )
        await self._api.download(request, Path(path))
        return Path(path)

    @operation
    async def import_zip(self, name: str, path: str | PathLike[str]) -> DatasetImport:
        """Store the annotations of a zip as feedback, for the next version.

        Its images are found by the SHA-256 in their name, as in exports; others are skipped.
        """
        with Path(path).open("rb") as file:
            files = [("file", (Path(path).name, file))]
            request = Request("importDataset", path={"name": name}, files=files, slow=True)
            return await self._api.call(request, DatasetImport)
