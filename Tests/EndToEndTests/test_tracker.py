"""The site's own tracker: what it is told, what it believes, what it shows of it, and what its settings change."""
import html
import os
import re
import socket

import libtorrent
import pytest
import requests

from announces import Refused, UDPClient, http_announce, http_answer, http_scrape, peer_id, peers
from clients import Libtorrent
from conftest import open_folder
from films import variant
from postgres import Postgres
from server import Server, csrf
from torrents import without
from waiting import wait_until

IGNORE_MINIMUM = libtorrent.reannounce_flags_t.ignore_min_interval


@pytest.fixture(scope="module")
def postgres():
    with Postgres() as postgres:
        yield postgres


@pytest.fixture(scope="module")
def server(postgres):
    """One site for all tests of the file, each with a film of its own."""
    with open_folder() as folder, Server(folder / "data", "--database-url", postgres.url) as server:
        server.defaults = server.get("/api/v1/settings", headers=server.headers()).json()
        yield server


@pytest.fixture
def video(server, short_film, tmp_path):
    """A film whose torrent no other test knows; afterwards the settings are as they were."""
    film = variant(short_film, tmp_path / "film.mp4")
    video = server.publish(film, "Tracked")
    video["hash"] = bytes.fromhex(video["torrent"]["infohash_v1"])
    yield video
    assert server.settings(**server.defaults).status_code == 200


def url(server, path: str = "/announce", host: str = "127.0.0.1") -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{server.tracker}{path}"


