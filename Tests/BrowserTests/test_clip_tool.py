"""The clip tool and saved clips in a real browser, with a film whose picture tells the second it shows."""
import re
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest
import requests
from playwright.sync_api import expect

from test_browser import chromium, count, log_in, no_sideways_scroll, page, picture, watch  # noqa: F401
from waiting import wait_until

SECONDS = 90
# What a canvas reads from the film: eight bars, black or white, are the bits of the second.
READ_SECOND = """(video) => {
    const canvas = document.createElement('canvas'), width = canvas.width = 320, height = canvas.height = 180;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(video, 0, 0, width, height);
    let second = 0;
    for (let bar = 0; bar < 8; bar += 1) {
        if (context.getImageData((bar + 0.5) * width / 8, height / 2, 1, 1).data[1] > 127) second += 2 ** bar;
    }
    return second;
}"""


def make_clock_film(path):
    """Ten frames a second, a key frame every two seconds, each second a picture of its own, with sound."""
    bars = "255*mod(floor(floor(T+0.001)/pow(2\\,floor(X*8/W)))\\,2)"
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y",
               "-f", "lavfi", "-i", f"color=black:size=320x180:rate=10:duration={SECONDS}",
               "-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}",
               "-vf", f"format=gray,geq=lum='{bars}',noise=alls=12:allf=t,format=yuv420p", "-c:v", "libx264",
               "-preset", "ultrafast", "-b:v", "400k", "-g", "20", "-keyint_min", "20", "-sc_threshold", "0",
               "-bf", "2", "-c:a", "aac", "-shortest", "-movflags", "+faststart", str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="module")
def site(shared_server):
    """A server with the film and its index."""
    film = make_clock_film(shared_server.data / "Clock.mp4")
    shared_server.slug = shared_server.publish(film, "The clock")["slug"]
    made(shared_server, "/clip?start=1&end=2")
    return shared_server


def made(site, path: str):
    """Waits for what is made of the film after it was published."""
    wait_until(lambda: site.get(f"/videos/{site.slug}{path}").status_code == 200, path, 60)


@pytest.fixture
def film(site):
    return f"{site.url}/videos/{site.slug}"


def fill(page, start: str, end: str):
    page.fill("#clip-end", end)
    page.fill("#clip-start", start)
    page.fill("#clip-end", end)


def link_of(page) -> dict:
    """Path and query of the download."""
    parts = urlparse(page.get_attribute("a[data-link=clip]", "href"))
    return {"path": parts.path, **{name: values[0] for name, values in parse_qs(parts.query).items()}}


def time_of(page) -> float:
    return page.evaluate("document.querySelector('[data-player]').currentTime")


def handle(page, which: str):
    return page.locator(f"[role=slider][data-clip-handle={which}]")


def value(page, which: str) -> float:
    return float(handle(page, which).get_attribute("aria-valuenow"))


def test_handles_move_by_keyboard(page, film):
    page.goto(film)
    start, end = handle(page, "start"), handle(page, "end")
    start.focus()
    for key, expected in (("ArrowRight", 0.1), ("Shift+ArrowRight", 1.1), ("PageUp", 11.1), ("ArrowLeft", 11.0),
                          ("Shift+ArrowLeft", 10.0), ("PageDown", 0.0), ("ArrowLeft", 0.0)):
        page.keyboard.press(key)
        assert value(page, "start") == pytest.approx(expected), key
    end.focus()
    page.keyboard.press("End")
    assert value(page, "end") == pytest.approx(SECONDS, abs=0.2)
    page.keyboard.press("Home")
    assert value(page, "end") == pytest.approx(0.1)
    assert "second" in end.get_attribute("aria-valuetext")
    assert page.input_value("#clip-start") == "0:00.0" and page.input_value("#clip-end") == "0:00.1"


