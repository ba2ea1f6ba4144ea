"""What the launcher's tests share."""

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def data_folder():
    """Reachable for the user as whom PostgreSQL runs when root starts it, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="logistics-servers-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
