"""Clips over HTTP, as pages and scripts ask for them: plans, cuts, limits, saved clips and what becomes of them."""
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from clip_checks import check_clip, film_shown, probe, quality
from clip_films import LONG
from clients import CLIENTS
from films import variant
from server import Server, run
from torrents import without
from waiting import wait_until

START, END = 62, 100


@pytest.fixture(scope="module")
def long(clip_films):
    return clip_films.made("three minutes", LONG)


def published(server, film: Path, title: str = "A film") -> dict:
    """A film on a site, when its clips can be planned."""
    video = server.publish(film, title)
    wait_until(lambda: plan(server, video, 0, 0.5).status_code == 200, "its index", 60)
    return video


@pytest.fixture(scope="module")
def video(shared_server, long):
    return published(shared_server, long, "Three minutes")


def plan(server, video: dict, start, end) -> requests.Response:
    return server.get(f"/videos/{video['slug']}/clip", params={"start": start, "end": end})


def fetched(server, video: dict, out: Path, start: float, end: float, mode: str = "fast") -> requests.Response:
    """Downloads a clip to a file whose ending says the container."""
    answer = server.get(f"/videos/{video['slug']}/clip{out.suffix}", params={"start": start, "end": end, "mode": mode})
    assert answer.status_code == 200, answer.text[:600]
    out.write_bytes(answer.content)
    return answer