def text_of(page: str) -> str:
    """What a reader sees of a page, roughly."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


# What the admin sees

def test_the_log_tells_what_a_real_client_does(server, film, tmp_path):
    video = server.publish(film, "Watched")
    server.settings(tracker_urls=[[url(server)]])
    source = tmp_path / "film.torrent"
    source.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    admin = server.browser()

    def acts() -> list[str]:
        mine = "?torrent=" + video["torrent"]["infohash_v1"]
        page = admin.get(server.url + "/admin/announces" + mine, timeout=30).text
        return re.findall(r'<li data-act="(\w+)"', page)

    with Libtorrent(str(source), tmp_path / "got", download_limit=100_000) as client:
        wait_until(lambda: "register" in acts(), "it registers", 15)
        client.handle.force_reannounce(0, -1, IGNORE_MINIMUM)
        wait_until(lambda: "need" in acts(), "it needs peers", 15)
        client.handle.set_download_limit(0)
        client.finish()
        wait_until(lambda: "complete" in acts(), "it has finished", 15)
        client.handle.force_reannounce(0, -1, IGNORE_MINIMUM)
        wait_until(lambda: "update" in acts(), "it is still there", 15)
    wait_until(lambda: acts() == ["exit", "update", "complete", "need", "register"], "the whole story, newest first", 15)
    words = text_of(admin.get(server.url + "/admin/announces?act=register", timeout=30).text)
    assert "registered for “Watched” over HTTP" in words and "libtorrent" in words.lower()
    mine = "&torrent=" + video["torrent"]["infohash_v1"]
    assert acts_of(admin, server, "text=127.0.0.1" + mine) == 5 and acts_of(admin, server, "text=nobody" + mine) == 0
    assert acts_of(admin, server, "transport=udp" + mine) == 0 and acts_of(admin, server, "act=exit" + mine) == 1
    assert server.settings(**server.defaults).status_code == 200


def acts_of(admin, server, query: str) -> int:
    return admin.get(f"{server.url}/admin/announces?{query}", timeout=30).text.count("<li data-act=")


def test_the_connectivity_test_is_all_green(server, video):
    admin = server.browser()
    page = admin.get(server.url + "/admin/connectivity", timeout=30).text
    tested = admin.post(server.url + "/admin/connectivity", data={"csrf": csrf(page)}, timeout=60)
    assert tested.status_code == 200
    checks = re.search(r'id="checks">(.*?)</dl>', tested.text, re.S).group(1)
    assert checks.count("<dt>") == 5 and checks.count("state--good") == 5, text_of(checks)
    # It says what it can know: loopback is no outside.
    assert "reached from outside" in text_of(tested.text)
    assert server.swarm(video["slug"])["seeders"] == 1 and server.swarm(video["slug"])["leechers"] == 0


def test_peers_of_a_swarm_are_shown(server, video):
    """Loopback names nobody and is shown whole."""
    left = video["size"] // 2
    http_announce(url(server), video["hash"], 5001, left=left, peer=peer_id("TR4050"), event="started", uploaded=2000)
    http_announce(url(server, host="::1"), video["hash"], 5002, left=0, peer=peer_id("qB5000"), event="started")
    path = f"{server.url}/admin/torrents/{video['torrent']['infohash_v1']}"
    rows = re.findall(r"<tr>(.*?)</tr>", server.browser().get(path, timeout=30).text, re.S)
    told = [text_of(row) for row in rows]
    leecher = next(row for row in told if "127.0.0.1:5001" in row)
    seeder = next(row for row in told if "[::1]:5002" in row)
    assert "Transmission 4.0.5" in leecher and "IPv4" in leecher and "leecher" in leecher and "50 %" in leecher, leecher
    assert "qBittorrent 5.0" in seeder and "IPv6" in seeder and "seeder" in seeder and "100 %" in seeder, seeder


def test_a_partial_seed_is_shown(server, video):
    http_announce(url(server), video["hash"], 5001, left=1000, event="paused")
    with UDPClient(server.tracker) as client:
        client.announce(video["hash"], 5002, left=1000, event="paused")
    told = server.swarm(video["slug"])
    assert (told["partial_seeds"], told["leechers"], told["seeders"]) == (2, 0, 1)
    page = server.browser().get(f"{server.url}/admin/torrents/{video['torrent']['infohash_v1']}", timeout=30).text
    assert re.search(r'data-swarm="partial_seeds">\s*2', page)
    files = http_scrape(url(server, "/scrape"), video["hash"])[b"files"][video["hash"]]
    assert (files[b"incomplete"], files[b"downloaders"]) == (2, 0)


def test_history_is_written_and_drawn(server, video, postgres):
    http_announce(url(server), video["hash"], 5001, left=1000, event="started")
    rows = f"FROM swarm_history WHERE info_hash = '\\x{video['torrent']['infohash_v1']}'"
    wait_until(lambda: postgres.value(f"SELECT max(leechers) {rows}") == "1", "a row", 60)
    # Two points make a line, and the next is due in five minutes.
    postgres.value(f"INSERT INTO swarm_history SELECT info_hash, at - interval '10 min', span, 3, 2, 0, 0, 5 {rows} LIMIT 1")
    page = server.get(f"/videos/{video['slug']}").text
    chart = re.search(r'<svg class="chart".*?</svg>\s*<details', page, re.S).group()
    assert "chart-line--seeders" in chart and "<script" not in chart
    assert "Seeders, at most 3" in text_of(page) and "Leechers, at most 2" in text_of(page)


# What it answers

def test_only_named_torrents_are_scraped(server, video, short_film, tmp_path):
    film = variant(short_film, tmp_path / "other.mp4")
    other = bytes.fromhex(server.publish(film, "Other")["torrent"]["infohash_v1"])
    unknown = os.urandom(20)
    assert set(http_scrape(url(server, "/scrape"), video["hash"], unknown)[b"files"]) == {video["hash"]}
    assert set(http_scrape(url(server, "/scrape"), video["hash"], other)[b"files"]) == {video["hash"], other}
    assert b"failure reason" in http_answer(url(server, "/scrape"))
    with UDPClient(server.tracker) as client:
        assert client.scrape(video["hash"], unknown)[0][0] == 1
        assert client.scrape(unknown) == [(0, 0, 0)]


def test_BEP31_off_says_when_to_come_back_and_removed_never(server, video):
    server.settings(bittorrent_enabled=False)
    refused = http_announce(url(server), video["hash"], 5001)
    assert b"off" in refused[b"failure reason"] and refused[b"retry in"] == 60
    server.settings(bittorrent_enabled=True)
    wait_until(lambda: b"interval" in http_announce(url(server), video["hash"], 5001), "on again", 10)
    api = f"{server.url}/api/v1/videos/{video['id']}"
    requests.post(f"{api}/takedown", headers=server.headers(), json={"reason": "rights"}, timeout=30)
    refused = http_announce(url(server), video["hash"], 5001)
    assert b"removed" in refused[b"failure reason"] and refused[b"retry in"] == b"never"
    with UDPClient(server.tracker) as client, pytest.raises(Refused, match="removed"):
        client.announce(video["hash"], 5001)
    assert video["hash"] not in http_scrape(url(server, "/scrape"), video["hash"]).get(b"files", {})


def test_BEP24_tells_the_address_it_saw(server, video):
    assert http_announce(url(server), video["hash"], 5001)[b"external ip"] == bytes([127, 0, 0, 1])
    assert http_announce(url(server, host="::1"), video["hash"], 5001)[b"external ip"] == bytes(15) + b"\1"


def test_each_family_gets_its_own(server, video):
    """Over UDP the packet's family alone; over HTTP both."""
    for host, port in (("127.0.0.1", 5001), ("::1", 5002)):
        http_announce(url(server, host=host), video["hash"], port, left=5, event="started")
    with UDPClient(server.tracker) as client:
        four = client.announce(video["hash"], 5003, left=5)["peers"]
    with UDPClient(server.tracker, "::1") as client:
        six = client.announce(video["hash"], 5004, left=5)["peers"]
    assert ("127.0.0.1", 5001) in four and all(":" not in address for address, _ in four)
    assert ("::1", 5002) in six and all(":" in address for address, _ in six)
    both = peers(http_announce(url(server), video["hash"], 5005, left=5))
    assert {("127.0.0.1", 5001), ("::1", 5002)} <= set(both)
    assert ("127.0.0.1", 5005) not in both


