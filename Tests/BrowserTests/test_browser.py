"""The site in a real browser: set-up, login, upload with progress, playback, live counts, settings, two widths."""
import os
import re
from pathlib import Path

import libtorrent
import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from clients import Libtorrent
from server import PASSWORD, Server
from torrents import without
from waiting import wait_until

PICTURES = Path(os.environ["REELSWARM_SCREENSHOTS"]) if "REELSWARM_SCREENSHOTS" in os.environ else None


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium",
                                             args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page that fails the test on console errors, CSP violations and requests to anywhere but the site."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints = []
    watch(page, complaints)
    yield page
    context.close()
    assert complaints == []


def watch(page, complaints):
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on("request", lambda r: complaints.append("external: " + r.url)
            if not re.match(r"(http://(127\.0\.0\.1|localhost)[:/]|blob:|data:)", r.url) else None)


def picture(page, name: str):
    """Keeps desktop and phone screenshots where REELSWARM_SCREENSHOTS says."""
    if PICTURES is None:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height, kind in ((1280, 900, "desktop"), (390, 844, "phone")):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{name}-{kind}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def log_in(page, server):
    page.goto(server.url + "/login")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/login'] button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def count(page, name: str) -> str:
    return page.inner_text(f"[data-swarm={name}]").strip()


