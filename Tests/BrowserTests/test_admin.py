"""The admin's pages on swarms in a real browser: a client seen in list, log and swarm; settings; the connectivity test."""
import re

import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from clients import Libtorrent
from test_browser import log_in, no_sideways_scroll, picture, watch
from torrents import without
from waiting import wait_until

PAGES = ("/admin", "/admin/torrents", "/admin/announces", "/admin/trackers", "/admin/connectivity", "/admin/settings",
         "/admin/users")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def admin(chromium, server):
    """The admin's page; the test fails on console errors, CSP violations and requests to anywhere but the site."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints = []
    watch(page, complaints)
    log_in(page, server)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def leecher(server, film, tmp_path):
    """A client that fetches slowly, so that it stays one that needs peers."""
    video = server.publish(film, "Noise of the Sea")
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    client = Libtorrent(str(path), tmp_path / "got", download_limit=100_000)
    wait_until(lambda: server.swarm(video["slug"])["leechers"] == 1, "one leecher", 15)
    yield video
    client.close()


def test_a_client_is_seen_everywhere(admin, server, leecher):
    admin.goto(server.url + "/admin/torrents")
    row = admin.locator("#torrents tr[data-live]")
    expect(row.locator("[data-swarm=leechers]")).to_have_text("1", timeout=10_000)
    picture(admin, "admin-torrents")
    row.get_by_role("link", name="Noise of the Sea").click()
    expect(admin.locator("h1")).to_have_text("Noise of the Sea")
    expect(admin.locator("#peer-list")).to_contain_text("libtorrent")
    expect(admin.locator("#peer-list")).to_contain_text("IPv")
    picture(admin, "admin-torrent")
    admin.get_by_role("link", name="Its announces").click()
    line = admin.locator("#announces li").last
    expect(line).to_contain_text(re.compile(
        r"libtorrent.* at .* registered for “Noise of the Sea” over (UDP|HTTP), 0 % done, was given \d+ peer"))
    picture(admin, "admin-announces")


def test_the_log_is_filtered_in_place(admin, server, leecher):
    admin.goto(server.url + "/admin/announces")
    admin.select_option("#act", "exit")
    admin.click("#filter button[type=submit]")
    expect(admin).to_have_url(re.compile(r"act=exit"))
    expect(admin.locator("#act")).to_have_value("exit")
    expect(admin.get_by_text("No announce of the latest few thousand matches.")).to_be_visible()
    admin.get_by_role("link", name="Show everything").click()
    expect(admin.locator("#announces li").first).to_be_visible()
    admin.goto(server.url + "/admin/announces?refresh=on")
    expect(admin.get_by_role("link", name="Stop refreshing")).to_be_visible()


def test_the_connectivity_test_reaches_everything(admin, server, short_film):
    admin.goto(server.url + "/admin/connectivity")
    expect(admin.get_by_text("Upload a film first.")).to_be_visible()
    video = server.publish(short_film, "Tested")
    admin.reload()
    before = server.swarm(video["slug"])
    admin.click("#connectivity button[type=submit]")
    expect(admin.locator("#checks")).to_be_visible(timeout=20_000)
    picture(admin, "admin-connectivity")
    assert admin.locator("#checks .state").all_inner_texts() == ["works"] * 5, admin.inner_text("#checks")
    expect(admin.get_by_text("All 5 ways were reached from this machine.")).to_be_visible()
    # Loopback is no evidence of the world outside.
    assert admin.locator("#evidence .state").all_inner_texts() == ["no evidence yet"] * 2
    assert server.swarm(video["slug"]) == before


def test_a_wrong_setting_is_marked_and_nothing_is_lost(chromium, server):
    page = chromium.new_context().new_page()
    log_in(page, server)
    page.goto(server.url + "/admin/settings")
    page.fill("#site_name", "Films")
    page.fill("#tracker_interval", "soon")
    page.click("form#settings button[type=submit]")
    expect(page.locator("[role=alert]")).to_contain_text("Announce interval")
    expect(page.locator("#tracker_interval")).to_have_value("soon")
    expect(page.locator("#tracker_interval")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#site_name")).to_have_value("Films")
    picture(page, "admin-settings-wrong")
    page.context.close()


def test_tracker_settings_follow_the_form(admin, server):
    admin.goto(server.url + "/admin/settings")
    admin.fill("#tracker_interval", "1234")
    admin.select_option("#tracker_hand_out", "random")
    admin.uncheck("#tracker_log")
    admin.click("form#settings button[type=submit]")
    expect(admin.get_by_role("status")).to_contain_text("Saved.")
    stored = requests.get(server.url + "/api/v1/settings", headers=server.headers()).json()
    assert (stored["tracker_interval"], stored["tracker_hand_out"], stored["tracker_log"]) == (1234, "random", False)
    picture(admin, "admin-settings")
    admin.goto(server.url + "/admin/announces")
    admin.get_by_role("link", name="Switch it on in the settings.").click()
    expect(admin.locator("#tracker_log")).not_to_be_checked()


def test_outside_trackers_are_listed(admin, server, short_film):
    server.publish(short_film, "Announced elsewhere")
    server.settings(tracker_urls=[["http://127.0.0.1:1/announce"], ["udp://127.0.0.1:9/announce"]])
    admin.goto(server.url + "/admin/trackers")
    expect(admin.locator("#trackers tbody tr")).to_have_count(2)
    expect(admin.locator("#trackers")).to_contain_text("http://127.0.0.1:1/announce")
    picture(admin, "admin-trackers")


def test_a_clients_name_stays_text(admin, server, film, tmp_path):
    """The peer id is whatever a client says (BEP 20)."""
    video = server.publish(film, "Watched by Mallory")
    info_hash = bytes.fromhex(video["torrent"]["infohash_v1"])
    peer_id = b"<b>x</b>" + b"\0" * 12
    quoted = "".join(f"%{byte:02x}" for byte in info_hash), "".join(f"%{byte:02x}" for byte in peer_id)
    answer = requests.get(f"http://127.0.0.1:{server.tracker}/announce?info_hash={quoted[0]}&peer_id={quoted[1]}"
                          "&port=5555&uploaded=0&downloaded=0&left=9&event=started&compact=1")
    assert b"interval" in answer.content
    for path in ("/admin/announces", f"/admin/torrents/{video['torrent']['infohash_v1']}"):
        admin.goto(server.url + path)
        expect(admin.locator("main")).to_contain_text("<b>x</b>")


def test_all_pages_hold_at_phone_width(admin, server, short_film):
    server.publish(short_film, "A very long title that goes on and on " * 4)
    for width in (390, 1280):
        admin.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            admin.goto(server.url + path)
            no_sideways_scroll(admin)
            tabs = admin.locator(".tabs a")
            assert tabs.count() == 7
            for tab in tabs.all():
                box = tab.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= width, f"{path}: a tab is out of sight"


def test_without_javascript_all_of_it_works(chromium, server, short_film):
    server.publish(short_film, "Plain")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, server)
    for path in PAGES:
        page.goto(server.url + path)
        expect(page.locator("h1")).to_be_visible()
    page.goto(server.url + "/admin/torrents?sort=size&q=plain")
    expect(page.locator("#torrents tbody tr")).to_have_count(1)
    page.goto(server.url + "/admin/connectivity")
    page.click("#connectivity button[type=submit]")
    expect(page.locator("#checks")).to_be_visible(timeout=20_000)
    context.close()
