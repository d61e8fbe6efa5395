"""The tracker alone: two clients that know only it find each other; lists that change under it; a restart."""
import os
import re
import signal
import subprocess
import time

import pytest
import requests

from announces import Refused, UDPClient, http_announce, http_answer, http_scrape, peer_id, peers, url_data
from clients import aria2, aria2_seed, libtorrent_download, libtorrent_seed, over_udp, transmission_seed
from server import ROOT, run
from torrents import make_torrent, sha256
from tracker import Track
from waiting import wait_until

FILM = bytes(range(20))
OTHER = bytes(range(20, 40))


@pytest.fixture
def open_track(tmp_path):
    with Track(tmp_path, "--open") as track:
        yield track


@pytest.fixture
def listed(tmp_path):
    """A tracker of one torrent, and its list."""
    torrents = tmp_path / "torrents"
    torrents.write_text(f"# films\n{FILM.hex()}\n")
    with Track(tmp_path, "--allow", torrents) as track:
        track.torrents = torrents
        yield track


def aria2_over_udp(source, folder):
    return aria2(source, folder, *over_udp(folder))


def aria2_v6(source, folder):
    return aria2(source, folder, "--disable-ipv6=false")


def aria2_seed_v6(source, folder):
    return aria2_seed(source, folder, "--disable-ipv6=false")


def libtorrent_v6(source, folder):
    return libtorrent_download(source, folder, host="::1")


def libtorrent_seed_v6(source, folder):
    return libtorrent_seed(source, folder, host="::1")


# Transmission 3.00 takes no loopback address from a tracker, so here it is always the one that is called. aria2 asks UDP
# trackers through its DHT alone, and only over IPv4; Transmission does not get through to one on ::1 either. So over
# IPv6 it is libtorrent that asks by UDP, for a seeder that announced itself by HTTP.
@pytest.mark.parametrize("host,seed,seed_by,leech,leech_by", [
    ("127.0.0.1", libtorrent_seed, "udp", aria2_over_udp, "udp"),
    ("127.0.0.1", transmission_seed, "udp", libtorrent_download, "udp"),
    ("127.0.0.1", transmission_seed, "http", aria2, "http"),
    ("127.0.0.1", aria2_seed, "http", libtorrent_download, "udp"),
    ("::1", transmission_seed, "http", libtorrent_v6, "udp"),
    ("::1", libtorrent_seed_v6, "http", aria2_v6, "http"),
    ("::1", libtorrent_seed_v6, "udp", aria2_v6, "http"),
    ("::1", aria2_seed_v6, "http", libtorrent_v6, "http"),
], ids=lambda value: getattr(value, "__name__", value))
def test_two_clients_find_each_other(open_track, film, tmp_path, host, seed, seed_by, leech, leech_by):
    mine, yours = tmp_path / "mine.torrent", tmp_path / "yours.torrent"
    info_hash = make_torrent(film, mine, open_track.url(seed_by, host))
    assert make_torrent(film, yours, open_track.url(leech_by, host)) == info_hash
    with seed(str(mine), film.parent):
        wait_until(lambda: open_track.stats()["seeders"] == 1, "the seeder is counted", 60)
        assert open_track.stats()[{"udp": "http", "http": "udp"}[seed_by]]["answered"] == 0
        asked = open_track.stats()[leech_by]["answered"]
        assert sha256(leech(str(yours), tmp_path / "got")) == sha256(film)
    assert open_track.stats()[leech_by]["answered"] > asked


# Which torrents

def test_a_listed_torrent_is_tracked_and_no_other(listed):
    assert b"interval" in http_announce(listed.url(), FILM, 6881)
    refused = http_announce(listed.url(), OTHER, 6881)
    assert refused == {b"failure reason": b"unregistered torrent"}
    with UDPClient(listed.port) as client, pytest.raises(Refused, match="unregistered torrent"):
        client.announce(OTHER, 6881)
    files = http_scrape(listed.url(path="/scrape"), FILM, OTHER)[b"files"]
    assert files == {FILM: {b"complete": 1, b"downloaded": 0, b"incomplete": 0, b"downloaders": 0}} \
        or set(files) == {FILM} and files[FILM][b"complete"] == 1


def test_the_list_is_read_again_when_it_changes(listed):
    listed.torrents.write_text(f"{OTHER.hex()}  # the other one\n")
    began = time.monotonic()
    wait_until(lambda: b"interval" in http_announce(listed.url(), OTHER, 6881), "the new one is tracked", 5)
    gone = http_announce(listed.url(), FILM, 6881)
    assert b"removed" in gone[b"failure reason"] and gone[b"retry in"] == b"never"
    assert time.monotonic() - began < 4
    # Editors write a new file and rename it over the old one.
    new = listed.torrents.with_suffix(".new")
    new.write_text(f"{OTHER.hex()}\n{FILM.hex()}\n")
    new.rename(listed.torrents)
    wait_until(lambda: b"interval" in http_announce(listed.url(), FILM, 6881), "it is back", 5)