def no_sideways_scroll(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_from_set_up_to_a_published_film(page, tmp_path, film):
    with Server(tmp_path / "data", password=None) as server:
        link = wait_until(lambda: re.search(r"/setup\?token=[\w-]+", server.log()), "a set-up link").group(0)
        page.goto(server.url + link)
        page.fill("input[name=name]", "admin")
        page.fill("input[name=password]", PASSWORD)
        picture(page, "setup")
        page.click("button[type=submit]:not(header button)")
        page.wait_for_url(lambda url: "/setup" not in url)
        page.goto(server.url + "/upload")
        picture(page, "upload")
        # Slow the network so that progress is there to be seen.
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.emulateNetworkConditions",
                      {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 2_000_000})
        page.set_input_files("form#upload input[name=file]", str(film))
        page.fill("form#upload [name=title]", "Noise of the Sea")
        page.fill("form#upload [name=description]", "Waves, as far as one can hear.\nSee https://sea.example/ too.")
        page.fill("form#upload [name=tags]", "sea, noise")
        page.click("form#upload button[type=submit]")
        seen = wait_until(lambda: 0 < float(page.evaluate(
            "(p => p ? p.value / (p.max || 1) : 0)(document.querySelector('progress#upload-progress'))") or 0) < 1 or None,
            "progress between 0 and 1", 20)
        assert seen
        picture(page, "uploading")
        page.wait_for_url(re.compile(r"/videos/"), timeout=60_000)
        devtools.send("Network.emulateNetworkConditions",
                      {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        assert count(page, "seeders") == "1" and count(page, "leechers") == "0"
        assert page.get_attribute("a[data-link=magnet]", "href").startswith("magnet:?xt=urn:btih:")
        assert page.get_attribute("a[data-link=torrent]", "href").endswith(".torrent")
        assert "/announce" in page.inner_text("[data-swarm=tracker]")
        plays(page)
        wait_until(lambda: server.get(page.url.removeprefix(server.url).split("?")[0] + "/thumbnail.jpg").status_code == 200,
                   "thumbnail", 60)
        page.reload()
        picture(page, "video")
        no_sideways_scroll(page)
        page.goto(server.url + "/")
        expect(page.get_by_text("Noise of the Sea").first).to_be_visible()
        picture(page, "library")
        page.goto("about:blank")


def plays(page):
    page.evaluate("(v => { v.muted = true; v.play().catch(() => {}) })(document.querySelector('video'))")
    wait_until(lambda: page.evaluate("document.querySelector('video').currentTime") > 0.5, "playback advances", 20)


def test_counts_move_while_a_client_downloads(server, page, film, tmp_path):
    video = server.publish(film, "Counted live")
    page.goto(f"{server.url}/videos/{video['slug']}")
    assert count(page, "seeders") == "1"
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    client = Libtorrent(str(path), tmp_path / "got", download_limit=400_000)
    wait_until(lambda: count(page, "leechers") == "1", "one leecher on the open page", 10)
    client.handle.set_download_limit(0)
    client.finish()
    wait_until(lambda: count(page, "seeders") == "2" and count(page, "completed") == "1", "two seeders", 15)
    client.close()
    wait_until(lambda: count(page, "seeders") == "1", "one seeder again", 15)


def test_settings_change_the_announce_list_of_an_existing_torrent(server, page, short_film):
    video = server.publish(short_film, "Old torrent")
    log_in(page, server)
    page.goto(server.url + "/admin/settings")
    picture(page, "settings")
    page.fill("form#settings [name=tracker_urls]", "http://tracker.example/announce\n\nudp://other.example:6969/announce")
    page.click("form#settings button[type=submit]")
    page.wait_for_load_state()
    outer = libtorrent.bdecode(server.torrent(video["slug"]))
    assert outer[b"announce-list"] == [[b"http://tracker.example/announce"], [b"udp://other.example:6969/announce"]]
    page.goto(f"{server.url}/videos/{video['slug']}")
    assert "tracker.example" in page.inner_text("[data-swarm=tracker]")


def test_wrong_settings_are_explained_and_lose_nothing(chromium, server):
    page = chromium.new_context().new_page()
    log_in(page, server)
    page.goto(server.url + "/admin/settings")
    page.fill("form#settings [name=tracker_urls]", "ftp://tracker.example/announce")
    page.click("form#settings button[type=submit]")
    expect(page.locator("[role=alert]").first).to_contain_text("ftp")
    assert page.input_value("form#settings [name=tracker_urls]").strip() == "ftp://tracker.example/announce"
    page.context.close()


def test_an_upload_that_is_no_film_is_explained(chromium, server, tmp_path):
    page = chromium.new_context().new_page()
    log_in(page, server)
    text = tmp_path / "letter.mp4"
    text.write_text("Dear viewers, this is a letter.\n" * 100)
    page.goto(server.url + "/upload")
    page.set_input_files("form#upload input[name=file]", str(text))
    page.fill("form#upload [name=title]", "A letter")
    page.click("form#upload button[type=submit]")
    expect(page.locator("[role=alert]").first).to_contain_text("film", timeout=20_000)
    assert page.input_value("form#upload [name=title]") == "A letter"
    picture(page, "upload-refused")
    page.context.close()


def test_a_film_the_browser_cannot_play_says_so(server, page, tmp_path):
    from films import make_film
    film = make_film(tmp_path / "old.asf", seconds=2, video=["wmv2"], audio=["wmav2"])
    video = server.publish(film, "An old film")
    page.goto(f"{server.url}/videos/{video['slug']}")
    expect(page.get_by_text(re.compile("cannot play", re.I)).first).to_be_visible()
    picture(page, "cannot-play")


def test_the_ninth_tab_loads_while_eight_are_open(chromium, server, short_film):
    video = server.publish(short_film, "Many tabs")
    context = chromium.new_context()
    pages = [context.new_page() for _ in range(9)]
    for page in pages:
        page.goto(f"{server.url}/videos/{video['slug']}", timeout=10_000)
        page.bring_to_front()
    assert count(pages[-1], "seeders") == "1"
    context.close()


def test_every_page_holds_at_phone_width(server, page, short_film):
    server.publish(short_film, "A very long title that goes on and on " * 4, tags="one, two, three")
    log_in(page, server)
    slug = server.get("/api/v1/videos", headers=server.headers()).json()
    slug = (slug["videos"] if isinstance(slug, dict) else slug)[0]["slug"]
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", f"/videos/{slug}", "/upload", "/admin", "/admin/settings", "/admin/users", "/admin/torrents"):
        page.goto(server.url + path)
        no_sideways_scroll(page)
        picture(page, "all" + path.replace("/", "-"))
        page.set_viewport_size({"width": 390, "height": 844})


def test_naughty_text_stays_text(server, page, short_film):
    naughty = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>{{7*7}}'
    video = server.publish(short_film, naughty, description=naughty, tags="<b>bold</b>")
    dialogs = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.goto(f"{server.url}/videos/{video['slug']}")
    assert naughty in page.inner_text("h1")
    page.goto(server.url + "/")
    assert naughty in page.inner_text("main")
    assert dialogs == []


def test_without_javascript_a_film_can_be_published(chromium, server, short_film):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, server)
    page.goto(server.url + "/upload")
    page.set_input_files("form#upload input[name=file]", str(short_film))
    page.fill("form#upload [name=title]", "Without scripts")
    page.click("form#upload button[type=submit]")
    page.wait_for_url(re.compile(r"/videos/"), timeout=30_000)
    expect(page.locator("h1")).to_contain_text("Without scripts")
    assert requests.get(server.url + "/").text.count("Without scripts") >= 1
    context.close()
