"""Live counts and the chart in a real browser: own and outside trackers, ages, both widths."""
import re
import subprocess
import time

import pytest
import requests
from playwright.sync_api import expect

from announces import UDPClient, http_announce, peer_id
from server import Server
from test_browser import chromium, count, log_in, no_sideways_scroll, page, picture  # noqa: F401
from tracker import Opentracker
from waiting import wait_until


def info_hash(video: dict) -> bytes:
    return bytes.fromhex(video["torrent"]["infohash_v1"])


def record_counts(page):
    """Notes in the page every change of its leechers, with the time."""
    page.evaluate("""() => {
        window.noted = [];
        const element = document.querySelector('[data-swarm=leechers]');
        new MutationObserver(() => window.noted.push([performance.now(), Number(element.textContent)]))
            .observe(element, { childList: true, characterData: true, subtree: true });
    }""")


def test_counts_come_within_a_second_and_at_most_once_a_second(server, page, short_film):
    video = server.publish(short_film, "Counted live")
    page.goto(f"{server.url}/videos/{video['slug']}")
    time.sleep(1.2)
    record_counts(page)
    with UDPClient(server.tracker) as client:
        started = time.monotonic()
        client.announce(info_hash(video), 20_000, left=5, event="started")
        wait_until(lambda: count(page, "leechers") == "1", "the first leecher", 5)
        assert time.monotonic() - started < 1.5
        for number in range(1, 40):
            client.announce(info_hash(video), 20_000 + number, left=5, event="started")
            time.sleep(0.1)
    wait_until(lambda: count(page, "leechers") == "40", "all forty leechers", 5)
    times = [at for at, _ in page.evaluate("window.noted")]
    assert len(times) <= 8
    expect(page.locator("[data-cannot-play]")).to_be_hidden()
    assert all(after - before > 700 for before, after in zip(times, times[1:]))


def test_partial_seeds_appear_and_go(server, page, short_film):
    video = server.publish(short_film, "Only the first half")
    page.goto(f"{server.url}/videos/{video['slug']}")
    expect(page.locator("[data-swarm-partial]")).to_be_hidden()
    peer, tracker = peer_id(), f"http://127.0.0.1:{server.tracker}/announce"
    http_announce(tracker, info_hash(video), 20_000, left=5, event="paused", peer=peer)
    expect(page.locator("[data-swarm-partial]")).to_be_visible(timeout=5000)
    assert count(page, "partial_seeds") == "1" and count(page, "leechers") == "0"
    http_announce(tracker, info_hash(video), 20_000, left=5, event="stopped", peer=peer)
    expect(page.locator("[data-swarm-partial]")).to_be_hidden(timeout=5000)


def test_the_library_counts_live(server, page, short_film):
    video = server.publish(short_film, "On a card")
    page.goto(server.url + "/")
    with UDPClient(server.tracker) as client:
        client.announce(info_hash(video), 20_000, left=5, event="started")
    card = page.locator(f"[data-live='{video['slug']}']")
    expect(card.locator("[data-swarm=leechers]")).to_have_text("1", timeout=5000)
    expect(card.locator("[data-swarm=seeders]")).to_have_text("1")


def test_a_hidden_page_holds_no_stream(server, page, short_film):
    video = server.publish(short_film, "Looked away from")
    streams = []
    page.on("requestfailed", lambda request: streams.append(request.url) if "/swarm/events" in request.url else None)
    page.goto(f"{server.url}/videos/{video['slug']}")
    time.sleep(1)
    page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', { value: true, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    with UDPClient(server.tracker) as client:
        client.announce(info_hash(video), 20_000, left=5, event="started")
    time.sleep(2)
    assert count(page, "leechers") == "0"
    page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', { value: false, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    wait_until(lambda: count(page, "leechers") == "1", "the count after coming back", 5)


