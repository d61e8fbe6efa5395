"""`reelswarm cut` of films in every container: the frames and the sound that come out are named and counted."""
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clip_checks import check_clip, film_shown, probe, quality
from clip_films import SOUND, VIDEO
from server import run

#: At the beginning, at a key frame, between two, within one frame, to the end, beyond it.
POINTS = [(0, 3), (4, 7), (5.3, 8.48), (6.2, 6.24), (9.02, 12), (10.5, 30)]
#: A caption, or a picture that is shown for a second, may stay longer than the clip.
LOOSE = ("mp4-subtitles", "mkv", "mp4-3-hours")
LONG_POINTS = [(0, 20), (3600.5, 3638), (5000, 5000.9), (10_700, 10_900)]


def cut(film: Path, clip: Path, start: float, end: float, *more) -> dict:
    done = run("cut", film, clip, "--start", start, "--end", end, "--json", *more)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-1000:]
    return json.loads(done.stdout)


def points_of(name: str) -> list:
    if name == "mp4-3-hours":
        return LONG_POINTS
    if name == "mp4-1-frame":
        return [(0, 0.04), (0, 5)]
    # Each film in turn at other places, the plainest at all.
    turn = (VIDEO + SOUND).index(name)
    return POINTS if name in ("mp4", "mkv", "ts") else [POINTS[(turn + n) % 6] for n in (0, 2, 5)]


@pytest.mark.parametrize("name", VIDEO + SOUND)
def test_the_clip_shows_what_was_asked_for(clip_films, tmp_path, name):
    """L09: starts within one group of pictures (MP4: at the asked frame), every frame whole, ends where it should."""
    film = clip_films[name]
    film_shown(film)

    def one(point):
        start, end = point
        clip = tmp_path / f"{start} to {end}{film.suffix}"
        facts = cut(film, clip, start, end)
        try:
            part = check_clip(film, clip, start, end)
        except AssertionError as error:
            raise AssertionError(f"{name}, {start} to {end}: {error}") from error
        assert facts["bytes"] == clip.stat().st_size and facts["actual_start"] <= start + 0.05
        played = float(probe(clip)["format"].get("duration", part.end))
        assert abs(facts["duration"] - played) < (1 if name in LOOSE else 0.3), (facts, played)
    with ThreadPoolExecutor(2) as both:
        list(both.map(one, points_of(name)))


@pytest.mark.parametrize("name,ending", [
    ("mp4-b-frames", "mkv"), ("mp4-b-frames", "ts"), ("mkv", "mp4"), ("ts", "mp4"), ("flv", "mp4"), ("webm", "mkv"),
    ("mp4-edit-list", "mkv"), ("avi", "mp4"), ("mp4-fragmented", "mp4"), ("webm-vp9", "mp4")])
def test_from_one_container_into_another(clip_films, tmp_path, name, ending):
    clip = tmp_path / f"clip.{ending}"
    cut(clip_films[name], clip, 5.3, 8.48)
    check_clip(clip_films[name], clip, 5.3, 8.48)


def test_all_tracks_come_along(clip_films, tmp_path):
    clip = tmp_path / "clip.mp4"
    cut(clip_films["mp4-tracks"], clip, 4.3, 7)
    streams = probe(clip)["streams"]
    assert [s["codec_name"] for s in streams] == ["h264", "aac", "aac", "ac3"]
    assert streams[2]["tags"]["language"] == "deu"


def test_the_picture_stays_turned(clip_films, tmp_path):
    clip = tmp_path / "clip.mp4"
    cut(clip_films["mp4-rotated"], clip, 4.3, 7)
    assert rotation(clip) == rotation(clip_films["mp4-rotated"]) != 0


def rotation(path: Path) -> int:
    video = next(s for s in probe(path)["streams"] if s["codec_type"] == "video")
    return next((int(d["rotation"]) for d in video.get("side_data_list", []) if "rotation" in d), 0)


@pytest.mark.parametrize("name", ["mp4-subtitles", "mkv"])
def test_captions_stand_where_they_stood(clip_films, tmp_path, name):
    film = clip_films[name]
    clip = tmp_path / f"clip{film.suffix}"
    cut(film, clip, 4, 7)
    text = subprocess.run(["ffmpeg", "-v", "error", "-i", clip, "-map", "0:s", "-f", "srt", "-"], check=True,
                          capture_output=True, text=True).stdout
    cues = re.findall(r"00:00:(\d\d),(\d+) --> .*\n(.*)", text)
    assert [cue[2] for cue in cues] == ["Second 4", "Second 6"], text
    assert [round(int(s) + int(ms) / 1000, 1) for s, ms, _ in cues] == [0.2, 2.2], text


