"""Encrypted connections (Message Stream Encryption) between ours and other clients, both ways, every policy."""
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import libtorrent
import pytest

from clients import CLIENTS, SEEDS, Libtorrent
from peers import LibtorrentSeed, Seed, arrives, counts, get, kinds
from torrents import make_torrent, sha256
from tracker import Track
from waiting import wait_until

FORCED, ENABLED, DISABLED = 0, 1, 2
PLAINTEXT, RC4, BOTH = 1, 2, 3


def policy(incoming: int, outgoing: int, level: int = BOTH, prefers_rc4: bool = False) -> dict:
    return {"in_enc_policy": incoming, "out_enc_policy": outgoing, "allowed_enc_level": level,
            "prefer_rc4": prefers_rc4}


@pytest.fixture
def content(tmp_path):
    """A file of 3 MB in a folder of its own, with its torrent beside it."""
    folder = tmp_path / "content"
    folder.mkdir()
    path = folder / "film.bin"
    path.write_bytes(os.urandom(3_000_001))
    torrent = folder / "film.torrent"
    make_torrent(path, torrent)
    return path, torrent


def whole(client: Libtorrent, seconds: float = 30) -> set[str]:
    """Waits until the download is whole; returns how its connections were encrypted meanwhile."""
    seen, end = set(), time.monotonic() + seconds
    while time.monotonic() < end:
        seen |= kinds(client)
        if client.handle.status().is_seeding:
            return seen
        time.sleep(0.01)
    raise AssertionError(f"libtorrent did not finish; connections seen: {seen}")


# Ours gets, libtorrent seeds.
@pytest.mark.parametrize("ours, theirs", [
    ("required", policy(FORCED, FORCED, RC4)),
    ("required", policy(FORCED, FORCED, BOTH)),
    ("preferred", policy(FORCED, FORCED, PLAINTEXT)),
    ("preferred", policy(FORCED, FORCED, BOTH, prefers_rc4=True)),
    ("accepted", policy(FORCED, FORCED, RC4)),  # the first dial is plain and refused, the second is not
    ("preferred", policy(DISABLED, DISABLED)),  # the first dial is encrypted and refused
    ("off", policy(ENABLED, ENABLED)),
])
def test_get_from_libtorrent(content, tmp_path, ours, theirs):
    path, torrent = content
    with LibtorrentSeed(torrent, path.parent, **theirs) as seed:
        get(torrent, "-o", f"{tmp_path}/got/", "--encryption", ours, "--peer", seed.endpoint)
    assert sha256(tmp_path / "got" / "film.bin") == sha256(path)


# Libtorrent downloads from ours.
@pytest.mark.parametrize("ours, theirs, expected", [
    ("required", policy(FORCED, FORCED, RC4), "rc4"),
    ("required", policy(ENABLED, ENABLED, BOTH), "rc4"),
    ("preferred", policy(FORCED, FORCED, BOTH), "rc4"),
    ("preferred", policy(FORCED, FORCED, PLAINTEXT), "hidden handshake"),
    ("accepted", policy(FORCED, FORCED, BOTH), "hidden handshake"),
    ("accepted", policy(FORCED, FORCED, RC4), "rc4"),
    ("accepted", policy(DISABLED, DISABLED), "plain"),
    ("off", policy(DISABLED, DISABLED), "plain"),
])
def test_libtorrent_gets_from_ours(content, tmp_path, ours, theirs, expected):
    path, torrent = content
    with Seed(tmp_path / "seed", torrent, "--data", path.parent, "--encryption", ours) as seed:
        with Libtorrent(str(torrent), tmp_path / "theirs", download_limit=4_000_000, **theirs) as client:
            client.handle.connect_peer(("127.0.0.1", seed.port))
            assert expected in whole(client)
            arrives(path, tmp_path / "theirs" / "film.bin")


def test_nothing_passes_between_required_and_disabled(content, tmp_path):
    path, torrent = content
    with Seed(tmp_path / "seed", torrent, "--data", path.parent, "--encryption", "required") as seed:
        with Libtorrent(str(torrent), tmp_path / "theirs", **policy(DISABLED, DISABLED)) as client:
            for _ in range(10):
                client.handle.connect_peer(("127.0.0.1", seed.port))
                time.sleep(0.2)
            assert client.handle.status().total_payload_download == 0


def test_ours_among_themselves(content, tmp_path):
    path, torrent = content
    pairs = [("required", "required"), ("required", "accepted"), ("preferred", "off"), ("accepted", "required")]
    for ours, theirs in pairs:
        with Seed(tmp_path / f"seed-{ours}-{theirs}", torrent, "--data", path.parent, "--encryption", theirs) as seed:
            folder = tmp_path / f"got-{ours}-{theirs}"
            get(torrent, "-o", f"{folder}/", "--encryption", ours, "--peer", seed.endpoint)
            assert sha256(folder / "film.bin") == sha256(path)


# What makes each client refuse plain connections.
REQUIRING = {"aria2": ["--bt-require-crypto=true", "--bt-min-crypto-level=arc4"], "transmission": ["-er"]}


@pytest.fixture(scope="module")
def track(tmp_path_factory):
    with Track(tmp_path_factory.mktemp("track"), "--open") as track:
        yield track


@pytest.fixture
def announced(content, track):
    """The content with a torrent that names the tracker, and its info hash."""
    path, _ = content
    torrent = path.with_name("announced.torrent")
    return path, torrent, make_torrent(path, torrent, track.url("http"))


@pytest.mark.parametrize("client, ours", [("aria2", "accepted"), ("aria2", "required"), ("transmission", "required")])
def test_get_from_a_client_that_requires_it(announced, track, tmp_path, client, ours):
    """Also with the default, where the first dial is plain: it is refused, and the second is not."""
    path, torrent, info_hash = announced
    shared = tmp_path / "shared"
    shared.mkdir()
    shutil.copy(path, shared)
    with SEEDS[client](str(torrent), shared, *REQUIRING[client]):
        wait_until(lambda: counts(track, info_hash)[0] == 1, f"{client} has announced itself")
        get(torrent, "-o", f"{tmp_path}/got/", "--encryption", ours)
    assert sha256(tmp_path / "got" / path.name) == sha256(path)


@pytest.mark.parametrize("client, ours", [("aria2", "accepted"), ("aria2", "required"), ("transmission", "accepted")])
def test_a_client_that_requires_it_gets_from_ours(announced, track, tmp_path, client, ours):
    path, torrent, info_hash = announced
    with ThreadPoolExecutor(1) as other:
        theirs = other.submit(CLIENTS[client], str(torrent), tmp_path / "got", *REQUIRING[client])
        wait_until(lambda: sum(counts(track, info_hash)[:2]) == 1, f"{client} has announced itself")
        with Seed(tmp_path / "seed", torrent, "--data", path.parent, "--encryption", ours):
            assert sha256(theirs.result(timeout=60)) == sha256(path)
