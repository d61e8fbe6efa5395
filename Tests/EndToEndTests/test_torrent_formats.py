"""Hybrids and version 2: libtorrent fetches them by the swarm alone, from a bare magnet, by the web seed alone."""
import json
from urllib.parse import parse_qsl, quote

import libtorrent
import pytest

from clients import Libtorrent, libtorrent_download
from films import variant
from server import run
from torrents import magnet_without, sha256, without
from waiting import wait_until

FORMATS = ["hybrid", "v2"]


@pytest.fixture(scope="module")
def videos(shared_server, film, tmp_path_factory):
    """One film in each format, made different so that each is a content of its own."""
    made = {}
    for format in FORMATS:
        assert shared_server.settings(torrent_format=format).status_code == 200
        copy = variant(film, film.parent / f"{format}.mp4")
        made[format] = (shared_server.publish(copy, f"As {format}"), copy)
    return made


@pytest.fixture(params=FORMATS)
def video(request, videos):
    return (request.param, *videos[request.param])


def one_hash(magnet: str, kind: str) -> str:
    """The magnet with the hash of one version only, and without other ways than trackers and peers."""
    pairs = parse_qsl(magnet.removeprefix("magnet:?"), keep_blank_values=True)
    kept = [(k, v) for k, v in pairs if k not in ("ws", "xs") and (k != "xt" or f":{kind}:" in v)]
    return "magnet:?" + "&".join(f"{k}={quote(v, safe=':')}" for k, v in kept)


def test_torrent_magnet_and_json_agree(shared_server, video):
    format, told, copy = video
    info = libtorrent.torrent_info(libtorrent.bdecode(shared_server.torrent(told["slug"])))
    hashes, torrent = info.info_hashes(), told["torrent"]
    assert info.total_size() >= copy.stat().st_size and hashes.has_v2()
    assert hashes.has_v1() == (format == "hybrid")
    assert torrent["infohash_v2"] == str(hashes.v2)
    assert torrent["infohash_v1"] == (str(hashes.v1) if format == "hybrid" else None)
    parsed = libtorrent.parse_magnet_uri(torrent["magnet"]).info_hashes
    assert parsed.v2 == hashes.v2 and parsed.has_v1() == (format == "hybrid")


def test_by_the_swarm_alone(shared_server, video, tmp_path):
    _, told, copy = video
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(told["slug"]), "url-list"))
    assert sha256(libtorrent_download(str(path), tmp_path / "got")) == sha256(copy)


@pytest.mark.parametrize("kind", ["btih", "btmh"])
def test_from_a_bare_magnet(video, tmp_path, kind):
    """A magnet of version 2 brings no piece layers: they come by hash requests, from our seeder alone."""
    format, told, copy = video
    if kind == "btih" and format == "v2":
        pytest.skip("version 2 alone has no such hash")
    magnet = one_hash(told["torrent"]["magnet"], kind)
    assert sha256(libtorrent_download(magnet, tmp_path / "got")) == sha256(copy)


def test_by_the_web_seed_alone(shared_server, video, tmp_path):
    _, told, copy = video
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(told["slug"]), "announce", "announce-list"))
    assert sha256(libtorrent_download(str(path), tmp_path / "got")) == sha256(copy)


def test_a_client_of_a_hybrid_counts_once(shared_server, videos, tmp_path):
    """libtorrent announces under both hashes of a hybrid: the page counts one client."""
    told, copy = videos["hybrid"]
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(told["slug"]), "url-list"))
    before = shared_server.swarm(told["slug"])["seeders"]
    with Libtorrent(str(path), tmp_path / "got") as client:
        client.finish()
        wait_until(lambda: shared_server.swarm(told["slug"])["seeders"] == before + 1, "one more seeder", 20)
        client.handle.force_reannounce()
        assert not wait_long(lambda: shared_server.swarm(told["slug"])["seeders"] > before + 1)


def wait_long(condition, seconds: float = 3) -> bool:
    """Whether something that should not happen does happen within a while."""
    try:
        wait_until(condition, "", seconds)
        return True
    except BaseException:
        return False


@pytest.mark.parametrize("format", ["v1", "hybrid", "v2"])
def test_create_makes_what_libtorrent_makes(film, tmp_path, format):
    """The same bytes of `info` for a folder, and libtorrent finds the files whole."""
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.mp4").write_bytes(film.read_bytes())
    (folder / "sub" / "b.bin").write_bytes(film.read_bytes()[:100_000])
    (folder / "z.empty").write_bytes(b"")
    out = tmp_path / "out.torrent"
    made = run("create", folder, "-o", out, "--format", format, "--piece-length", 65536, "--json")
    assert made.returncode == 0, made.stderr
    files = libtorrent.file_storage()
    for name in ("a.mp4", "sub/b.bin", "z.empty"):
        files.add_file(f"folder/{name}", (folder / name).stat().st_size)
    flags = {"v1": libtorrent.create_torrent.v1_only, "hybrid": 0, "v2": libtorrent.create_torrent.v2_only}[format]
    theirs = libtorrent.create_torrent(files, piece_size=65536, flags=flags)
    libtorrent.set_piece_hashes(theirs, str(tmp_path))
    expected = theirs.generate()
    ours = libtorrent.bdecode(out.read_bytes())
    assert ours[b"info"] == expected[b"info"]
    assert ours.get(b"piece layers", {}) == expected.get(b"piece layers", {})
    assert json.loads(made.stdout)["format"] == format
    with Libtorrent(str(out), tmp_path) as client:
        wait_until(lambda: client.handle.status().is_seeding, "libtorrent finds the files whole", 20)