@pytest.mark.parametrize("name,ending", [
    ("mp4-b-frames", "mp4"), ("mp4-vfr", "mp4"), ("mp4-edit-list", "mov"), ("mkv", "mkv"), ("ts", "mp4"),
    ("avi", "mkv"), ("webm", "webm"), ("mp4-open-group", "webm"), ("mp4-sound-later", "mp4"),
    ("mp4-fragmented", "mp4"), ("ogv", "webm")])
def test_an_exact_cut(clip_films, tmp_path, name, ending):
    """First and last frame right, PSNR of each picture above 35 dB, sound and length right to a packet and a frame."""
    film, clip = clip_films[name], tmp_path / f"clip.{ending}"
    start, end = 5.3, 8.48
    cut(film, clip, start, end, "--exact")
    part = check_clip(film, clip, start, end, exact=True)
    whole = film_shown(film)
    wanted = [n for n, t in zip(whole.numbers, whole.times) if start - 0.001 <= t < end - 0.001]
    assert abs(part.numbers[0] - wanted[0]) <= 1 and abs(part.numbers[-1] - wanted[-1]) <= 1
    assert abs(part.sound - (end - start)) < 0.06, part.sound
    if name != "mkv":
        # A caption may stay longer than the clip.
        assert abs(float(probe(clip)["format"]["duration"]) - (end - start)) < 0.1
    assert quality(film, clip, whole.numbers.index(part.numbers[0]), len(part.numbers)) > 35


def test_an_exact_cut_of_a_turned_picture(clip_films, tmp_path):
    """Turned by a note in the file still, or once and for all: as it is shown, it is the same."""
    clip = tmp_path / "clip.mp4"
    cut(clip_films["mp4-rotated"], clip, 4.3, 5, "--exact")
    video = next(s for s in probe(clip)["streams"] if s["codec_type"] == "video")
    turned = rotation(clip)
    assert (turned, video["width"]) in ((rotation(clip_films["mp4-rotated"]), 128), (0, 96))


@pytest.mark.parametrize("times,words", [
    (("7", "7"), "after"), (("8", "7"), "after"), (("40", "50"), "long"), (("nan", "5"), "time"), (("-1", "5"), ""),
    (("0", "1e308"), ""), (("inf", "inf"), "time")])
def test_wrong_times_are_one_sentence(clip_films, tmp_path, times, words):
    """L08, on the command line."""
    clip = tmp_path / "clip.mp4"
    done = run("cut", clip_films["mp4"], clip, f"--start={times[0]}", f"--end={times[1]}")
    assert done.returncode != 0 and words in done.stderr and "Fatal" not in done.stderr, done
    assert not clip.exists()


def test_what_lies_there_is_never_replaced(clip_films, tmp_path):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"mine")
    done = run("cut", clip_films["mp4"], clip, "--start", 1, "--end", 2)
    assert done.returncode == 1 and "exists already" in done.stderr and clip.read_bytes() == b"mine"


def test_a_damaged_film_gives_a_clip_or_a_sentence(clip_films, tmp_path):
    """Cut off in the middle, and with bytes changed all over: never a crash, never a file without an end."""
    content = clip_films["mkv"].read_bytes()
    spoilt = bytearray(content)
    for place in range(5000, len(spoilt), 997):
        spoilt[place] ^= 0x5A
    for number, body in enumerate([content[:len(content) // 2], bytes(spoilt), content[:300], b""]):
        film, clip = tmp_path / f"{number}.mkv", tmp_path / f"clip {number}.mkv"
        film.write_bytes(body)
        done = run("cut", film, clip, "--start", 4, "--end", 7)
        assert done.returncode in (0, 1) and "Fatal" not in done.stderr, done
        assert clip.exists() == (done.returncode == 0)
        if clip.exists():
            subprocess.run(["ffprobe", "-v", "quiet", "-show_packets", clip], check=True, stdout=subprocess.DEVNULL)