def test_numwant_is_clamped_and_the_asker_is_not_handed_itself(server, video):
    for port in range(5000, 5100):
        http_announce(url(server), video["hash"], port, left=5)
    for wanted in (2 ** 31 - 1, 1000, 60):
        answer = peers(http_announce(url(server), video["hash"], 5000, left=5, numwant=wanted))
        assert len(answer) == 50 and len(set(answer)) == 50 and ("127.0.0.1", 5000) not in answer
    assert len(peers(http_announce(url(server), video["hash"], 5000, left=5))) == 30
    assert peers(http_announce(url(server), video["hash"], 5000, left=5, numwant=0)) == []
    with UDPClient(server.tracker) as client:
        assert len(client.announce(video["hash"], 5000, left=5, wanted=2 ** 31 - 1)["peers"]) == 50
        assert len(client.announce(video["hash"], 5000, left=5)["peers"]) == 30


def test_settings_change_the_answers_at_once(server, video):
    for port in range(5000, 5030):
        http_announce(url(server), video["hash"], port, left=5)
    answer = server.settings(tracker_interval=120, tracker_minimum_interval=30, tracker_peers=5, tracker_maximum_peers=10)
    assert answer.status_code == 200 and answer.json()["tracker_interval"] == 120
    told = wait_until(lambda: (a := http_announce(url(server), video["hash"], 5000, left=5))[b"interval"] == 120 and a,
                      "the new interval", 10)
    assert told[b"min interval"] == 30 and len(peers(told)) == 5
    assert len(peers(http_announce(url(server), video["hash"], 5000, left=5, numwant=50))) == 10
    for wrong in ({"tracker_interval": 5}, {"tracker_maximum_peers": 81}, {"tracker_hand_out": "worst"}):
        refused = server.settings(**wrong)
        assert refused.status_code in (400, 422) and refused.json()["detail"].endswith("."), wrong


# What it does not believe

def test_T05_unknown_torrents_make_nothing(server, video):
    def tracked() -> str:
        page = text_of(server.browser().get(server.url + "/admin/trackers", timeout=30).text)
        return re.search(r"Torrents (\d+)", page).group(1)

    before = tracked()
    for _ in range(300):
        assert b"failure reason" in http_announce(url(server), os.urandom(20), 5001, left=5)
    assert tracked() == before and server.swarm(video["slug"])["leechers"] == 0


def test_T07_addresses_of_the_request_count_for_nothing(server, video):
    for fields in ({"ip": "203.0.113.9"}, {"ipv4": "203.0.113.9:9"}, {"ipv6": "2001:db8::9"}):
        http_announce(url(server), video["hash"], 5001, left=5, **fields)
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    for base in (url(server), server.url + "/announce"):
        http_announce(base, video["hash"], 5001, left=5, headers=headers)
    seen = {address for address, _ in peers(http_announce(url(server), video["hash"], 5002, left=5))}
    assert seen == {"127.0.0.1"}
    assert server.swarm(video["slug"])["leechers"] <= 7


def test_T02_an_unproven_source_gets_nothing(server, video):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as raw:
        raw.settimeout(1)
        raw.connect(("127.0.0.1", server.tracker))
        raw.send(os.urandom(8) + b"\0\0\0\1" + os.urandom(4) + video["hash"] + bytes(62))
        with pytest.raises(TimeoutError):
            raw.recv(2048)
    assert server.swarm(video["slug"])["leechers"] == 0


def test_T08_completed_once_and_stopped_at_once(server, video):
    peer = peer_id()
    http_announce(url(server), video["hash"], 5001, left=5, peer=peer, event="started")
    for _ in range(3):
        http_announce(url(server), video["hash"], 5001, left=0, peer=peer, event="completed")
    told = server.swarm(video["slug"])
    assert (told["completed"], told["seeders"]) == (1, 2)
    http_announce(url(server), video["hash"], 5001, left=0, peer=peer, event="stopped")
    assert server.swarm(video["slug"])["seeders"] == 1
