"""Web seeds (BEP 19) as a source of downloads: alone, and together with peers."""
import libtorrent
import pytest

from peers import LibtorrentSeed, get, got
from torrents import make_torrent, sha256
from web_seed import WebSeed


def with_seeds(torrent, *urls) -> None:
    """Writes web seeds into a torrent."""
    outer = libtorrent.bdecode(torrent.read_bytes())
    outer[b"url-list"] = [url.encode() for url in urls]
    torrent.write_bytes(libtorrent.bencode(outer))


@pytest.fixture
def torrent(film, tmp_path):
    path = tmp_path / "film.torrent"
    make_torrent(film, path)
    return path


@pytest.mark.parametrize("kind", ["torrent", "magnet"])
def test_alone(film, torrent, tmp_path, kind):
    """A magnet needs somebody for the metadata: a peer that gives no content."""
    with WebSeed(film.parent) as web:
        with_seeds(torrent, web.url)
        if kind == "torrent":
            get(torrent, "-o", f"{tmp_path}/got/")
        else:
            with LibtorrentSeed(torrent, film.parent, up=20_000) as peer:
                info_hash = peer.handle.status().info_hashes.v1
                get(f"magnet:?xt=urn:btih:{info_hash}&ws={web.url}", "-o", f"{tmp_path}/got/", "--peer", peer.endpoint)
        assert web.sent > film.stat().st_size * 0.6
    assert sha256(tmp_path / "got" / film.name) == sha256(film)


@pytest.mark.parametrize("form", ["v1", "hybrid", "v2"])
def test_a_folder(film, tmp_path, form):
    folder = tmp_path / "a season & more"
    (folder / "öne").mkdir(parents=True)
    content = film.read_bytes()
    for name, part in [("a #1.mp4", content[:1_234_567]), ("öne/b.mp4", content[7:900_000]), ("z.txt", b"The end.\n")]:
        (folder / name).write_bytes(part)
    flags = {"v1": libtorrent.create_torrent.v1_only, "hybrid": 0, "v2": libtorrent.create_torrent.v2_only}[form]
    made = libtorrent.create_torrent(libtorrent.list_files(str(folder)), 0, flags)
    libtorrent.set_piece_hashes(made, str(tmp_path))
    path = tmp_path / "folder.torrent"
    path.write_bytes(libtorrent.bencode(made.generate()))
    with WebSeed(tmp_path) as web:
        with_seeds(path, web.url)
        get(path, "-o", f"{tmp_path}/got/")
    for file in folder.rglob("*"):
        assert file.is_dir() or (tmp_path / "got" / file.relative_to(tmp_path)).read_bytes() == file.read_bytes()


def test_together_with_a_peer(film, torrent, tmp_path):
    size = film.stat().st_size
    with WebSeed(film.parent, rate=500_000) as web, LibtorrentSeed(torrent, film.parent, up=1_000_000) as peer:
        with_seeds(torrent, web.url)
        facts = got(torrent, "-o", f"{tmp_path}/got/", "--peer", peer.endpoint)
        assert web.sent > size * 0.1 and peer.uploaded > size * 0.1, (web.sent, peer.uploaded)
        assert web.sent + peer.uploaded < size * 1.3, facts
    assert sha256(tmp_path / "got" / film.name) == sha256(film)


def test_a_web_seed_that_lies_is_left(film, torrent, tmp_path):
    def spoil(body: bytes) -> bytes:
        return bytes(b ^ 0x55 for b in body[:100]) + body[100:]
    with WebSeed(film.parent, fault=lambda number: spoil) as web, \
            LibtorrentSeed(torrent, film.parent, up=3_000_000) as peer:
        with_seeds(torrent, web.url)
        get(torrent, "-o", f"{tmp_path}/got/", "--peer", peer.endpoint)
    assert sha256(tmp_path / "got" / film.name) == sha256(film)


def test_one_that_fails_for_a_while_is_asked_again(film, torrent, tmp_path):
    with WebSeed(film.parent, fault=lambda number: 503 if number < 3 else None) as web:
        with_seeds(torrent, web.url)
        get(torrent, "-o", f"{tmp_path}/got/")
        assert web.requests > 2
    assert sha256(tmp_path / "got" / film.name) == sha256(film)


def test_one_without_the_film_does_no_harm(film, torrent, tmp_path):
    with WebSeed(tmp_path / "nothing") as empty, WebSeed(film.parent) as web:
        with_seeds(torrent, empty.url, "http://127.0.0.1:9/", web.url)
        get(torrent, "-o", f"{tmp_path}/got/")
    assert sha256(tmp_path / "got" / film.name) == sha256(film)
