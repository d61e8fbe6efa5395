"""kill -9 in mid-swarm: the counts are there again at once, clients go on, who never returns expires."""
import pytest

from announces import http_announce, http_scrape, peer_id
from clients import Libtorrent, transmission_seed
from server import Server
from torrents import make_torrent, sha256, without
from tracker import Track
from waiting import wait_until

# Peers are gone after twice this, in seconds.
INTERVAL = 10


def slow_leecher(source, folder):
    """A client that takes its time for the film until it is let go, and announces as often as it is told."""
    return Libtorrent(str(source), folder, download_limit=150_000, min_announce_interval=5)


def go_on(client):
    client.handle.set_download_limit(0)
    return client.finish(60)


def test_a_site_killed_in_mid_swarm(tmp_path, postgres, film):
    with Server(tmp_path / "data", "--database-url", postgres.url) as server:
        # The same ports again, since the clients know them.
        server.arguments += ["--port", str(server.http), "--tracker-port", str(server.tracker), "--peer-port",
                             str(server.peer)]
        assert server.settings(tracker_interval=INTERVAL, tracker_minimum_interval=5).status_code == 200
        video = server.publish(film, "Interrupted")
        info_hash = bytes.fromhex(video["torrent"]["infohash_v1"])
        tracker = f"http://127.0.0.1:{server.tracker}/announce"
        server.settings(tracker_urls=[[tracker]])
        source = tmp_path / "film.torrent"
        source.write_bytes(without(server.torrent(video["slug"]), "url-list"))

        finished = peer_id()
        http_announce(tracker, info_hash, 5001, left=1, peer=finished, event="started")
        http_announce(tracker, info_hash, 5001, left=0, peer=finished, event="completed")
        with slow_leecher(source, tmp_path / "got") as client:
            wait_until(lambda: server.swarm(video["slug"])["leechers"] == 1, "one leecher", 15)
            wait_until(lambda: postgres.value("SELECT count(*) FROM swarms WHERE length(bytes) > 60") == "1",
                       "both peers are stored", 40)
            wait_until(lambda: postgres.value("SELECT sum(completed) FROM torrents") == "1", "the total is stored", 10)
            server.kill()
            server.start()
            counts = server.swarm(video["slug"])
            assert (counts["seeders"], counts["leechers"], counts["completed"]) == (2, 1, 1)
            # Told twice, as a client does that got no answer: still one download.
            http_announce(tracker, info_hash, 5001, left=0, peer=finished, event="completed")
            assert server.swarm(video["slug"])["completed"] == 1
            assert sha256(go_on(client)) == sha256(film)
            wait_until(lambda: server.swarm(video["slug"])["completed"] == 2, "its completion, once", 15)
            wait_until(lambda: server.swarm(video["slug"])["seeders"] == 2, "the silent one is gone", 4 * INTERVAL)
            assert server.swarm(video["slug"])["completed"] == 2


def test_a_lone_tracker_killed_in_mid_swarm(tmp_path, film):
    state, source = tmp_path / "swarms", tmp_path / "film.torrent"
    with Track(tmp_path, "--open", "--state", state, "--interval", INTERVAL) as track:
        info_hash = make_torrent(film, source, track.url())

        def counts():
            found = http_scrape(track.url(path="/scrape"), info_hash)[b"files"][info_hash]
            return found[b"complete"], found[b"incomplete"], found[b"downloaded"]

        with transmission_seed(str(source), film.parent):
            wait_until(lambda: track.stats()["seeders"] == 1, "the seeder is counted", 60)
            finished = peer_id()
            http_announce(track.url(), info_hash, 5001, left=1, peer=finished, event="started")
            http_announce(track.url(), info_hash, 5001, left=0, peer=finished, event="completed")
            with slow_leecher(source, tmp_path / "got") as client:
                wait_until(lambda: counts() == (2, 1, 1), "all are counted", 15)
                before = state.stat().st_mtime_ns
                wait_until(lambda: state.stat().st_mtime_ns != before, "the swarms are written", 40)
                track.kill()
                track.start()
                assert counts()[0] >= 1 and counts()[2] == 1
                assert sha256(go_on(client)) == sha256(film)
                wait_until(lambda: counts() == (2, 0, 2), "its completion, once; the silent one is gone", 4 * INTERVAL)


@pytest.mark.parametrize("state", [b"", b"RSTRACK1", b"shopping list"], ids=["empty", "cut", "foreign"])
def test_a_useless_state_file_is_said_and_replaced(tmp_path, state):
    path = tmp_path / "swarms"
    path.write_bytes(state)
    with Track(tmp_path, "--open", "--state", path) as track:
        assert "holds no swarms" in track.log()
        http_announce(track.url(), bytes(20), 5001)
        assert track.stop() == 0
    assert path.read_bytes().startswith(b"RSTRACK1")