def test_broken_lines_are_said_and_the_rest_counts(listed):
    listed.torrents.write_text(f"{FILM.hex()}\nthe sea\n{OTHER.hex()}\n")
    wait_until(lambda: b"interval" in http_announce(listed.url(), OTHER, 6881), "the line after it counts", 5)
    assert re.search(r"torrents, line 2: ", listed.log())
    assert b"interval" in http_announce(listed.url(), FILM, 6881)


def test_a_list_that_vanishes_stays_in_force(listed):
    listed.torrents.unlink()
    wait_until(lambda: "stays in force" in listed.log(), "a warning", 5)
    assert b"interval" in http_announce(listed.url(), FILM, 6881)
    assert listed.log().count("stays in force") == 1


def test_wrong_usage_and_missing_files_are_sentences(tmp_path):
    neither = run("track")
    assert neither.returncode == 2 and re.fullmatch(r"reelswarm: .*--allow.*--open.*\.\n", neither.stderr)
    both = run("track", "--open", "--allow", tmp_path / "list")
    assert both.returncode == 2 and "not both" in both.stderr
    missing = run("track", "--allow", tmp_path / "nothing", "--tracker-port", 0)
    assert missing.returncode == 1
    assert missing.stderr.splitlines()[-1] == f"reelswarm: {tmp_path}/nothing cannot be read."
    keyless = run("track", "--open", "--passkeys", tmp_path / "nothing", "--tracker-port", 0)
    assert keyless.returncode == 1
    stateless = run("track", "--open", "--state", tmp_path / "nowhere/swarms", "--tracker-port", 0)
    assert stateless.returncode == 1 and "cannot be written" in stateless.stderr


def test_an_occupied_port_is_said(open_track):
    second = run("track", "--open", "--host", "127.0.0.1", "--tracker-port", open_track.port)
    assert second.returncode == 1 and "in use" in second.stderr
    assert b"interval" in http_announce(open_track.url(), FILM, 6881)


# Passkeys

