"""What Chromium shows of a fast clip: the picture of the asked moment at 0 s, and of the moments after it.

Open groups of pictures are left out: Chromium gives up when it seeks in such a film, whoever cut it, and if nobody did.
"""
import pytest
from playwright.sync_api import sync_playwright

from clip_checks import film_shown, number_of
from clip_films import HEIGHT, WIDTH, ffmpeg
from server import run
from web_seed import WebSeed

SHOWN = """async ([name, times]) => {
    const video = document.createElement("video");
    const told = kind => new Promise((go, stop) => {
        video.addEventListener(kind, go, {once: true});
        video.addEventListener("error", () => stop(video.error.message), {once: true});
    });
    // Chromium does not always tell of a picture that it shows while it stands still.
    const presented = () => new Promise(go => { video.requestVideoFrameCallback(go); setTimeout(go, 700); });
    document.body.replaceChildren(video);
    video.muted = true;
    video.src = name;
    await Promise.all([told("loadeddata"), presented()]);
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const pen = canvas.getContext("2d", {willReadFrequently: true});
    const pictures = [];
    for (const time of times) {
        if (time > 0) { video.currentTime = time; await Promise.all([told("seeked"), presented()]); }
        pen.drawImage(video, 0, 0);
        const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
        pictures.push(Array.from({length: data.length / 4}, (_, n) => data[4 * n + 1]));
    }
    return {duration: video.duration, width: canvas.width, height: canvas.height, pictures};
}"""


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("name", ["mp4", "mp4-b-frames", "mp4-fragmented", "mp4-vfr", "mp4-edit-list",
                                  "mp4-sound-later", "mp4-badly-interleaved", "mov"])
@pytest.mark.parametrize("start,end", [(4, 7), (5.3, 8.48), (10.5, 12)])
def test_a_clip_begins_at_the_asked_second(chromium, clip_films, tmp_path, name, start, end):
    film = film_shown(clip_films[name])
    done = run("cut", clip_films[name], tmp_path / "clip.mp4", "--start", start, "--end", end)
    if name == "mov":
        # Sound without compression has no place in MP4.
        ffmpeg("-i", clip_films[name], "-map", "0:v", "-c", "copy", tmp_path / "v.mov")
        done = run("cut", tmp_path / "v.mov", tmp_path / "clip.mp4", "--start", start, "--end", end)
    assert done.returncode == 0, done.stderr
    (tmp_path / "page.html").write_text("<!doctype html><title>Player</title>")
    times = [0, 0.51, 1.01]
    with WebSeed(tmp_path) as web:
        page = chromium.new_page()
        page.goto(web.url + "page.html")
        told = page.evaluate(SHOWN, ["clip.mp4", times])
        page.close()
    assert (told["width"], told["height"]) == (WIDTH, HEIGHT)
    assert abs(told["duration"] - (min(end, film.end) - start)) < 0.2
    numbers = [number_of(bytes(picture)) for picture in told["pictures"]]
    for time, number in zip(times, numbers):
        wanted = max(n for n, t in zip(film.numbers, film.times) if t <= max(start + time, film.times[0]) + 0.001)
        # Where the rate varies the next picture may be four numbers away; otherwise it is one.
        near = 5 if name == "mp4-vfr" else 1
        assert number is not None and abs(number - wanted) <= near, (time, number, wanted)
