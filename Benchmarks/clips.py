"""Clips: what planning costs, how soon the first byte comes, and how little is fetched for one out of a swarm."""
import json
import os
import socket
import statistics
import subprocess
import time
from pathlib import Path

from clip_checks import own_bytes
from clip_films import B_FRAMES, Recipe, ffmpeg, make
from peers import LibtorrentSeed, got
from server import PROGRAM, Server, run
from waiting import wait_until

#: A minute whose pictures take bytes: 5 MB.
MINUTE = Recipe("mp4", B_FRAMES, seconds=60, noise=True)
SECONDS = 38


def row(path: str, ours: str, beside: str = "-", theirs: str = "-", ratio: float | None = None, aim: str = "-") -> dict:
    return {"path": path, "ours": ours, "beside": beside, "theirs": theirs,
            "ratio": "-" if ratio is None else f"{ratio:.2f}", "aim": aim}


def film_of(minutes: int, folder: Path) -> Path:
    """An MP4 of so many minutes, tables first: one minute again and again."""
    minute, film = make(MINUTE, folder / "minute.mp4"), folder / f"{minutes} minutes.mp4"
    ffmpeg("-stream_loop", minutes - 1, "-i", minute, "-c", "copy", "-movflags", "+faststart", film)
    return film


def clip_plan(folder: Path) -> list[dict]:
    """Of a film of three hours; the program plans a thousand times."""
    program = Path(os.environ.get("REELSWARM_CLIP_PLAN", PROGRAM.with_name("clip-plan")))
    told = subprocess.run([program, "1000"], check=True, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in told.splitlines()[1:]]
    return [row(f"clip plan, {case} of 3 hours, {streams} streams, {access}", f"{float(time):.1f} µs", aim="5 ms")
            for streams, access, case, time in lines if case in ("38 s", "whole")]


def first_byte_over_http(port: int, path: str) -> tuple[float, float]:
    """Seconds from the request to the first byte of the clip, and to its last."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        begun = time.monotonic()
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0 or len(answer) == end + 4:
            part = connection.recv(65536)
            assert part, answer[:300]
            answer += part
        first = time.monotonic() - begun
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        while connection.recv(1 << 20):
            pass
        return first, time.monotonic() - begun


def first_byte_of_ffmpeg(film: Path, start: float) -> tuple[float, float]:
    """The same of `ffmpeg -ss -c copy` into a pipe, which takes a fragmented MP4."""
    begun = time.monotonic()
    process = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-nostdin", "-ss", str(start), "-i", film, "-t", str(SECONDS), "-c", "copy",
         "-f", "mp4", "-movflags", "frag_keyframe+empty_moov", "-"], stdout=subprocess.PIPE)
    assert process.stdout.read(1)
    first = time.monotonic() - begun
    process.stdout.read()
    assert process.wait() == 0
    return first, time.monotonic() - begun


def whole_by_ffmpeg(film: Path, start: float, out: Path) -> float:
    """The clip as an MP4 with its tables, as it is sent by us: its first byte is there when all of it is."""
    begun = time.monotonic()
    ffmpeg("-ss", start, "-i", film, "-t", SECONDS, "-c", "copy", "-movflags", "+faststart", out)
    return time.monotonic() - begun


def clip_first_byte(folder: Path, count: int = 20) -> list[dict]:
    """A fast clip out of an hour, never the same twice. ffmpeg reads the same film from the disk's cache."""
    film = film_of(60, folder)
    starts = [60 + n * 171.3 for n in range(count)]
    with Server(folder / "data") as server:
        slug = server.publish(film, "An hour")["slug"]
        plan = f"/videos/{slug}/clip?start=1&end=2"
        wait_until(lambda: server.get(plan).status_code == 200, "its index", 120)
        # What is made of each new film is made, the film is in the cache of both, and a worker was started before.
        storyboard = f"/videos/{slug}/storyboard.jpg"
        wait_until(lambda: server.get(storyboard).status_code == 200, "its storyboard", 120)
        first_byte_over_http(server.http, f"/videos/{slug}/clip.mp4?start=1&end=3")
        # One after the other in turn, so that whatever else the machine does falls on all.
        ours, theirs, whole = [], [], []
        for start in starts:
            ours.append(first_byte_over_http(server.http, f"/videos/{slug}/clip.mp4?{span(start)}"))
            theirs.append(first_byte_of_ffmpeg(film, start))
            whole.append(whole_by_ffmpeg(film, start, folder / "theirs.mp4"))
        again = [first_byte_over_http(server.http, f"/videos/{slug}/clip.mp4?{span(s)}")[0] for s in starts[-3:]]
        plans = [timed(server, f"/videos/{slug}/clip?{span(start)}") for start in starts]
    median = statistics.median

    def compared(what: str, our: list, beside: str, their: list, aim: str = "-") -> dict:
        return row(what, f"{median(our) * 1000:.0f} ms", beside, f"{median(their) * 1000:.0f} ms",
                   median(t / o for o, t in zip(our, their)), aim)
    firsts, lasts = [[pair[n] for pair in ours] for n in (0, 1)]
    pipe = "ffmpeg -ss -c copy, fragmented, into a pipe"
    return [compared("first byte of a fast clip out of an hour", firsts, "ffmpeg -ss -c copy, into a file", whole, "3"),
            compared("the same", firsts, pipe, [first for first, _ in theirs], "3"),
            compared("its last byte", lasts, pipe, [last for _, last in theirs]),
            row("first byte of a clip that was just cut", f"{median(again) * 1000:.1f} ms"),
            row("its plan over HTTP", f"{median(plans) * 1000:.1f} ms", aim="5 ms")]


