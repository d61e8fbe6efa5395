"""What the end-to-end and browser tests share: films, a server of their own each, a PostgreSQL, free ports."""
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "Harness"))

from clip_films import ClipFilms  # noqa: E402
from films import make_film  # noqa: E402
from postgres import Postgres  # noqa: E402
from server import Server  # noqa: E402


@contextmanager
def open_folder():
    """A folder that every user may enter: run as root, PostgreSQL's programs work there as another user."""
    folder = Path(tempfile.mkdtemp(prefix="rs-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tmp_path():
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def film():
    """About 5 MB of moving noise with sound: H.264 and AAC in MP4, 20 pieces or so."""
    with open_folder() as folder:
        yield make_film(folder / "Noise of the Sea.mp4", seconds=12, noise=True)


@pytest.fixture(scope="session")
def short_film():
    with open_folder() as folder:
        yield make_film(folder / "short.mp4", seconds=2)


@pytest.fixture(scope="session")
def clip_films():
    """Films that tell their own time, by name, in every container; each is made when it is asked for."""
    with open_folder() as folder:
        yield ClipFilms(folder)


@pytest.fixture
def server(tmp_path):
    """A server with an empty data directory; its admin has a password already."""
    with Server(tmp_path / "data") as server:
        yield server


@pytest.fixture(scope="module")
def shared_server():
    """One server for all tests of a file, for those that only look or add."""
    with open_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture
def postgres():
    with Postgres() as postgres:
        yield postgres
