"""Real clients fetch the film: by the swarm alone, from a bare magnet, by the web seed alone; the counts follow."""
import json
import threading

import libtorrent
import pytest
import requests

from clients import CLIENTS, Libtorrent
from torrents import magnet_without, sha256, without
from waiting import wait_until


@pytest.fixture(scope="module")
def video(shared_server, film):
    return shared_server.publish(film, "For the swarm")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_fetches_it_by_the_swarm_alone(shared_server, video, film, tmp_path, client):
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(video["slug"]), "url-list"))
    assert sha256(CLIENTS[client](str(path), tmp_path / "got")) == sha256(film)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_fetches_it_from_a_bare_magnet(shared_server, video, film, tmp_path, client):
    magnet = magnet_without(video["torrent"]["magnet"], "ws", "xs")
    assert sha256(CLIENTS[client](magnet, tmp_path / "got")) == sha256(film)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_fetches_it_by_the_web_seed_alone(shared_server, video, film, tmp_path, client):
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(video["slug"]), "announce", "announce-list"))
    assert sha256(CLIENTS[client](str(path), tmp_path / "got")) == sha256(film)


class EventStream:
    """Reads `swarm` events of one video in the background."""

    def __init__(self, server, slug: str):
        self.seen = []
        self.answer = requests.get(f"{server.url}/videos/{slug}/swarm/events", stream=True, timeout=60)
        assert self.answer.headers["Content-Type"].startswith("text/event-stream")
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            for line in self.answer.iter_lines():
                if line.startswith(b"data:"):
                    self.seen.append(json.loads(line[5:]))
        except Exception:
            pass


def test_the_counts_follow_start_completion_and_stop(server, film, tmp_path):
    video = server.publish(film, "Counted")
    events = EventStream(server, video["slug"])
    wait_until(lambda: events.seen, "the first event comes at once", 3)
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    client = Libtorrent(str(path), tmp_path / "got", download_limit=400_000)
    wait_until(lambda: server.swarm(video["slug"])["leechers"] == 1, "one leecher", 10)
    wait_until(lambda: any(e["leechers"] == 1 for e in events.seen), "the event of the leecher", 3)
    client.handle.set_download_limit(0)
    assert sha256(client.finish()) == sha256(film)
    wait_until(lambda: server.swarm(video["slug"])["seeders"] == 2, "two seeders", 15)
    done = server.swarm(video["slug"])
    assert done["completed"] == 1 and done["leechers"] == 0
    wait_until(lambda: any(e["seeders"] == 2 and e["completed"] == 1 for e in events.seen), "its event", 3)
    client.close()
    wait_until(lambda: server.swarm(video["slug"])["seeders"] == 1, "one seeder again", 15)
    assert server.swarm(video["slug"])["completed"] == 1


def test_totals_survive_a_restart(server, short_film, tmp_path):
    video = server.publish(short_film, "Remembered")
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    CLIENTS["libtorrent"](str(path), tmp_path / "got")
    wait_until(lambda: server.swarm(video["slug"])["completed"] == 1, "one completion", 10)
    assert server.stop() == 0
    server.start()
    again = server.swarm(video["slug"])
    assert again["completed"] == 1 and again["server_seeding"] is True


def test_bittorrent_off_and_on(server, film, short_film, tmp_path):
    video = server.publish(film, "Before")
    torrent = server.torrent(video["slug"])
    assert server.settings(bittorrent_enabled=False).status_code == 200
    assert server.get(f"/videos/{video['slug']}.torrent").status_code == 404
    assert 'data-swarm' not in server.get(f"/videos/{video['slug']}").text
    later = server.publish(short_film, "While off")
    assert later["torrent"] is None
    path = tmp_path / "film.torrent"
    path.write_bytes(without(torrent, "url-list"))
    client = Libtorrent(str(path), tmp_path / "got")
    try:
        wait_until(lambda: "BitTorrent" in client.alerts() or client.handle.status().total_done == 0, "refused", 3)
        assert client.handle.status().total_done == 0
    finally:
        client.close()
    assert server.settings(bittorrent_enabled=True).status_code == 200
    made = wait_until(lambda: server.get(f"/api/v1/videos/{later['id']}", headers=server.headers()).json()["torrent"],
                      "the missing torrent", 20)
    path.write_bytes(without(server.torrent(later["slug"]), "url-list"))
    assert made["infohash_v1"]
    assert sha256(CLIENTS["libtorrent"](str(path), tmp_path / "later")) == sha256(short_film)


def test_take_down_and_restore(server, film, tmp_path):
    video = server.publish(film, "Contested")
    api = f"{server.url}/api/v1/videos/{video['id']}"
    assert requests.post(f"{api}/takedown", headers=server.headers(), json={"reason": "rights"}).status_code == 200
    assert server.get(f"/videos/{video['slug']}/media").status_code == 410
    assert server.get(f"/videos/{video['slug']}.torrent").status_code in (404, 410)
    assert b"8:retry in5:never" in announce(server, video)
    assert server.stop() == 0
    server.start()
    api = f"{server.url}/api/v1/videos/{video['id']}"
    assert b"8:retry in5:never" in announce(server, video)
    assert requests.post(f"{api}/restore", headers=server.headers()).status_code == 200
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    assert sha256(CLIENTS["aria2"](str(path), tmp_path / "got")) == sha256(film)


def announce(server, video) -> bytes:
    """The tracker's answer to a leecher's announce over HTTP."""
    return requests.get(f"http://127.0.0.1:{server.tracker}/announce", params={
        "info_hash": bytes.fromhex(video["torrent"]["infohash_v1"]), "peer_id": "-XX0001-123456789012", "port": 6881,
        "uploaded": 0, "downloaded": 0, "left": 1, "compact": 1}).content


def test_changed_tracker_urls_are_in_every_torrent_at_once(server, short_film):
    video = server.publish(short_film, "Old torrent")
    tiers = [["udp://tracker.example:6969/announce", "http://tracker.example/announce"], ["https://other.example/announce"]]
    answer = server.settings(tracker_urls=tiers)
    assert answer.status_code == 200, answer.text
    outer = libtorrent.bdecode(server.torrent(video["slug"]))
    assert [[u.decode() for u in tier] for tier in outer[b"announce-list"]] == tiers
    refused = server.settings(tracker_urls=[["ftp://tracker.example/announce"]])
    assert refused.status_code in (400, 422) and refused.json()["detail"].endswith(".")