def test_passkeys_over_both_transports(tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("ada-1\n")
    with Track(tmp_path, "--open", "--passkeys", keys) as track:
        for path in ("/announce/ada-1", "/ada-1/announce", "/announce?passkey=ada-1"):
            assert b"interval" in http_announce(track.url(path=path), FILM, 6881), path
            with UDPClient(track.port) as client:
                assert client.announce(FILM, 6881, options=url_data(path))["interval"] > 0
        for path in ("/announce", "/announce/berta", "/announce?passkey=berta"):
            assert http_announce(track.url(path=path), FILM, 6881) == {b"failure reason": b"unknown passkey"}, path
            with UDPClient(track.port) as client, pytest.raises(Refused, match="unknown passkey"):
                client.announce(FILM, 6881, options=url_data(path))
        with UDPClient(track.port) as client, pytest.raises(Refused, match="unknown passkey"):
            client.announce(FILM, 6881)
        assert FILM in http_scrape(track.url(path="/ada-1/scrape"), FILM)[b"files"]
        assert http_scrape(track.url(path="/scrape"), FILM) == {b"failure reason": b"unknown passkey"}
        keys.write_text("berta\n")
        wait_until(lambda: b"interval" in http_announce(track.url(path="/announce/berta"), FILM, 6881), "new key", 5)
        assert http_announce(track.url(path="/announce/ada-1"), FILM, 6881)[b"failure reason"] == b"unknown passkey"


def test_a_real_client_with_a_passkey_over_udp(tmp_path, film):
    keys = tmp_path / "keys"
    keys.write_text("ada-1\n")
    with Track(tmp_path, "--open", "--passkeys", keys) as track:
        source = tmp_path / "film.torrent"
        make_torrent(film, source, track.url("udp", path="/announce/ada-1"))
        with libtorrent_seed(str(source), film.parent):
            wait_until(lambda: track.stats()["seeders"] == 1, "libtorrent is taken in", 20)
            assert track.stats()["udp"]["refused"] == 0


# A restart

def test_a_stop_keeps_everything_and_who_stays_silent_goes(tmp_path):
    state = tmp_path / "swarms"
    with Track(tmp_path, "--open", "--state", state, "--interval", "10") as track:
        http_announce(track.url(), FILM, 5001, left=0, event="started")
        assert track.stop() == 0
        track.start()
        assert track.stats()["seeders"] == 1
        wait_until(lambda: track.stats()["seeders"] == 0, "twice the interval and a little", 30)


# What it shows

def test_the_page_and_the_numbers(open_track):
    http_announce(open_track.url(), FILM, 5001, left=0, event="started")
    http_announce(open_track.url(), FILM, 5002, left=5, event="started")
    http_announce(open_track.url(), FILM, 5003, left=5, event="paused")
    with UDPClient(open_track.port) as client:
        client.announce(OTHER, 5001, left=0)
    told = wait_until(lambda: (s := open_track.stats())["torrents"] == 2 and s, "two torrents", 5)
    assert (told["seeders"], told["leechers"], told["partial_seeds"], told["addresses"]) == (2, 1, 1, 4)
    assert told["http"]["answered"] == 3 and told["udp"]["answered"] == 1
    assert told["largest_swarms"][0] == {"seeders": 1, "leechers": 1, "partial_seeds": 1}
    assert told["memory"] > 1 << 20 and told["uptime"] >= 0 and told["interval"] == 900
    root = requests.get(open_track.url(path="/"), timeout=10)
    assert root.url.endswith("/stats") and root.headers["Content-Type"].startswith("text/html")
    assert "<script" not in root.text and "1 seeders, 1 leechers, 1 partial seeds" in root.text
    for text in (root.text, requests.get(open_track.url(path="/stats.json"), timeout=10).text):
        assert FILM.hex() not in text.lower() and OTHER.hex() not in text.lower() and "127.0.0.1" not in text
    assert requests.get(open_track.url(path="/healthz"), timeout=10).text == "ok\n"
    metrics = requests.get(open_track.url(path="/metrics"), timeout=10)
    assert 'tracker_announces_total{transport="http",outcome="answered"} 3' in metrics.text


def test_announces_in_the_log_when_asked_for(tmp_path):
    with Track(tmp_path, "--open", "--log-announces") as track:
        http_announce(track.url(), FILM, 5001, left=7, event="started", peer=peer_id("TR4050"))
        line = wait_until(lambda: re.search(r'.*"message":"announce".*', track.log()), "its line", 6).group()
        assert '"act":"register"' in line and FILM.hex() in line and "127.0.0.1:5001" in line and "-TR4050-" in line
        assert '"over":"http"' in line and '"left":"7"' in line


def test_ctrl_c_ends_well_and_leaves_nothing(tmp_path):
    with Track(tmp_path, "--open") as track:
        assert "TCP and UDP" in track.log() and str(track.port) in track.log()
        track.process.send_signal(signal.SIGINT)
        assert track.process.wait(20) == 0
    assert not (tmp_path / "track.json").exists()
    assert sorted(os.listdir(tmp_path)) == ["track.log"]


# What it does not believe

def test_T05_T07_hostile_announces(listed):
    for number in range(200):
        assert b"failure reason" in http_announce(listed.url(), os.urandom(20), 5000 + number)
    assert listed.stats()["torrents"] == 1 and listed.stats()["addresses"] == 0
    for extra in ({"ip": "203.0.113.9"}, {"ipv4": "203.0.113.9"}, {"ipv6": "2001:db8::9"}):
        http_announce(listed.url(), FILM, 5001, left=0, **extra)
    http_announce(listed.url(), FILM, 5001, left=0, headers={"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"})
    answer = http_announce(listed.url(), FILM, 5002, left=1)
    assert {address for address, _ in peers(answer)} == {"127.0.0.1"}


def test_T07_a_trusted_proxy_is_believed(tmp_path):
    with Track(tmp_path, "--open", "--trusted-proxy", "127.0.0.1/32") as track:
        answer = http_announce(track.url(), FILM, 5001, headers={"X-Forwarded-For": "203.0.113.9"})
        assert answer[b"external ip"] == bytes([203, 0, 113, 9])


@pytest.mark.parametrize("target", ["/announce", "/announce?", "/announce?info_hash", "/announce?info_hash=%zz",
                                    "/announce?" + "&".join(["a=b"] * 500), "/scrape", "/scrape?info_hash=short"])
def test_T04_a_broken_request_gets_a_bencoded_reason(open_track, target):
    assert b"failure reason" in http_answer(open_track.url(path=target))


# Under load

def load_program():
    found = [ROOT / ".build" / kind / "tracker-load" for kind in ("release", "debug")]
    return next((path for path in found if path.exists()), None)


@pytest.mark.skipif(load_program() is None, reason="tracker-load is not built here")
def test_full_load_leaves_memory_flat_and_pages_answering(tmp_path):
    """20 seconds of it; `make bench` has the figures."""
    with Track(tmp_path, "--open", "--state", tmp_path / "swarms") as track:
        command = [load_program(), "udp", "--port", str(track.port), "--seconds", "20", "--torrents", "1000", "--peers", "20"]
        load = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            wait_until(lambda: track.stats()["addresses"] >= 20_000 or load.poll() is not None, "the swarms are full", 60)
            memory = track.stats()["memory"]
            while load.poll() is None:
                assert requests.get(track.url(path="/stats"), timeout=10).ok
                time.sleep(0.5)
        finally:
            load.kill()
            out, _ = load.communicate()
        assert load.returncode == 0, out
        told = track.stats()
        assert told["torrents"] == 1000 and told["memory"] < memory + (48 << 20), (memory, told)
        assert told["udp"]["answered"] > 20_000
        assert track.stop() == 0
