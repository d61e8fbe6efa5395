"""Publishing from a torrent or magnet: the server fetches the film from others and goes on seeding it."""
import base64

import libtorrent
import pytest
import requests

from clients import Libtorrent
from films import variant
from peers import arrives
from server import Server
from torrents import make_torrent
from tracker import Track
from waiting import wait_until


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    with Server(folder / "data", "--allow-private-peers", "--allow-private-trackers") as site:
        yield site


def ask(site, **source) -> dict:
    answer = requests.post(f"{site.url}/api/v1/imports", headers=site.headers(), json=source, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()


def look(site, number: int) -> dict:
    return site.get(f"/api/v1/imports/{number}", headers=site.headers()).json()


def ended(site, number: int, *states: str) -> dict:
    return wait_until(lambda: (found := look(site, number))["state"] in states and found, f"import {states}", 90)


def video_of(site, done: dict) -> dict:
    slug = done["video"].rsplit("/", 1)[1]
    return next(v for v in site.get("/api/v1/videos").json()["videos"] if v["slug"] == slug)


@pytest.mark.parametrize("kind", ["torrent", "magnet"])
def test_one_film_keeps_its_info_hash(site, film, tmp_path, kind):
    theirs = variant(film, tmp_path / f"sea {kind}.mp4")
    path = tmp_path / "film.torrent"
    with Track(tmp_path, "--open") as track:
        info_hash = make_torrent(theirs, path, track.url("http"))
        with Libtorrent(str(path), tmp_path) as seed:
            wait_until(lambda: seed.handle.status().is_seeding, "libtorrent has it")
            if kind == "torrent":
                asked = ask(site, torrent=base64.b64encode(path.read_bytes()).decode(), title="From afar")
            else:
                asked = ask(site, magnet=f"magnet:?xt=urn:btih:{info_hash.hex()}&tr={track.url('http')}")
            done = ended(site, asked["id"], "done", "failed")
            assert done["state"] == "done", done
        video = video_of(site, done)
        assert video["torrent"]["infohash_v1"] == info_hash.hex()
        assert video["title"] == ("From afar" if kind == "torrent" else "sea magnet")
        media = site.get(f"/videos/{video['slug']}/media").content
        assert media == theirs.read_bytes()
        # The first seed has left; the site is the one that has it now, also for who knows only the old torrent.
        with Libtorrent(str(path), tmp_path / "late") as client:
            arrives(theirs, client.finish())
    assert not list((site.data / "imports").iterdir())


def test_of_several_films_one_is_chosen(site, film, short_film, tmp_path):
    folder = tmp_path / "two films"
    folder.mkdir()
    (folder / "first.mp4").write_bytes(film.read_bytes())
    (folder / "notes.txt").write_text("Not a film.")
    (folder / "second.mp4").write_bytes(short_film.read_bytes())
    files = libtorrent.list_files(str(folder))
    made = libtorrent.create_torrent(files, 32768, libtorrent.create_torrent.v1_only)
    libtorrent.set_piece_hashes(made, str(tmp_path))
    path = tmp_path / "two.torrent"
    path.write_bytes(libtorrent.bencode(made.generate()))
    with Libtorrent(str(path), tmp_path) as seed:
        wait_until(lambda: seed.handle.status().is_seeding, "libtorrent has it")
        magnet = f"{libtorrent.make_magnet_uri(seed.handle)}&x.pe=127.0.0.1:{seed.session.listen_port()}"
        asked = ask(site, magnet=magnet)
        choice = ended(site, asked["id"], "choosing", "failed")
        offered = {f["path"]: f["number"] for f in choice["files"]}
        assert offered.keys() == {"first.mp4", "second.mp4"}, choice
        chosen = offered["second.mp4"]
        requests.post(f"{site.url}/api/v1/imports/{asked['id']}/choose", headers=site.headers(), json={"file": chosen},
                      timeout=30).raise_for_status()
        done = ended(site, asked["id"], "done", "failed")
    assert done["state"] == "done" and "torrent of its own" in done["reason"], done
    assert site.get(f"/videos/{video_of(site, done)['slug']}/media").content == short_film.read_bytes()


def test_what_is_no_film_fails_in_words(site, tmp_path):
    text = tmp_path / "story.mp4"
    text.write_bytes(b"Once upon a time. " * 20_000)
    path = tmp_path / "story.torrent"
    make_torrent(text, path)
    with Libtorrent(str(path), tmp_path) as seed:
        wait_until(lambda: seed.handle.status().is_seeding, "libtorrent has it")
        peer = f"127.0.0.1:{seed.session.listen_port()}"
        asked = ask(site, magnet=f"{libtorrent.make_magnet_uri(seed.handle)}&x.pe={peer}")
        done = ended(site, asked["id"], "done", "failed")
    assert done["state"] == "failed" and "not a film" in done["reason"], done


def test_an_import_survives_a_restart(film, tmp_path):
    theirs = variant(film, tmp_path / "restart.mp4")
    path = tmp_path / "film.torrent"
    with Track(tmp_path, "--open") as track:
        make_torrent(theirs, path, track.url("http"))
        with Libtorrent(str(path), tmp_path) as seed, \
                Server(tmp_path / "data", "--allow-private-peers", "--allow-private-trackers") as site:
            wait_until(lambda: seed.handle.status().is_seeding, "libtorrent has it")
            seed.handle.set_upload_limit(600_000)
            asked = ask(site, torrent=base64.b64encode(path.read_bytes()).decode())
            wait_until(lambda: look(site, asked["id"])["fetched"] > 500_000, "some of it", 30)
            site.kill()
            seed.handle.set_upload_limit(0)
            site.start()
            done = ended(site, asked["id"], "done", "failed")
            assert done["state"] == "done", done