def workers(server) -> list[int]:
    """The media workers that a server runs at this moment, without the one that waits for the next clip."""
    done = subprocess.run(["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(server.process.pid)],
                          capture_output=True, text=True)
    lines = [line.split(None, 2) for line in done.stdout.splitlines()
             if "media-worker" in line and not line.endswith(" wait")]
    return [int(pid) for pid, state, _ in lines if not state.startswith("Z")]


class Asking:
    """A request for a clip over a socket of one's own, whose answer nobody reads; where this machine is a trusted proxy,
    for an address of one's own."""

    def __init__(self, server, path: str, address: str = "127.0.0.1"):
        self.socket = socket.create_connection(("127.0.0.1", server.http))
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.http}", f"X-Forwarded-For: {address}", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())

    def head(self, seconds: float) -> bytes:
        """What has come of the answer within a while; empty for nothing."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(4096)
        except TimeoutError:
            return b""

    def close(self):
        self.socket.close()


# Plans


def test_the_plan_is_what_clip_map_says(shared_server, video, long, tmp_path):
    told = plan(shared_server, video, START, END).json()
    path = tmp_path / "film.torrent"
    path.write_bytes(shared_server.torrent(video["slug"]))
    made = json.loads(run("clip-map", path, "--start", START, "--end", END, "--json").stdout)
    for member in ("start", "end", "actual_start", "header_ranges", "media_ranges", "ranges", "bytes", "film_bytes"):
        assert told[member] == made[member], member
    assert told["pieces"]["runs"] == made["pieces"]["runs"]
    assert told["film_bytes"] == long.stat().st_size and told["percent"] < 30
    assert (told["start"], told["end"]) == (62, 100) and 60 <= told["actual_start"] <= 62
    assert all(first <= last < told["film_bytes"] for first, last in told["ranges"])
    assert sum(last - first + 1 for first, last in told["ranges"]) == told["bytes"]
    piece = told["pieces"]["piece_length"]
    covered = [(first * piece, (last + 1) * piece) for first, last in told["pieces"]["runs"]]
    assert all(any(a <= first and last < b for a, b in covered) for first, last in told["ranges"])


def test_the_plans_links_work(shared_server, video, long, tmp_path):
    told = plan(shared_server, video, "1:02", "1:40").json()
    assert (told["start"], told["end"]) == (62, 100)
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(requests.get(told["links"]["download"], timeout=30).content)
    check_clip(long, clip, START, END)
    page = requests.get(told["links"]["page"], timeout=30)
    assert page.status_code == 200 and "id=\"clip-start\"" in page.text
    assert requests.get(told["links"]["torrent"], timeout=30).headers["Content-Type"] == "application/x-bittorrent"
    words = re.fullmatch(r"reelswarm get '(.+)' --start (\S+) --end (\S+) -o '(.+)'", told["links"]["command"])
    assert words and words[1] == told["links"]["torrent"] and words[4].endswith(".mp4"), told["links"]["command"]


@pytest.mark.parametrize("start,end", [
    (5, 5), (7, 5), (0, 200), (500, 600), ("NaN", 5), (0, "NaN"), (-1, 5), (0, 1e308), (1, 1.0001), ("", ""),
    ("a", "b"), ("1e400", "2e400"), ("0x10", "0x20"), ("٦٢", "70")])
def test_wrong_times_are_400_with_a_sentence(shared_server, video, start, end):
    """L08: and no worker is begun."""
    for path in ("clip", "clip.mp4"):
        answer = shared_server.get(f"/videos/{video['slug']}/{path}", params={"start": start, "end": end},
                                   headers={"Accept": "application/json"})
        assert answer.status_code == 400 and answer.json()["code"] == "bad_range", answer.text
        assert "3:00" in answer.json()["detail"] and answer.json()["detail"].endswith(".")
    assert not workers(shared_server)


# Cuts


@pytest.mark.parametrize("name,ending", [
    ("mp4-b-frames", "mp4"), ("mp4-b-frames", "mkv"), ("mp4-b-frames", "ts"), ("mp4-fragmented", "mp4"),
    ("mp4-vfr", "mp4"), ("mp4-edit-list", "mov"), ("mp4-badly-interleaved", "mp4"), ("mkv", "mkv"),
    ("webm", "webm"), ("webm-vp9", "mkv"),
    ("ts", "ts"), ("mpg", "mpg"), ("avi", "avi"), ("ogv", "ogv"), ("flv", "flv"), ("flv", "mp4"), ("wmv", "wmv"),
    ("mp3", "mp3"), ("m4a", "m4a"), ("wav", "wav"), ("flac", "flac"), ("ogg", "ogg"), ("opus", "opus")])
def test_a_fast_clip(shared_server, clip_films, tmp_path, name, ending):
    film, clip = clip_films[name], tmp_path / f"clip.{ending}"
    video = published(shared_server, film, name)
    answer = fetched(shared_server, video, clip, 5.3, 8.48)
    assert answer.headers["Accept-Ranges"] == "bytes" and answer.headers["ETag"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.search(rf'attachment; filename=".*5\.3.*\.{ending}"', answer.headers["Content-Disposition"])
    assert 2.5 <= float(answer.headers["X-Actual-Start"]) <= 5.35
    check_clip(film, clip, 5.3, 8.48)


@pytest.mark.parametrize("name,ending", [
    ("mp4-b-frames", "mp4"), ("mp4-open-group", "webm"), ("ts", "mkv"), ("webm", "mp4")])
def test_an_exact_clip(shared_server, clip_films, tmp_path, name, ending):
    """Beside a full decode of the film: the same first and last frame, above 35 dB, sound right to a packet."""
    film, clip = clip_films[name], tmp_path / f"clip.{ending}"
    video = published(shared_server, film, name)
    fetched(shared_server, video, clip, 5.3, 8.48, "exact")
    part, whole = check_clip(film, clip, 5.3, 8.48, exact=True), film_shown(film)
    wanted = [n for n, t in zip(whole.numbers, whole.times) if 5.299 <= t < 8.479]
    assert abs(part.numbers[0] - wanted[0]) <= 1 and abs(part.numbers[-1] - wanted[-1]) <= 1
    assert abs(part.sound - 3.18) < 0.06
    assert quality(film, clip, whole.numbers.index(part.numbers[0]), len(part.numbers)) > 35


@pytest.mark.parametrize("name,ending", [
    ("mp4-b-frames", "m4a"), ("mkv", "flac"), ("webm", "ogg"), ("webm-vp9", "opus"), ("avi", "mp3"), ("mov", "wav")])
def test_the_sound_alone(shared_server, clip_films, tmp_path, name, ending):
    film, clip = clip_films[name], tmp_path / f"clip.{ending}"
    fetched(shared_server, published(shared_server, film, name), clip, 5.3, 8.48, "audio")
    assert [s["codec_type"] for s in probe(clip)["streams"]] == ["audio"]
    check_clip(film, clip, 5.3, 8.48)


def test_a_download_goes_on_by_range(shared_server, video, tmp_path):
    path = f"/videos/{video['slug']}/clip.mp4?start={START}&end={END}"
    whole = shared_server.get(path)
    tag, size = whole.headers["ETag"], len(whole.content)
    head = requests.head(shared_server.url + path, timeout=30)
    assert head.headers["Content-Length"] == str(size) and head.headers["ETag"] == tag
    rest = shared_server.get(path, headers={"Range": f"bytes={size // 3}-", "If-Range": tag})
    assert rest.status_code == 206 and rest.content == whole.content[size // 3:]
    assert shared_server.get(path, headers={"If-None-Match": tag}).status_code == 304
    other = shared_server.get(f"/videos/{video['slug']}/clip.mp4?start={START}&end=99",
                              headers={"Range": "bytes=9-", "If-Range": tag})
    assert other.status_code == 200


def test_an_exact_clip_of_more_than_ten_minutes_is_refused(shared_server, clip_films):
    video = published(shared_server, clip_films["mp4-3-hours"], "Three hours")
    path = f"/videos/{video['slug']}/clip.mp4?start=0&end=700"
    answer = shared_server.get(f"{path}&mode=exact", headers={"Accept": "application/json"})
    assert answer.status_code == 400 and answer.json()["code"] == "clip_too_long"
    assert shared_server.get(path).status_code == 200


@pytest.mark.parametrize("how", [
    "the client leaves", "the film is taken down", "the film is deleted", "the server stops"])
def test_a_cut_ends_with_its_reason(server, long, how):
    """L10: the worker is gone within five seconds, and so is what it wrote."""
    video = published(server, long, "Three minutes")
    wait_until(lambda: not workers(server), "the film's own pictures are made", 60)
    asking = Asking(server, f"/videos/{video['slug']}/clip.mp4?start=0&end=180&mode=exact")
    found = wait_until(lambda: workers(server), "a worker", 10)
    api = f"{server.url}/api/v1/videos/{video['id']}"
    begun = time.monotonic()
    if how == "the client leaves":
        asking.close()
    elif how == "the film is taken down":
        requests.post(f"{api}/takedown", headers=server.headers(), json={"reason": "x"}, timeout=10).raise_for_status()
    elif how == "the film is deleted":
        assert requests.delete(api, headers=server.headers(), timeout=10).status_code in (200, 204)
    else:
        server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not any(map(is_worker, found)), "the worker has gone", 8)
    assert time.monotonic() - begun < 6
    if how != "the server stops":
        # Output lies in files without names: what has no name is not found, and what is open is seen here.
        wait_until(lambda: not deleted_and_open(server), "its output has gone", 5)
    asking.close()


def is_worker(pid: int) -> bool:
    try:
        return "media-worker" in Path(f"/proc/{pid}/cmdline").read_text() and \
            ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def deleted_and_open(server) -> list[str]:
    """Files without a name that the server holds open and that have bytes."""
    held = []
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            if "(deleted)" in os.readlink(link) and str(server.data) in os.readlink(link) and link.stat().st_size > 0:
                held.append(os.readlink(link))
        except OSError:
            pass
    return held


def test_so_many_cuts_and_no_more(tmp_path, long):
    """Two at once, one for each address, sixteen that wait; the others hear when to come again; a fast cut waits for none
    of these, and pages stay quick."""
    with Server(tmp_path / "data", "--trusted-proxy", "127.0.0.1/32") as server:
        video = published(server, long, "Three minutes")
        wait_until(lambda: not workers(server), "the film's own pictures are made", 60)
        clip = f"/videos/{video['slug']}/clip.mp4"
        paths = iter(f"{clip}?start={n / 10}&end=179&mode=exact" for n in range(100))
        asked = [Asking(server, next(paths), f"203.0.113.{n}") for n in (1, 2)]
        try:
            wait_until(lambda: len(workers(server)) == 2, "two workers", 10)
            second = Asking(server, next(paths), "203.0.113.1")
            asked.append(second)
            answer = second.head(5)
            assert answer.startswith(b"HTTP/1.1 429") and b"retry-after" in answer.lower(), answer[:300]
            asked += [Asking(server, next(paths), f"203.0.113.{n}") for n in range(3, 25)]
            late = [head for one in asked[3:] if (head := one.head(0.3)).startswith(b"HTTP/1.1 503")]
            assert len(late) == 6 and all(b"retry-after" in head.lower() for head in late), late
            assert len(workers(server)) == 2
            assert server.get(f"{clip}?start=1&end=3").status_code == 200
            took = [timed(server, f"/videos/{video['slug']}") for _ in range(40)]
            assert statistics.median(took) < 1, sorted(took)[-5:]
        finally:
            for one in asked:
                one.close()
        wait_until(lambda: not workers(server), "all cuts have ended", 10)


def timed(server, path: str) -> float:
    begun = time.monotonic()
    assert server.get(path).status_code == 200
    return time.monotonic() - begun


def test_memory_stays_flat(server, long):
    """Many clips, one after the other: nothing is held on to."""
    video = published(server, long, "Three minutes")

    def resident() -> int:
        return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    for n in range(15):
        assert server.get(f"/videos/{video['slug']}/clip.mp4?start={n}&end={n + 60}").status_code == 200
    before = resident()
    for n in range(25):
        assert server.get(f"/videos/{video['slug']}/clip.mp4?start={n + 0.5}&end={n + 60}").status_code == 200
    assert resident() < before + 60_000_000, (before, resident())


def test_uploads_wait_and_pages_do_not(server, short_film, tmp_path):
    """L12: fifty films at once: few workers, and a page comes within a moment all the while."""
    first = server.publish(short_film, "First")
    idle = [timed(server, f"/videos/{first['slug']}") for _ in range(60)]
    films = [variant(short_film, tmp_path / f"{n}.mp4") for n in range(50)]
    seen, stop, pages = [0], threading.Event(), []

    def watch():
        while not stop.is_set():
            seen.append(len(workers(server)))
            pages.append(timed(server, f"/videos/{first['slug']}"))
            time.sleep(0.02)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(10) as many:
            videos = list(many.map(lambda path: server.publish(path, path.name), films))
        for video in videos:
            wait_until(lambda: plan(server, video, 0, 1).status_code == 200, "an index", 120)
    finally:
        stop.set()
        watcher.join()
    assert max(seen) <= 6, max(seen)
    late = sorted(pages)[int(len(pages) * 0.99) - 1]
    # The clients of this test take part of the same two cores.
    assert late < max(2 * sorted(idle)[-2], 1), (sorted(idle)[-2], late)


# Pictures of the time line


def test_the_storyboard(shared_server, video):
    """L11: a picture of our own making, whatever the film holds."""
    path = f"/videos/{video['slug']}/storyboard.jpg"
    sheet = wait_until(lambda: (a := shared_server.get(path)).status_code == 200 and a, "the storyboard", 60)
    assert sheet.headers["Content-Type"] == "image/jpeg" and sheet.headers["X-Content-Type-Options"] == "nosniff"
    assert sheet.content[:3] == b"\xff\xd8\xff" and len(sheet.content) <= 512 * 1024
    assert b"Exif" not in sheet.content[:4096] and b"ICC_PROFILE" not in sheet.content[:65536]
    assert "storyboard.jpg" in shared_server.get(f"/videos/{video['slug']}").text


# Saved clips


def save(server, video: dict, title: str = "The sea", start: float = START, end: float = END) -> dict:
    answer = requests.post(f"{server.url}/api/v1/videos/{video['id']}/clips", headers=server.headers(), timeout=30,
                           json={"title": title, "description": "What it sounds like.", "start": start, "end": end})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_saved_clip_and_its_page(shared_server, video):
    clip = save(shared_server, video)
    page = shared_server.get(f"/clips/{clip['slug']}")
    assert page.status_code == 200 and f"/videos/{video['slug']}/media#t=62,100" in page.text
    assert f'href="/videos/{video["slug"]}' in page.text and "og:title" in page.text
    assert re.search(r'data-swarm="?seeders', page.text)
    assert "The sea" in shared_server.get(f"/videos/{video['slug']}").text
    embed = shared_server.get(f"/clips/{clip['slug']}/embed")
    assert embed.status_code == 200 and "frame-ancestors 'none'" not in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
    listed = shared_server.get(f"/api/v1/videos/{video['id']}/clips").json()
    assert clip["id"] in [c["id"] for c in listed["clips"]]


def test_who_may_save(shared_server, video):
    answer = requests.post(f"{shared_server.url}/api/v1/videos/{video['id']}/clips", timeout=30,
                           json={"title": "X", "start": 1, "end": 2})
    assert answer.status_code == 401
    for start, end in ((5, 5), (1, 1.05), (0, 500)):
        answer = requests.post(
            f"{shared_server.url}/api/v1/videos/{video['id']}/clips", headers=shared_server.headers(), timeout=30,
            json={"title": "X", "start": start, "end": end})
        assert answer.status_code == 400 and answer.json()["code"] == "bad_range", answer.text


def test_the_feed(shared_server, video, long):
    save(shared_server, video, "A bite of <sound> & light", 10, 25.5)
    feed = ElementTree.fromstring(shared_server.get("/feed/podcast.rss").content)
    names = {"podcast": "https://podcastindex.org/namespace/1.0"}
    item = next(i for i in feed.iter("item") if i.findtext("title") == "Three minutes")
    enclosure = item.find("enclosure").attrib
    assert enclosure["type"] == "video/mp4" and enclosure["length"] == str(long.stat().st_size)
    assert requests.head(enclosure["url"], timeout=30).headers["Content-Length"] == enclosure["length"]
    bites = {b.text: (float(b.get("startTime")), float(b.get("duration")))
             for b in item.findall("podcast:soundbite", names)}
    assert bites["A bite of <sound> & light"] == (10, 15.5)
    sources = [s.get("uri") for s in item.findall("podcast:alternateEnclosure/podcast:source", names)]
    assert any(u.startswith("magnet:?xt=") for u in sources) and any(u.endswith(".torrent") for u in sources)


def test_saved_clips_follow_their_film(server, film):
    video = published(server, film, "Contested")
    clip = save(server, video, start=2, end=5)
    api = f"{server.url}/api/v1/videos/{video['id']}"
    addresses = [f"/clips/{clip['slug']}", f"/clips/{clip['slug']}/embed", f"/api/v1/clips/{clip['id']}",
                 f"/videos/{video['slug']}/clip?start=1&end=2", f"/videos/{video['slug']}/clip.mp4?start=1&end=2"]

    def statuses() -> set[int]:
        return {server.get(address).status_code for address in addresses}
    assert statuses() == {200}
    requests.post(f"{api}/takedown", headers=server.headers(), json={"reason": "rights"}, timeout=30).raise_for_status()
    assert statuses() == {410}
    requests.post(f"{api}/restore", headers=server.headers(), timeout=30).raise_for_status()
    assert statuses() == {200}
    assert server.stop() == 0
    server.start()
    assert statuses() == {200}, "a restart keeps clips"
    api = f"{server.url}/api/v1/videos/{video['id']}"
    requests.delete(api, headers=server.headers(), timeout=30).raise_for_status()
    assert statuses() == {404}


def test_a_clip_becomes_a_film_of_its_own(shared_server, video, long, tmp_path):
    """With its own torrent, which libtorrent downloads, and which stays when the clip is deleted."""
    clip = save(shared_server, video, "Its own")
    api = f"{shared_server.url}/api/v1/clips/{clip['id']}"
    asked = requests.post(f"{api}/materialise", headers=shared_server.headers(), timeout=30)
    assert asked.status_code in (200, 201, 202), asked.text
    headers = shared_server.headers()
    made = wait_until(lambda: requests.get(api, headers=headers, timeout=30).json()["made"], "the film", 60)
    own = next(v for v in shared_server.get("/api/v1/videos").json()["videos"] if v["slug"] == made["slug"])
    assert own["torrent"]["infohash_v1"] != video["torrent"]["infohash_v1"] and abs(own["duration"] - 38) < 0.2
    path = tmp_path / "own.torrent"
    path.write_bytes(without(shared_server.torrent(own["slug"]), "url-list"))
    got = CLIENTS["libtorrent"](str(path), tmp_path / "got")
    check_clip(long, got, START, END)
    assert requests.delete(api, headers=shared_server.headers(), timeout=30).status_code in (200, 204)
    assert shared_server.get(f"/clips/{clip['slug']}").status_code == 404
    assert shared_server.get(f"/videos/{own['slug']}").status_code == 200


def test_a_second_node_cuts_too(postgres, clip_films, tmp_path):
    """A node that has not seen the film before fetches it from the database and cuts it."""
    film = clip_films["mp4-b-frames"]
    with Server(tmp_path / "a", "--database-url", postgres.url) as first:
        video = published(first, film, "Shared")
        clip = save(first, video, start=5, end=8)
        with Server(tmp_path / "b", "--database-url", postgres.url) as second:
            fetched(second, video, tmp_path / "clip.mp4", 5.3, 8.48)
            assert second.get(f"/clips/{clip['slug']}").status_code == 200
    check_clip(film, tmp_path / "clip.mp4", 5.3, 8.48)
