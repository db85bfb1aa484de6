from __future__ import annotations

import sys
from importlib.metadata import requires, version
from pathlib import Path

import pytest

import vidette
from vidette import objects_to_pandas

PACKAGE = Path(vidette.__file__).parent


def test_the_installed_package_has_types_and_one_dependency() -> None:
    assert PACKAGE.parent.name != "src"
    assert (PACKAGE / "py.typed").is_file()
    assert version("vidette-client") == "0.1.0"
    needed = [name for name in requires("vidette-client") or [] if "extra ==" not in name]
    assert [name.split("<")[0].split(">")[0] for name in needed] == ["httpx"]


def test_tables_without_pandas_name_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"vidette-client\[pandas\]"):
        objects_to_pandas([])


def test_all_names_exist() -> None:
    assert all(hasattr(vidette, name) for name in vidette.__all__)
    assert vidette.Vidette.predict.__doc__ is not None
