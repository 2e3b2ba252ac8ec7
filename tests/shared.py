"""Real documents that stand beside the project in shared/ and are not part of it; tests of them are skipped where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def shared(path: str) -> Path:
    """The file or folder at `path` in shared/."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"needs shared/{path}, which is not beside the project")
    return file
