from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "examples" / "quickstart.ipynb"


def test_the_notebook_runs_and_shows_images() -> None:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in cells for output in cell.outputs]
    text = "".join(output.text for output in outputs if output.output_type == "stream")
    assert text.startswith("healthy ")
    assert "ready JobCounts(" in text
    shown = [output.data for output in outputs if output.output_type == "display_data"]
    assert [type_of_image(data) for data in shown] == ["image/jpeg", "image/png", "image/png"]
    assert any("text/html" in output.get("data", {}) for output in outputs)  # the table


def type_of_image(data: Any) -> str:
    return next(str(media) for media in data if media.startswith("image/"))
