"""One film from the upload to its page, its bytes, its torrent and its magnet."""
import hashlib
import json
import re
import threading
from urllib.parse import parse_qs, urlparse

import libtorrent
import pytest
import requests

from films import make_film
from server import run
from torrents import sha256
from waiting import wait_until


@pytest.fixture(scope="module")
def video(shared_server, film):
    return shared_server.publish(film, "Noise of the Sea", description="A test.", tags="sea, noise")


def test_an_upload_is_published_at_once(shared_server, video):
    assert video["title"] == "Noise of the Sea"
    assert sorted(video["tags"]) == ["noise", "sea"]
    assert video["state"] == "published"
    assert (video["width"], video["height"]) == (640, 360)
    assert 11 < video["duration"] < 13
    assert video["swarm"] == {"seeders": 1, "leechers": 0, "completed": 0, "partial_seeds": 0,
                              "server_seeding": True, "source": "embedded"}
    page = shared_server.get(f"/videos/{video['slug']}")
    assert page.status_code == 200
    assert re.search(r'data-swarm="?seeders"?[^>]*>\s*1\s*<', page.text)
    assert re.search(r'data-swarm="?leechers"?[^>]*>\s*0\s*<', page.text)
    assert video["slug"] in shared_server.get("/").text


def test_the_media_is_the_file_and_ranges_of_it(shared_server, video, film):
    whole = film.read_bytes()
    answer = shared_server.get(f"/videos/{video['slug']}/media")
    assert answer.status_code == 200 and answer.content == whole
    assert answer.headers["Content-Type"] == "video/mp4"
    part = shared_server.get(f"/videos/{video['slug']}/media", headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206 and part.content == whole[1000:2000]
    tail = shared_server.get(f"/videos/{video['slug']}/media", headers={"Range": "bytes=-500"})
    assert tail.status_code == 206 and tail.content == whole[-500:]
    past = shared_server.get(f"/videos/{video['slug']}/media", headers={"Range": f"bytes={len(whole)}-"})
    assert past.status_code == 416 and past.headers["Content-Range"] == f"bytes */{len(whole)}"
    head = requests.head(f"{shared_server.url}/videos/{video['slug']}/media")
    assert head.headers["Content-Length"] == str(len(whole)) and head.headers["ETag"] == answer.headers["ETag"]


def test_the_torrent_is_what_other_clients_expect(shared_server, video, film, tmp_path):
    raw = shared_server.torrent(video["slug"])
    path = tmp_path / "film.torrent"
    path.write_bytes(raw)
    info = libtorrent.torrent_info(str(path))
    assert str(info.info_hashes().v1) == video["torrent"]["infohash_v1"]
    assert info.total_size() == film.stat().st_size
    assert info.piece_length() == video["torrent"]["piece_length"] == 256 * 1024
    assert info.num_pieces() == video["torrent"]["piece_count"]
    trackers = [(t.tier, t.url) for t in info.trackers()]
    assert trackers == [(0, f"udp://127.0.0.1:{shared_server.tracker}/announce"), (1, f"{shared_server.url}/announce")] \
        or trackers == [(0, f"udp://127.0.0.1:{shared_server.tracker}/announce"),
                        (1, f"http://127.0.0.1:{shared_server.tracker}/announce")]
    outer = libtorrent.bdecode(raw)
    seeds = outer[b"url-list"] if isinstance(outer[b"url-list"], list) else [outer[b"url-list"]]
    assert [s.decode() for s in seeds] == [f"{shared_server.url}/videos/{video['slug']}/media/"]
    named = shared_server.get(f"/videos/{video['slug']}/media/{info.name()}", allow_redirects=False)
    assert named.status_code == 200 and named.content == film.read_bytes()
    pieces = b"".join(hashlib.sha1(film.read_bytes()[i:i + 262144]).digest()
                      for i in range(0, film.stat().st_size, 262144))
    assert outer[b"info"][b"pieces"] == pieces


def test_inspect_and_libtorrent_agree(shared_server, video, tmp_path):
    path = tmp_path / "film.torrent"
    path.write_bytes(shared_server.torrent(video["slug"]))
    told = json.loads(run("inspect", path, "--json").stdout)
    info = libtorrent.torrent_info(str(path))
    assert told["infohash_v1"] == str(info.info_hashes().v1)
    assert told["name"] == info.name() and told["size"] == info.total_size()
    assert told["piece_length"] == info.piece_length() and told["piece_count"] == info.num_pieces()
    assert [url for tier in told["trackers"] for url in tier] == [t.url for t in info.trackers()]
    magnet = json.loads(run("inspect", video["torrent"]["magnet"], "--json").stdout)
    assert magnet["infohash_v1"] == told["infohash_v1"]


def test_the_magnet_names_every_way(shared_server, video):
    fields = parse_qs(urlparse(video["torrent"]["magnet"]).query)
    assert fields["xt"] == [f"urn:btih:{video['torrent']['infohash_v1']}"]
    assert fields["x.pe"] == [f"127.0.0.1:{shared_server.peer}"]
    assert fields["xs"] == [f"{shared_server.url}/videos/{video['slug']}.torrent"]
    assert fields["ws"] == [f"{shared_server.url}/videos/{video['slug']}/media/"]
    assert len(fields["tr"]) == 2 and fields["dn"]


def test_a_thumbnail_follows(shared_server, video):
    def picture():
        answer = shared_server.get(f"/videos/{video['slug']}/thumbnail.jpg")
        return answer if answer.status_code == 200 else None
    answer = wait_until(picture, "thumbnail", 60)
    assert answer.headers["Content-Type"] == "image/jpeg" and answer.content[:3] == b"\xff\xd8\xff"
    assert len(answer.content) <= 512 * 1024


def test_a_new_title_leaves_the_torrent_alone(server, short_film):
    video = server.publish(short_film, "First title")
    before = video["torrent"]["infohash_v1"]
    changed = requests.patch(f"{server.url}/api/v1/videos/{video['id']}", headers=server.headers(),
                             json={"title": "Second title"})
    assert changed.status_code == 200 and changed.json()["title"] == "Second title"
    assert changed.json()["slug"] == video["slug"] and changed.json()["torrent"]["infohash_v1"] == before


def test_the_same_content_twice_is_one_torrent(server, short_film):
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(server.publish(short_film, f"Copy {n}")))
               for n in (1, 2)]
    server.headers()
    [t.start() for t in threads]
    [t.join() for t in threads]
    first, second = answers
    assert first["id"] != second["id"] and first["slug"] != second["slug"]
    assert first["torrent"]["infohash_v1"] == second["torrent"]["infohash_v1"]
    assert requests.delete(f"{server.url}/api/v1/videos/{first['id']}", headers=server.headers()).status_code in (200, 204)
    assert server.swarm(second["slug"])["server_seeding"] is True
    assert server.get(f"/videos/{second['slug']}/media").content == short_film.read_bytes()