def span(start: float) -> str:
    return f"start={start:.1f}&end={start + SECONDS:.1f}"


def timed(server, path: str) -> float:
    begun = time.monotonic()
    assert server.get(path).status_code == 200
    return time.monotonic() - begun


def clip_bytes(folder: Path) -> list[dict]:
    """62 s to 100 s out of ten minutes, from one libtorrent seed that sends 4 MB/s; with and without the index."""
    film, torrent, bare = film_of(10, folder), folder / "film.torrent", folder / "bare.torrent"
    for out, more in ((torrent, ()), (bare, ("--no-clip-index",))):
        assert run("create", film, "-o", out, "--piece-length", 1 << 16, *more).returncode == 0
    plan = json.loads(run("clip-map", torrent, "--start", 62, "--end", 100, "--json").stdout)
    header = sum(last - first + 1 for first, last in plan["header_ranges"])
    own, size = own_bytes(film, 62, 100) + header, film.stat().st_size
    rows = []
    for name, path in (("with the index", torrent), ("without it", bare)):
        with LibtorrentSeed(path, film.parent, up=4_000_000) as seed:
            begun = time.monotonic()
            # A folder each: what was fetched into one need not be fetched again.
            out = folder / name
            out.mkdir()
            got(path, "--start", 62, "--end", 100, "-o", out / "clip.mp4", "--peer", seed.endpoint, seconds=300)
            took = time.monotonic() - begun
            time.sleep(1.2)
            sent = seed.uploaded
        rows += [row(f"bytes fetched for 38 s of 10 minutes, {name}", f"{sent / 1e6:.2f} MB",
                     "the clip's packets and headers", f"{own / 1e6:.2f} MB", sent / own, "1.15"),
                 row(f"the same, {name}", f"{sent / 1e6:.2f} MB, {took:.1f} s", "the whole film",
                     f"{size / 1e6:.2f} MB", sent / size)]
    with LibtorrentSeed(torrent, film.parent, up=4_000_000) as seed:
        begun = time.monotonic()
        got(torrent, "-o", f"{folder / 'whole'}/", "--peer", seed.endpoint, seconds=300)
        rows.append(row("the whole film from the same seed", f"{time.monotonic() - begun:.1f} s"))
    return rows
