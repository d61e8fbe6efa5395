"""What the end-to-end and browser tests share: films, a server of their own each, a PostgreSQL, free ports."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "Harness"))

from films import make_film  # noqa: E402
from postgres import Postgres  # noqa: E402
from server import Server  # noqa: E402


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """About 5 MB of moving noise with sound: H.264 and AAC in MP4, 20 pieces or so."""
    return make_film(tmp_path_factory.mktemp("films") / "Noise of the Sea.mp4", seconds=12, noise=True)


@pytest.fixture(scope="session")
def short_film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("films") / "short.mp4", seconds=2)


@pytest.fixture
def server(tmp_path):
    """A server with an empty data directory; its admin has a password already."""
    with Server(tmp_path / "data") as server:
        yield server


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    """One server for all tests of a file, for those that only look or add."""
    with Server(tmp_path_factory.mktemp("site") / "data") as server:
        yield server


@pytest.fixture
def postgres(tmp_path_factory):
    with Postgres(tmp_path_factory.mktemp("pg")) as postgres:
        yield postgres
