"""Files that want something else opened, through the real server and its worker: HAZARDS L01 and L02.

L03: AllowListTests, ProbeTests. L04: HostileFileTests.damagedFilesAreAnswered, test_clips_cut. L05: BombTests.
L06 and L07: SandboxTests, SystemCallTests. L08: ClipPlanTests (Site), test_clips_site. L09: test_clips_cut.
L10, L12: ClipCutTests (Publishing), test_clips_site. L11: ThumbnailTests, ClipFileTests, test_clips_site.
"""
import subprocess

import pytest

from canaries import Listener, Watched, texts, with_outside_data, with_subtitle_playlist
from server import run

ENDINGS = ["mp4", "m3u8", "avi", "mkv", "ts", "mp3", "mpd"]


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


@pytest.fixture
def canary(tmp_path):
    return Watched(tmp_path / "canary.txt")


def untouched(listener, canary):
    assert listener.hits == 0, "somebody followed the address"
    assert not canary.was_opened(), "somebody opened the file"


def test_the_canaries_sing(listener, canary, tmp_path):
    """What ffmpeg does with the same, let loose: without this the other tests would prove nothing."""
    playlist = tmp_path / "x.m3u8"
    playlist.write_bytes(texts(f"http://127.0.0.1:{listener.port}/", canary.path)["hls-address"])
    subprocess.run(["ffmpeg", "-v", "quiet", "-nostdin", "-protocol_whitelist", "file,http,tcp", "-i", playlist,
                    "-f", "null", "-"])
    assert listener.hits > 0
    canary.path.read_text()
    assert canary.was_opened()


def test_playlists_are_no_films(shared_server, listener, canary, tmp_path):
    """L01: whatever they are called."""
    tricks = texts(f"http://127.0.0.1:{listener.port}/", canary.path)
    for number, (name, content) in enumerate(tricks.items()):
        for ending in {ENDINGS[number % len(ENDINGS)], "mp4"}:
            path = tmp_path / f"{name}.{ending}"
            path.write_bytes(content)
            answer = shared_server.post_film(path, name)
            assert answer.status_code == 422 and answer.json()["code"] == "not_a_video", (path.name, answer.text)
    untouched(listener, canary)


@pytest.mark.parametrize("command", [("probe",), ("clip-map", "--start", "0", "--end", "1"), ("cut",)])
def test_the_programs_follow_nothing_either(listener, canary, tmp_path, command):
    tricks = texts(f"http://127.0.0.1:{listener.port}/", canary.path)
    for name in ("hls-address", "hls-file", "ffconcat", "dash", "sdp"):
        path = tmp_path / f"{name}.mp4"
        path.write_bytes(tricks[name])
        more = [path, tmp_path / "out.mp4", "--start", 0, "--end", 1] if command == ("cut",) else [path, *command[1:]]
        done = run(command[0], *more)
        assert done.returncode == 1 and "Fatal" not in done.stderr, done
    untouched(listener, canary)


def test_data_that_lies_elsewhere(shared_server, listener, canary, tmp_path, clip_films):
    """A movie whose chunks are said to be at an address, or in another file."""
    for name, target in (("address", f"http://127.0.0.1:{listener.port}/x.mp4"), ("file", str(canary.path))):
        path = tmp_path / f"{name}.mp4"
        with_outside_data(clip_films["mp4-b-frames"], path, target)
        answer = shared_server.post_film(path, name)
        assert answer.status_code in (201, 422), answer.text
        if answer.status_code == 201:
            shared_server.get(f"/videos/{answer.json()['slug']}/clip.mp4?start=1&end=3")
        run("cut", path, tmp_path / f"cut-{name}.mp4", "--start", 1, "--end", 3)
    untouched(listener, canary)


@pytest.mark.parametrize("kind", ["hls-address", "hls-file", "ffconcat"])
def test_a_playlist_among_subtitles(shared_server, listener, canary, tmp_path, clip_films, kind):
    """L02: an AVI film whose subtitles are a playlist. The film may be published; nothing else is opened."""
    path = tmp_path / f"{kind}.avi"
    with_subtitle_playlist(clip_films["avi"], path, texts(f"http://127.0.0.1:{listener.port}/", canary.path)[kind])
    answer = shared_server.post_film(path, kind)
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 201:
        slug = answer.json()["slug"]
        for address in ("clip?start=1&end=3", "clip.avi?start=1&end=3", "clip.mkv?start=1&end=3"):
            assert shared_server.get(f"/videos/{slug}/{address}").status_code in (200, 404, 415)
    run("cut", path, tmp_path / "cut.avi", "--start", 1, "--end", 3)
    untouched(listener, canary)