def test_handles_are_dragged_and_the_player_shows_the_place(page, film):
    page.goto(film)
    page.locator("[data-clip-line]").scroll_into_view_if_needed()
    track = page.locator("[data-clip-track]").bounding_box()
    for which, share in (("end", 0.75), ("start", 0.5)):
        box = handle(page, which).bounding_box()
        assert box["width"] >= 24 and box["height"] >= 24
        edge = box["x"] if which == "end" else box["x"] + box["width"]
        middle = box["x"] + box["width"] / 2
        page.mouse.move(middle, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(track["x"] + 60, box["y"] + 20, steps=3)
        page.mouse.move(track["x"] + share * track["width"] + middle - edge, box["y"] + 20, steps=3)
        expect(page.locator("[data-clip-bubble]")).to_be_visible()
        page.mouse.up()
        assert value(page, which) == pytest.approx(share * SECONDS, abs=1)
    wait_until(lambda: abs(time_of(page) - value(page, "start")) < 0.2, "the player at the start", 5)
    # The start cannot pass the end.
    handle(page, "start").focus()
    page.keyboard.press("End")
    assert value(page, "start") == pytest.approx(value(page, "end") - 0.1)


def test_the_time_line_can_be_seen_closer(page, film):
    page.goto(film)
    fill(page, "40", "42")
    near = handle(page, "end").bounding_box()["x"] - handle(page, "start").bounding_box()["x"]
    page.click("[data-clip-closer]")
    assert page.inner_text("[data-clip-from]") == "0:35" and page.inner_text("[data-clip-to]") == "0:47"
    assert handle(page, "end").bounding_box()["x"] - handle(page, "start").bounding_box()["x"] > near + 50
    # What is typed elsewhere is looked at there.
    fill(page, "70", "72")
    assert page.inner_text("[data-clip-from]") == "1:05"
    picture(page, "clip-tool-closer")
    page.click("[data-clip-closer]")
    assert page.inner_text("[data-clip-to]") == "1:30"


def test_handles_follow_a_finger(chromium, film):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    complaints = []
    watch(page, complaints)
    page.goto(film)
    page.locator("[data-clip-line]").scroll_into_view_if_needed()
    box, track = handle(page, "end").bounding_box(), page.locator("[data-clip-track]").bounding_box()
    touch = context.new_cdp_session(page)
    x, y = box["x"] + 12, box["y"] + 20

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", (x, y))
    for step in range(1, 6):
        send("touchMove", (x + step * track["width"] / 20, y + step))
    send("touchEnd")
    assert value(page, "end") == pytest.approx(30 + SECONDS / 4, abs=2)
    # The player stays in sight while the tool is used.
    assert page.evaluate("document.querySelector('[data-player]').getBoundingClientRect().bottom > 100")
    no_sideways_scroll(page)
    assert complaints == []
    context.close()


def test_typed_times_are_exact_and_mistakes_are_said_in_words(page, film):
    page.goto(film)
    fill(page, "0:00:62.345", "70.5")
    assert "seconds" in page.inner_text("[data-clip-problem]")
    fill(page, "0:01:02.345", "70.5")
    expect(page.locator("[data-clip-problem]")).to_be_hidden()
    assert (value(page, "start"), value(page, "end")) == (62.345, 70.5)
    link = link_of(page)
    assert (link["start"], link["end"], link["mode"]) == ("62.345", "70.5", "fast")
    assert page.inner_text("[data-clip-length]") == "8.155 s"
    for start, end, words in (("80", "70", "after"), ("70", "70", "after"), ("1:70", "80", "seconds"),
                              ("-3", "80", "seconds"), ("abc", "80", "seconds"), ("10", "1e308", "seconds"),
                              ("10", "", "seconds"), ("10", "100", "long"), ("500", "600", "long")):
        fill(page, start, end)
        expect(page.locator("[data-clip-problem]")).to_contain_text(words)
        expect(page.locator("[data-clip-results]")).to_be_hidden()
        assert page.locator("[aria-invalid=true]").count() == 1
    picture(page, "clip-tool-problem")
    fill(page, "1:02", "1:10")
    expect(page.locator("[data-clip-results]")).to_be_visible()


def test_the_player_gives_start_and_end(page, film):
    page.goto(film)
    page.evaluate("document.querySelector('[data-player]').currentTime = 40")
    wait_until(lambda: abs(time_of(page) - 40) < 0.1, "the player at 40", 5)
    page.click("[data-clip-here=start]")
    assert (value(page, "start"), value(page, "end")) == (40, 70)
    page.evaluate("document.querySelector('[data-player]').currentTime = 45")
    wait_until(lambda: abs(time_of(page) - 45) < 0.1, "the player at 45", 5)
    page.click("[data-clip-here=end]")
    assert (value(page, "start"), value(page, "end")) == (40, 45)
    # Before the start nothing ends, and the start is not lost.
    page.evaluate("document.querySelector('[data-player]').currentTime = 10")
    wait_until(lambda: abs(time_of(page) - 10) < 0.1, "the player at 10", 5)
    page.click("[data-clip-here=end]")
    expect(page.locator("[data-clip-problem]")).to_contain_text("before the start")
    assert (value(page, "start"), value(page, "end")) == (40, 45)
    # A typed time is looked at.
    page.fill("#clip-end", "50")
    expect(page.locator("[data-clip-problem]")).to_be_hidden()
    wait_until(lambda: abs(time_of(page) - 50) < 0.1, "the player at 50", 5)
    page.fill("#clip-end", "45")
    # A click into the line goes there.
    track = page.locator("[data-clip-track]")
    track.click(position={"x": track.bounding_box()["width"] * 0.8, "y": 20})
    wait_until(lambda: time_of(page) == pytest.approx(0.8 * SECONDS, abs=0.5), "the player where it was clicked", 5)
    assert (value(page, "start"), value(page, "end")) == (40, 45)


def test_the_preview_plays_the_interval_in_a_loop(page, film):
    page.goto(film)
    page.evaluate("document.querySelector('[data-player]').muted = true")
    fill(page, "20", "21.5")
    page.evaluate("""() => {
        const player = document.querySelector('[data-player]');
        window.seen = [];
        player.addEventListener('timeupdate', () => window.seen.push(player.currentTime));
    }""")
    page.click("[data-clip-preview]")
    wait_until(lambda: page.evaluate("window.seen.filter((t, i) => i > 0 && t < window.seen[i - 1]).length >= 2"),
               "two rounds", 20)
    times = page.evaluate("window.seen.filter(t => t >= 19.9)")
    assert max(times) < 21.9
    page.click("[data-clip-preview]")
    assert page.evaluate("document.querySelector('[data-player]').paused")
    assert page.get_attribute("[data-clip-preview]", "aria-pressed") == "false"


def test_the_cost_is_told(page, film):
    page.goto(film)
    fill(page, "63", "70")
    cost = page.locator("[data-clip-cost]")
    command = page.inner_text("[data-clip-command]")
    assert "--start 63 --end 70 -o " in command and command.endswith(" 1.03-1.10.mp4'")
    expect(cost).to_contain_text(re.compile(r"[\d.]+ (KB|MB), [\d.]+ % of the film"))
    hint = page.locator("[data-clip-mode-hint]")
    expect(hint).to_contain_text("from the start you chose; the file itself holds the film from the key frame 1:02 on")
    page.select_option("#clip-ending", "mkv")
    expect(hint).to_contain_text("Begins at the key frame 1:02, before the start you chose")
    assert page.inner_text("[data-clip-command]").endswith("--start 63 --end 70 -o 'Clock 1.03-1.10.mkv'")
    page.check("[name=clip-mode][value=exact]", force=True)
    page.select_option("#clip-ending", "mp4")
    expect(hint).not_to_contain_text("key frame")
    expect(cost).to_contain_text("Made from ")
    assert "--end 70 --exact -o " in page.inner_text("[data-clip-command]")
    page.check("[name=clip-mode][value=fast]", force=True)
    command = page.inner_text("[data-clip-command]")
    assert command.startswith("reelswarm get ") and "--start 63" in command and "--end 70" in command
    assert re.search(r"\d+ pieces?", page.inner_text("[data-clip-pieces]"))


def test_the_time_line_shows_the_film(page, site, film):
    made(site, "/storyboard.jpg")
    page.goto(film)
    fill(page, "63", "70")
    strip = page.locator("[data-clip-tool].has-sheet [data-clip-strip]")
    expect(strip).to_be_visible()
    # Some of its pictures are white where others are black.
    shades = strip.evaluate("""strip => {
        const data = strip.getContext('2d').getImageData(0, strip.height / 2, strip.width, 1).data;
        return new Set(Array.from(data).filter((_, i) => i % 4 === 1).map(shade => shade > 127)).size;
    }""")
    assert shades == 2
    picture(page, "clip-tool")


def test_a_copied_link_selects_the_clip_and_plays_it_to_its_end(page, film):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(film)
    fill(page, "30", "31.5")
    page.click("[data-clip-link]")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == film + "#t=30,31.5"
    for address in (link, f"{film}?start=30&end=31.5"):
        page.goto("about:blank")
        page.goto(address)
        assert (value(page, "start"), value(page, "end")) == (30, 31.5)
        assert page.input_value("#clip-start") == "0:30.0"
        wait_until(lambda: abs(time_of(page) - 30) < 0.1, "the player begins at 30", 10)
        page.evaluate("(v => { v.muted = true; return v.play() })(document.querySelector('[data-player]'))")
        wait_until(lambda: page.evaluate("document.querySelector('[data-player]').paused"), "it stops", 10)
        assert time_of(page) == pytest.approx(31.5, abs=0.3)


def test_a_fast_clip_starts_at_the_asked_second_in_the_browser(page, film):
    page.goto(film)
    fill(page, "63", "67")
    with page.expect_download() as waiting:
        page.click("a[data-link=clip]")
    assert re.search(r"1\.03-1\.07\.mp4$", waiting.value.suggested_filename)
    clip = shown(page, link_of(page))
    assert clip["first"] == 63 and clip["last"] == 66
    assert clip["duration"] == pytest.approx(4, abs=0.25)


def shown(page, link: dict) -> dict:
    """Plays a clip in a video element: its length, and the seconds its first and its last picture show."""
    address = f"{link['path']}?start={link['start']}&end={link['end']}&mode={link['mode']}"
    return page.evaluate("""async (address) => {
        const video = document.createElement('video');
        video.muted = true;
        video.src = address;
        const event = name => new Promise((good, bad) => {
            video.addEventListener(name, good, { once: true });
            video.addEventListener('error', () => bad(new Error(video.error.message)), { once: true });
        });
        await event('loadeddata');
        const read = %s;
        video.currentTime = 0;
        await event('seeked');
        // On a busy machine a picture may be painted a moment after it was sought.
        let first = read(video);
        for (let round = 0; round < 20 && first === 0; round += 1) {
            await new Promise(done => setTimeout(done, 50));
            first = read(video);
        }
        const ended = event('ended');
        video.playbackRate = 2;
        await video.play();
        await ended;
        return { first, last: read(video), duration: video.duration };
    }""" % READ_SECOND, address)


def test_exact_and_sound_are_offered_and_downloaded(page, film):
    page.goto(film)
    fill(page, "33", "35")
    page.check("[name=clip-mode][value=exact]", force=True)
    link = link_of(page)
    assert link["mode"] == "exact"
    clip = shown(page, link)
    assert (clip["first"], clip["last"]) == (33, 34)
    assert clip["duration"] == pytest.approx(2, abs=0.15)
    page.check("[name=clip-mode][value=audio]", force=True)
    page.select_option("#clip-ending", "m4a")
    link = link_of(page)
    assert link["path"].endswith("/clip.m4a") and link["mode"] == "audio"
    assert sound_length(page, f"{link['path']}?start=33&end=35&mode=audio") == pytest.approx(2, abs=0.15)
    # What the sound cannot be copied into it is encoded into.
    page.select_option("#clip-ending", "mp3")
    link = link_of(page)
    assert link["path"].endswith("/clip.mp3") and link["mode"] == "exact"
    expect(page.locator("[data-clip-mode-hint]")).to_contain_text("encoded anew")
    assert sound_length(page, f"{link['path']}?start=33&end=35&mode=exact") == pytest.approx(2, abs=0.15)
    page.fill("#clip-end", "34")
    assert link_of(page)["mode"] == "exact"


def sound_length(page, address: str) -> float:
    """What a player of the browser says about a sound."""
    return page.evaluate("""address => new Promise((good, bad) => {
        const sound = new Audio(address);
        sound.onloadedmetadata = () => good(sound.duration);
        sound.onerror = () => bad(new Error(sound.error.message));
    })""", address)


def test_a_saved_clip_has_a_page_that_stops_at_its_end(site, film, page):
    log_in(page, site)
    page.goto(film)
    fill(page, "40", "41.5")
    page.click(".clip-save summary")
    page.fill("#clip-title", 'Forty "and" <more>')
    page.fill("#clip-description", "What forty looks like.")
    page.click("#save-clip button[type=submit]")
    page.wait_for_url(re.compile(r"/clips/"))
    address = page.url.split("?")[0]
    expect(page.locator("h1")).to_have_text('Forty "and" <more>')
    assert page.get_attribute("a[data-link=film]", "href") == f"/videos/{site.slug}"
    assert count(page, "seeders") == "1"
    assert page.get_attribute("a[data-link=magnet]", "href").startswith("magnet:?")
    wait_until(lambda: abs(time_of(page) - 40) < 0.1, "the player begins at 40", 10)
    picture(page, "clip")
    page.evaluate("document.querySelector('[data-player]').muted = true")
    for _ in range(2):
        page.click("[data-interval-play]")
        wait_until(lambda: page.eval_on_selector("[data-player]", READ_SECOND) == 40, "forty is shown", 10)
        wait_until(lambda: page.evaluate("document.querySelector('[data-player]').paused"), "it stops", 10)
        assert time_of(page) == pytest.approx(41.5, abs=0.2)
        expect(page.locator("[data-interval-words]")).to_have_text("Play again")
    page.evaluate("document.querySelector('[data-player]').currentTime = 80")
    wait_until(lambda: time_of(page) == pytest.approx(41.5, abs=0.2), "kept within the clip", 5)
    clip = shown(page, {"mode": "fast", **link_of(page)})
    assert clip["first"] == 40
    embedded(page, address)
    page.goto(film)
    listed = page.locator(".clip-list li")
    expect(listed).to_have_count(1)
    expect(listed.locator("h3")).to_have_text('Forty "and" <more>')
    picture(page, "video-with-clips")
    page.goto(site.url + "/account")
    expect(page.locator("[aria-labelledby=own-clips]")).to_contain_text('Forty "and" <more>')
    picture(page, "account-with-clips")
    managed(page, address)


def embedded(page, address: str):
    """The clip in a frame of another page: it stops there too, and its title leads out of the frame."""
    page.goto(address + "/embed")
    wait_until(lambda: abs(time_of(page) - 40) < 0.1, "the player begins at 40", 10)
    page.evaluate("(v => { v.muted = true; return v.play() })(document.querySelector('[data-player]'))")
    wait_until(lambda: page.evaluate("document.querySelector('[data-player]').paused"), "it stops", 10)
    assert time_of(page) == pytest.approx(41.5, abs=0.2)
    assert page.get_attribute(".embed-title a", "href") == address
    assert page.get_attribute(".embed-title a", "target") == "_top"
    assert page.locator("form").count() == 0
    policy = requests.get(page.url, timeout=10).headers["content-security-policy"]
    assert "frame-ancestors 'none'" not in policy
    picture(page, "embed")


def managed(page, address: str):
    """Its owner renames it, and deletes it."""
    page.goto(address)
    page.click("#manage-clip summary >> text=Edit")
    page.fill("#edit-clip [name=title]", "Forty again")
    page.click("#edit-clip button[type=submit]")
    expect(page.locator("h1")).to_have_text("Forty again")
    page.click("#manage-clip summary >> text=Delete")
    picture(page, "clip-managed")
    page.click("#delete-clip button[type=submit]")
    page.wait_for_url(re.compile(r"/videos/"))
    expect(page.locator(".clip-list")).to_have_count(0)
    assert requests.get(address, timeout=10).status_code == 404


def test_a_clip_becomes_a_film_of_its_own(site, film, page):
    log_in(page, site)
    page.goto(film)
    fill(page, "50", "54")
    page.click(".clip-save summary")
    page.fill("#clip-title", "Fifty to fifty-four")
    page.click("#save-clip button[type=submit]")
    page.wait_for_url(re.compile(r"/clips/"))
    address = page.url.split("?")[0]
    page.click("#manage-clip summary >> text=Make a film")
    page.click("#materialise button[type=submit]")
    page.wait_for_url(address)
    # The page turns by itself.
    expect(page.locator("a[data-link=made]")).to_be_visible(timeout=60_000)
    expect(page.locator("#own-film[data-moving]")).to_have_count(0)
    assert page.locator("#materialise").count() == 0
    picture(page, "clip-made")
    page.click("a[data-link=made]")
    expect(page.locator("h1")).to_have_text("Fifty to fifty-four")
    assert page.get_attribute("a[data-link=torrent]", "href").endswith(".torrent")
    wait_until(lambda: page.eval_on_selector("[data-player]", "video => video.readyState") >= 2, "it can be played", 10)
    assert page.eval_on_selector("[data-player]", "video => video.duration") == pytest.approx(4, abs=0.3)
    page.goto("about:blank")


def test_what_is_being_made_is_told_and_turns_by_itself(chromium, film):
    """A film that was just published: its index and its pictures come a moment later than its page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults, asked = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def plan(route):
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        route.fulfill(status=404, content_type="application/problem+json", headers={"Retry-After": "20"},
                      body='{"code": "no_clip_index", "detail": "Not yet."}')

    def bare(route):
        text = re.sub(r' data-sheet[a-z-]*="[^"]*"', "", route.fetch().text())
        route.fulfill(body=text.replace("data-clip-tool ", "data-clip-tool data-sheet-comes "),
                      content_type="text/html; charset=utf-8")
    page.route("**/clip?*", plan)
    page.route(re.compile(r"/videos/[^/]+\?start="), bare)
    page.goto(film + "?start=63&end=70")
    cost = page.locator("[data-clip-cost]")
    expect(cost).to_contain_text("still being read")
    # The times have no fault, and the clip can be cut all the same.
    expect(page.locator("[data-clip-problem]")).to_be_hidden()
    assert link_of(page)["start"] == "63" and value(page, "end") == 70
    expect(cost).to_contain_text("% of the film", timeout=10_000)
    expect(page.locator("[data-clip-tool].has-sheet")).to_be_visible(timeout=10_000)
    assert len(asked) == 2 and faults == []
    context.close()


def test_a_film_is_embedded_in_a_page_of_others(page, film):
    page.goto(film)
    code = page.text_content("[data-embed-code]")
    assert f'src="{film}/embed"' in code
    with page_of_others(code) as others:
        page.goto(others)
        player = page.frame_locator("iframe").locator("[data-player]")
        wait_until(lambda: player.evaluate("video => video.readyState") >= 1, "the film in the frame", 10)
        picture(page, "embedded-film")
        page.frame_locator("iframe").locator(".embed-title a").click()
        page.wait_for_url(film)


@contextmanager
def page_of_others(code: str):
    """A page of another origin that holds the code."""
    text = f"<!doctype html><link rel=icon href=data:,><title>A page of others</title>{code}".encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as others:
        threading.Thread(target=others.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{others.server_port}/"
        finally:
            others.shutdown()


def test_a_visitor_cannot_save(page, film):
    page.goto(film)
    fill(page, "1", "2")
    assert page.locator("#save-clip").count() == 0


def test_without_javascript_the_server_tells_cost_and_links(chromium, site, film):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, site)
    page.goto(film)
    expect(page.locator("[data-clip-line]")).to_be_hidden()
    page.fill("#clip-start", "0:01:03")
    page.fill("#clip-end", "70")
    page.click("[data-clip-submit]")
    assert "start=" in page.url
    expect(page.locator("[data-clip-cost]")).to_contain_text("% of the film")
    link = link_of(page)
    assert link["path"].endswith(".mp4") and float(link["start"]) == 63 and float(link["end"]) == 70
    answer = requests.get(site.url + page.get_attribute("a[data-link=clip]", "href"), timeout=60)
    assert answer.status_code == 200 and answer.content[4:8] == b"ftyp"
    picture(page, "clip-no-script")
    page.click(".clip-save summary")
    page.fill("#clip-title", "Without scripts")
    page.click("#save-clip button[type=submit]")
    page.wait_for_url(re.compile(r"/clips/"))
    page.click("#manage-clip summary >> text=Delete")
    page.click("#delete-clip button[type=submit]")
    page.goto(film)
    page.fill("#clip-start", "70")
    page.fill("#clip-end", "60")
    page.click("[data-clip-submit]")
    expect(page.locator("[data-clip-problem]")).to_be_visible()
    assert page.input_value("#clip-start") == "70"
    context.close()


def test_tool_and_pages_hold_at_phone_width_and_in_the_dark(chromium, site, film):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark",
                                   reduced_motion="reduce")
    page = context.new_page()
    complaints = []
    watch(page, complaints)
    page.goto(film + "#t=62,80")
    expect(page.locator("[data-clip-cost]")).to_contain_text("% of the film")
    no_sideways_scroll(page)
    picture(page, "clip-tool-dark")
    page.set_viewport_size({"width": 320, "height": 700})
    no_sideways_scroll(page)
    assert complaints == []
    context.close()


def test_a_film_of_sound_alone_is_clipped_too(site, page, tmp_path):
    sound = tmp_path / "Tone.mp3"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=330:duration=40", str(sound)],
                   check=True)
    slug = site.publish(sound, "A tone")["slug"]
    wait_until(lambda: site.get(f"/videos/{slug}/clip?start=1&end=2").status_code == 200, "its index", 60)
    page.goto(f"{site.url}/videos/{slug}")
    fill(page, "10", "12")
    expect(page.locator("[data-clip-cost]")).to_contain_text("% of the film")
    assert sound_length(page, page.get_attribute("a[data-link=clip]", "href")) == pytest.approx(2, abs=0.15)
    picture(page, "clip-tool-sound")