@pytest.mark.parametrize("name,content", [
    ("page.mp4", b"<!doctype html><title>no film</title>" + b"x" * 5000),
    ("list.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n"),
    ("noise.mp4", bytes(range(256)) * 400),
], ids=["page", "playlist", "noise"])
def test_what_is_no_film_is_refused_and_leaves_nothing(shared_server, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    before = shared_server.get("/api/v1/videos", headers=shared_server.headers()).json()
    answer = shared_server.post_film(path, "No film")
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "not_a_video" and answer.json()["detail"].endswith(".")
    assert shared_server.get("/api/v1/videos", headers=shared_server.headers()).json() == before


@pytest.mark.parametrize("ending,video,audio", [
    ("webm", ["libvpx", "-deadline", "realtime"], ["libopus"]), ("mkv", ["libx264"], ["aac"]),
    ("avi", ["mpeg4"], ["libmp3lame"]), ("asf", ["wmv2"], ["wmav2"]), ("flv", ["flv"], ["libmp3lame"]),
    ("ts", ["libx264"], ["aac"]), ("mpg", ["mpeg2video"], ["mp2"]), ("ogv", ["libtheora"], ["libvorbis"]),
])
def test_old_and_new_formats_are_welcome(shared_server, tmp_path, ending, video, audio):
    film = make_film(tmp_path / f"film.{ending}", seconds=2, video=video, audio=audio)
    published = shared_server.publish(film, f"A {ending}")
    assert published["width"] == 640
    assert shared_server.get(f"/videos/{published['slug']}/media").content == film.read_bytes()


def test_sound_is_welcome(shared_server, tmp_path):
    import subprocess
    path = tmp_path / "song.mp3"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=2", path], check=True)
    published = shared_server.publish(path, "A song")
    assert published["media_type"] == "audio/mpeg" and published["width"] is None
    assert sha256(path) == hashlib.sha256(shared_server.get(f"/videos/{published['slug']}/media").content).hexdigest()
