"""Several `reelswarm get` on one directory: one runs the engine, and what is fetched for one is there for all."""
import json

import pytest

from peers import LibtorrentSeed, Peer, get, got
from torrents import make_torrent, sha256
from waiting import wait_until

RATE = 1_500_000


@pytest.fixture
def torrent(film, tmp_path):
    path = tmp_path / "film.torrent"
    make_torrent(film, path)
    return path


def begin(tmp_path, name, *arguments) -> Peer:
    """A `get` into the common directory, without waiting for a port, which only the first has."""
    return Peer("get", tmp_path / name, *arguments, "-o", f"{tmp_path}/space/", "--json", wait=False)


def test_two_share_one_download(film, torrent, tmp_path):
    """At most 1.05 films leave the seed, and neither ends later than one alone."""
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent, up=RATE) as seed:
        alone = got(torrent, "-o", f"{tmp_path}/alone/", "--peer", seed.endpoint)["seconds"]
    with LibtorrentSeed(torrent, film.parent, up=RATE) as seed:
        both = [begin(tmp_path, name, torrent, "--peer", seed.endpoint) for name in ("one", "two")]
        ended = [one.finish() for one in both]
        assert seed.uploaded <= size * 1.05, seed.uploaded / size
    assert max(e["seconds"] for e in ended) <= alone * 1.2 + 1.5, (alone, ended)
    assert {e["path"] for e in ended} == {f"{tmp_path}/space/{film.name}"}
    assert sha256(tmp_path / "space" / film.name) == sha256(film)


def test_one_that_comes_later_ends_as_early(film, torrent, tmp_path):
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent, up=RATE) as seed:
        first = begin(tmp_path, "one", torrent, "--peer", seed.endpoint)
        wait_until(lambda: seed.uploaded > size * 0.4, "nearly half of it")
        second = begin(tmp_path, "two", torrent)
        begun, joined = first.finish(), second.finish()
        assert seed.uploaded <= size * 1.05, seed.uploaded / size
    assert joined["seconds"] < begun["seconds"] + 1.5
    assert sha256(tmp_path / "space" / film.name) == sha256(film)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_other_goes_on_when_the_owner_ends(film, torrent, tmp_path, end):
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent, up=RATE) as seed:
        first = Peer("get", tmp_path / "one", torrent, "-o", f"{tmp_path}/space/", "--peer", seed.endpoint)
        second = begin(tmp_path, "two", torrent, "--peer", seed.endpoint)
        wait_until(lambda: seed.uploaded > size * 0.4, "nearly half of it")
        assert second.process.poll() is None, second.log()
        first.kill() if end == "kill" else first.stop()
        second.finish()
        # What a killed one had not saved may come a second time.
        assert seed.uploaded <= size * (1.05 if end == "stop" else 1.6), seed.uploaded / size
    assert sha256(tmp_path / "space" / film.name) == sha256(film)


def test_each_gets_its_own_part(film, torrent, tmp_path):
    """Two parts that overlap: what both want is fetched once, and a part stays a part."""
    content = film.read_bytes()
    wishes = [(0, 1_999_999), (1_000_000, 2_999_999)]
    with LibtorrentSeed(torrent, film.parent, up=RATE) as seed:
        both = [begin(tmp_path, f"{first}", torrent, "--peer", seed.endpoint, "--bytes", f"{first}-{last}")
                for first, last in wishes]
        ended = [one.finish() for one in both]
        assert seed.uploaded < 3_000_000 + 3 * 256 * 1024, seed.uploaded
    for (first, last), facts in zip(wishes, ended):
        with open(facts["path"], "rb") as file:
            assert file.read() == content[first:last + 1]


def test_what_is_there_is_not_fetched_again(film, torrent, tmp_path):
    """A second `get` of the same: nothing is fetched, with or without anybody to fetch it from."""
    with LibtorrentSeed(torrent, film.parent) as seed:
        get(torrent, "-o", f"{tmp_path}/space/", "--peer", seed.endpoint)
    facts = json.loads(get(torrent, "-o", f"{tmp_path}/space/", "--json").stdout)
    assert facts["downloaded"] == 0 and facts["bytes"] == film.stat().st_size
