"""Torrents of films with a clip index, clips out of them, and how many bytes a clip may take."""
import json
import time
from pathlib import Path

from clip_checks import own_bytes
from clip_films import B_FRAMES, OPEN, RECIPES, Recipe
from peers import LibtorrentSeed, got
from server import run

#: A minute of noise in every container, with what differs from the recipe in `clip_films`.
MINUTE = {
    "mp4": {}, "mp4-late-moov": {"video": B_FRAMES, "more": []}, "mp4-open-group": {"video": OPEN},
    "mp4-fragmented": {}, "mp4-dash": {}, "mp4-badly-interleaved": {}, "mp4-edit-list": {}, "mp4-tracks": {},
    "mov": {}, "mkv": {"subtitles": ""}, "mkv-live": {}, "webm": {}, "webm-vp9": {}, "ts": {}, "ts-mpeg2": {},
    "mpg": {}, "avi": {}, "ogv": {}, "flv": {}, "wmv": {}, "mp3": {}, "m4a": {}, "wav": {}, "flac": {}, "ogg": {},
    "opus": {}, "aac": {},
}


def minute(clip_films, name: str) -> Path:
    base = RECIPES.get(name, RECIPES["mp4"])
    changed = {**vars(base), **MINUTE[name], "seconds": 60, "noise": True}
    return clip_films.made(f"a minute of {name}", Recipe(**changed))


def create(film: Path, out: Path, *more) -> Path:
    """A torrent as `reelswarm create` makes it, with the clip index."""
    done = run("create", film, "-o", out, "--piece-length", 16384, *more)
    assert done.returncode == 0, done.stderr
    return out


def plan(torrent: Path, start: float = 62, end: float = 100) -> dict:
    done = run("clip-map", torrent, "--start", start, "--end", end, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def clip_of(source, out: Path, *more, start: float = 62, end: float = 100, seconds: float = 60) -> dict:
    return got(source, "--start", start, "--end", end, "-o", out, *more, seconds=seconds)


def given(seed: LibtorrentSeed) -> int:
    """Bytes that have left a libtorrent seed; it counts once a second."""
    time.sleep(1.2)
    return seed.uploaded


def most_bytes(film: Path, made: dict, start: float, end: float) -> int:
    """The most that a clip may fetch: its own packets, the headers, a little more, a piece at each end of a range."""
    header = sum(last - first + 1 for first, last in made["header_ranges"])
    return int(1.15 * (own_bytes(film, start, end) + header)) + 2 * made["pieces"]["piece_length"] * len(made["ranges"])
