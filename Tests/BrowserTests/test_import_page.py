"""Publishing from a torrent in a real browser: paste a magnet, watch it come, choose a file, open the film."""
import re

import libtorrent
import pytest
from playwright.sync_api import expect

from clients import Libtorrent
from server import Server
from test_browser import chromium, log_in, no_sideways_scroll, page, picture, plays  # noqa: F401
from waiting import wait_until


@pytest.fixture
def site(tmp_path):
    with Server(tmp_path / "data", "--allow-private-peers", "--allow-private-trackers") as site:
        yield site


@pytest.fixture
def seed(tmp_path, film, short_film):
    """A libtorrent seed of a folder with two films."""
    folder = tmp_path / "two films"
    folder.mkdir()
    (folder / "first and longer.mp4").write_bytes(film.read_bytes())
    (folder / "notes.txt").write_text("Not a film.")
    (folder / "second.mp4").write_bytes(short_film.read_bytes())
    storage = libtorrent.file_storage()
    libtorrent.add_files(storage, str(folder))
    made = libtorrent.create_torrent(storage, 32768, libtorrent.create_torrent.v1_only)
    libtorrent.set_piece_hashes(made, str(tmp_path))
    path = tmp_path / "two.torrent"
    path.write_bytes(libtorrent.bencode(made.generate()))
    with Libtorrent(str(path), tmp_path) as seed:
        wait_until(lambda: seed.handle.status().is_seeding, "libtorrent has it")
        yield seed


def magnet(seed) -> str:
    return f"{libtorrent.make_magnet_uri(seed.handle)}&x.pe=127.0.0.1:{seed.session.listen_port()}"


def ask(page, site, link: str):
    page.goto(site.url + "/upload")
    page.click("main a[href='/imports']")
    page.fill("#import [name=magnet]", link)
    page.click("#import summary")
    page.fill("#import [name=title]", "From a swarm of others")
    page.click("#import button[type=submit]")
    page.wait_for_url(re.compile("/imports"))


def test_a_magnet_becomes_a_film(site, seed, page):
    # Slow enough for progress to be seen.
    seed.handle.set_upload_limit(700_000)
    log_in(page, site)
    ask(page, site, magnet(seed))
    article = page.locator("article.import").first
    expect(article.locator("h3")).to_have_text("From a swarm of others")
    # The page moves on by itself, and keeps a choice half made.
    expect(article).to_have_attribute("data-state", "choosing", timeout=30_000)
    expect(article.locator(".check")).to_have_count(2)
    article.get_by_label("first and longer.mp4").check()
    picture(page, "import-choosing")
    page.set_viewport_size({"width": 390, "height": 844})
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(2_500)
    assert article.get_by_label("first and longer.mp4").is_checked()
    page.click("button:has-text('Publish this one')")
    value = "(p => p ? p.value / p.max : 0)(document.querySelector('article.import progress'))"
    wait_until(lambda: 0 < page.evaluate(value) < 1, "progress between 0 and 1", 30)
    picture(page, "import-fetching")
    seed.handle.set_upload_limit(0)
    expect(article).to_have_attribute("data-state", "done", timeout=60_000)
    expect(page.locator("#spoken")).to_have_text("From a swarm of others: Published")
    picture(page, "import-done")
    article.get_by_role("link", name="Open the film").click()
    page.wait_for_url(re.compile("/videos/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("From a swarm of others")
    plays(page)
    page.goto("about:blank")


def test_nobody_has_it_so_it_is_cancelled_and_tried_again(site, page):
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, site)
    ask(page, site, "magnet:?xt=urn:btih:" + "ab" * 20)
    article = page.locator("article.import").first
    expect(article).to_have_attribute("data-state", "fetching", timeout=20_000)
    no_sideways_scroll(page)
    picture(page, "import-waiting")
    article.get_by_role("button", name="Cancel").click()
    expect(article).to_have_attribute("data-state", "cancelled")
    article.get_by_role("button", name="Try again").click()
    expect(article).to_have_attribute("data-state", re.compile("waiting|fetching"))
    page.goto("about:blank")


def test_what_is_no_magnet_is_said_above_the_form(site, page):
    log_in(page, site)
    page.goto(site.url + "/imports")
    assert page.locator("article.import").count() == 0
    # A refused form answers 400, which the browser's console reports; the words are what is tested.
    answer = page.request.post(site.url + "/imports", multipart={
        "csrf": page.get_attribute("#import [name=csrf]", "value"), "magnet": "https://films.example/"})
    assert answer.status == 400 and 'role="alert"' in answer.text()