@pytest.mark.skipif(Opentracker.program is None, reason="opentracker is not installed")
def test_counts_of_an_outside_tracker_with_their_age(page, tmp_path, short_film):
    with Server(tmp_path / "data", "--allow-private-trackers") as server:
        video = server.publish(short_film, "Counted elsewhere")
        with Opentracker(tmp_path, info_hash(video)) as tracker:
            nowhere = "http://127.0.0.1:1/announce"
            assert server.settings(tracker_urls=[[tracker.url("udp")], [nowhere]]).status_code == 200
            with UDPClient(tracker.port) as client:
                for number in range(3):
                    client.announce(info_hash(video), 30_000 + number, left=5, event="started")
            page.goto(f"{server.url}/videos/{video['slug']}")
            line = page.locator(f"[data-tracker='{tracker.url('udp')}']")
            expect(page.locator("[data-swarm-outside]")).to_be_visible(timeout=40_000)
            wait_until(lambda: count(page, "leechers") == "3", "the outside tracker's leechers on the open page", 90)
            expect(line.locator("[data-age]")).to_have_text(re.compile(r"just now|\d+ (second|minute)s? ago"))
            first = line.locator("[data-age]").inner_text()
            wait_until(lambda: line.locator("[data-age]").inner_text() != first, "the age goes on", 10)
            picture(page, "video-outside")
            report = server.swarm(video["slug"])
            assert report["source"] == "outside" and report["leechers"] == 3 and report["age"] >= 0
            assert tracker.url("udp") in [t["url"] for t in report["trackers"]]
            page.goto("about:blank")


def test_the_chart_holds_at_both_widths(tmp_path, postgres, page, short_film):
    """History is noted every five minutes, so the rows of a month are written by hand."""
    with Server(tmp_path / "data", "--database-url", postgres.url) as server:
        video = server.publish(short_film, "Watched for a month")
        write_history(postgres, info_hash(video))
        log_in(page, server)
        for path in (f"/videos/{video['slug']}", "/admin"):
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"{server.url}{path}?history=week#history")
                check_chart(page, width)
            picture(page, "chart" + path.replace("/", "-"))
        page.click("nav.ranges >> text=Month")
        assert "history=month" in page.url
        expect(page.locator("nav.ranges [aria-current]")).to_have_text("Month")
        page.goto("about:blank")


def check_chart(page, width: int):
    chart = page.locator("svg.chart")
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box["width"] > width * 0.5 - 40 and 200 < box["height"] < 300
    assert page.locator("svg.chart .chart-line").count() == 2
    labels = [e.bounding_box() for e in page.locator("svg.chart .chart-label--time").all()]
    assert len(labels) >= 2
    assert all(b["x"] >= box["x"] - 1 and b["x"] + b["width"] <= box["x"] + box["width"] + 1 for b in labels)
    assert all(a["x"] + a["width"] < b["x"] for a, b in zip(labels, labels[1:]))
    no_sideways_scroll(page)
    page.click(".numbers summary")
    assert page.locator(".numbers tbody tr").count() == 12


def write_history(postgres, hash_bytes: bytes):
    """A month of hourly rows for one torrent and for all together."""
    statements = "".join(
        f"""INSERT INTO swarm_history (info_hash, at, span, seeders, leechers, partial_seeds, completed, uploaded)
            SELECT decode('{h}', 'hex'), now() - g * interval '1 hour', 3600, 3 + g % 5, g % 7, 0, 9, g % 7 * 1e8
            FROM generate_series(1, 700) g;""" for h in (hash_bytes.hex(), ""))
    subprocess.run(["psql", postgres.url, "-q", "-v", "ON_ERROR_STOP=1", "-c", statements], check=True)


def test_a_visitor_reads_only_that_a_tracker_was_not_reached(tmp_path, short_film):
    with Server(tmp_path / "data", "--allow-private-trackers") as server:
        video = server.publish(short_film, "Unreached")
        assert server.settings(tracker_urls=[["http://127.0.0.1:1/announce"]]).status_code == 200
        address = f"{server.url}/videos/{video['slug']}"
        wait_until(lambda: "not reached" in requests.get(address).text, "the failure on the page", 40)
        text = requests.get(address).text
        assert "not reached:" not in text and 'data-swarm="seeders">–<' in text
        report = server.swarm(video["slug"])
        assert report["source"] == "outside" and report["age"] is None and report["seeders"] == 1
