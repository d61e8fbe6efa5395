"""Trackers that are not ours: we announce there, show their counts with their age, and their own words when they refuse."""
import html

import pytest
import requests

from announces import http_announce, peer_id
from clients import Libtorrent, libtorrent_download
from ports import free_port
from server import Server
from torrents import sha256, without
from tracker import Opentracker, Track
from waiting import wait_until


@pytest.fixture
def outside(tmp_path):
    """Somebody else's tracker."""
    folder = tmp_path / "outside"
    folder.mkdir()
    with Track(folder, "--open") as track:
        yield track


@pytest.fixture
def site(tmp_path):
    """A site that may announce to trackers on this machine."""
    with Server(tmp_path / "data", "--allow-private-trackers") as server:
        yield server


def use(site, *tiers: list[str]):
    answer = site.settings(tracker_urls=list(tiers))
    assert answer.status_code == 200, answer.text


def reports(site, video) -> dict:
    """What the site tells of each outside tracker, by URL."""
    return {report["url"]: report for report in site.swarm(video["slug"]).get("trackers", [])}


def counted(site, video, url: str, seconds: float = 20) -> dict:
    """The report of a tracker, once it has counts."""
    def look():
        report = reports(site, video).get(url)
        return report if report and report["seeders"] is not None else None
    return wait_until(look, f"counts of {url}", seconds)


def admin_words(site, path: str = "/admin/trackers") -> str:
    return html.unescape(site.browser().get(site.url + path, timeout=30).text)


@pytest.mark.parametrize("transport", ["udp", "http"])
def test_its_counts_are_shown_with_their_age(site, outside, short_film, transport):
    video = site.publish(short_film, "Elsewhere")
    info_hash = bytes.fromhex(video["torrent"]["infohash_v1"])
    for port in (5001, 5002, 5003):
        http_announce(outside.url(), info_hash, port, left=9, event="started")
    use(site, [outside.url(transport)])
    report = counted(site, video, outside.url(transport))
    assert (report["seeders"], report["leechers"], report["problem"]) == (1, 3, None)
    assert 0 <= report["age"] < 30
    told = site.swarm(video["slug"])
    assert told["source"] == "outside" and told["leechers"] == 3 and 0 <= told["age"] < 30
    page = site.get(f"/videos/{video['slug']}").text
    assert outside.url(transport) in html.unescape(page)
    assert outside.stats()[transport]["answered"] >= 1 and outside.stats()["seeders"] == 1
    assert outside.url(transport) in admin_words(site)


@pytest.mark.skipif(Opentracker.program is None, reason="opentracker is not installed here")
def test_opentracker(site, tmp_path, short_film):
    video = site.publish(short_film, "At opentracker")
    folder = tmp_path / "opentracker"
    folder.mkdir()
    folder.chmod(0o755)
    with Opentracker(folder, bytes.fromhex(video["torrent"]["infohash_v1"])) as other:
        use(site, [other.url("udp")], [other.url("http")])
        for transport in ("udp", "http"):
            assert counted(site, video, other.url(transport))["seeders"] == 1
    folder = tmp_path / "strict"
    folder.mkdir()
    folder.chmod(0o755)
    with Opentracker(folder) as strict:
        use(site, [strict.url("http")])
        wait_until(lambda: "not authorized for use with this tracker" in admin_words(site), "its own words", 20)


def test_a_client_that_knows_only_the_outside_tracker_finds_our_seeder(site, outside, film, tmp_path):
    video = site.publish(film, "By another's tracker")
    use(site, [outside.url("udp")])
    wait_until(lambda: outside.stats()["seeders"] == 1, "our seeder is known there", 20)
    source = tmp_path / "film.torrent"
    source.write_bytes(without(site.torrent(video["slug"]), "url-list"))
    assert sha256(libtorrent_download(str(source), tmp_path / "got")) == sha256(film)
    wait_until(lambda: outside.stats()["udp"]["answered"] >= 2, "both asked there", 5)


def test_a_refusal_is_shown_in_the_trackers_own_words_to_admins_alone(site, tmp_path, short_film):
    video = site.publish(short_film, "Not wanted")
    folder = tmp_path / "strict"
    folder.mkdir()
    (folder / "list").write_text("# nothing\n")
    with Track(folder, "--allow", folder / "list") as strict:
        use(site, [strict.url()], [strict.url("udp")])
        wait_until(lambda: admin_words(site).count("unregistered torrent") >= 2, "its words, over both", 20)
        of_video = f"/admin/torrents/{video['torrent']['infohash_v1']}"
        assert "unregistered torrent" in admin_words(site, of_video)
        report = reports(site, video)[strict.url()]
        assert report["problem"] and "unregistered" not in report["problem"] and report["seeders"] is None
        # Once it is welcome there, it says so by itself.
        (folder / "list").write_text(video["torrent"]["infohash_v1"] + "\n")
        counted(site, video, strict.url(), 90)


def test_mixed_with_our_own(site, outside, short_film):
    video = site.publish(short_film, "Both")
    own = f"udp://127.0.0.1:{site.tracker}/announce"
    use(site, [own], [outside.url("udp")])
    assert counted(site, video, outside.url("udp"))["seeders"] == 1
    told = site.swarm(video["slug"])
    assert told["source"] == "embedded" and told["seeders"] == 1 and told["server_seeding"] is True
    assert own not in reports(site, video)
    assert outside.stats()["seeders"] == 1
    raw = site.torrent(video["slug"])
    assert own.encode() in raw and outside.url("udp").encode() in raw


def test_a_dead_tracker_of_a_tier_makes_way_for_the_next(site, outside, short_film):
    video = site.publish(short_film, "Second choice")
    dead = f"http://127.0.0.1:{free_port()}/announce"
    use(site, [dead, outside.url()])
    assert counted(site, video, outside.url())["seeders"] == 1
    assert outside.stats()["http"]["refused"] == 0


def test_taking_down_and_stopping_say_goodbye(site, outside, short_film, film):
    first = site.publish(short_film, "Taken down")
    site.publish(film, "Stopped")
    use(site, [outside.url()])
    wait_until(lambda: outside.stats()["seeders"] == 2, "both are announced", 20)
    api = f"{site.url}/api/v1/videos/{first['id']}/takedown"
    assert requests.post(api, headers=site.headers(), json={"reason": "rights"}, timeout=30).status_code == 200
    wait_until(lambda: outside.stats()["seeders"] == 1, "one left", 20)
    assert site.stop() == 0
    wait_until(lambda: outside.stats()["seeders"] == 0, "none left", 5)


def test_new_settings_leave_the_old_tracker(site, outside, short_film):
    video = site.publish(short_film, "Moved")
    use(site, [outside.url()])
    wait_until(lambda: outside.stats()["seeders"] == 1, "announced", 20)
    use(site)
    wait_until(lambda: outside.stats()["seeders"] == 0, "left", 20)
    assert site.swarm(video["slug"])["source"] == "embedded" and reports(site, video) == {}


def test_a_private_address_is_not_announced_to_unless_allowed(server, outside, short_film):
    server.publish(short_film, "Careful")
    answer = server.settings(tracker_urls=[[outside.url()], [outside.url("udp")]])
    if answer.status_code == 200:
        wait_until(lambda: outside.url() in admin_words(server), "it is listed", 20)
        wait_until(lambda: admin_words(server).count("Last problem") >= 2, "and why it is not asked", 20)
    stats = outside.stats()
    assert [stats[t][n] for t in ("udp", "http") for n in ("answered", "refused")] == [0, 0, 0, 0]


def test_peers_of_the_outside_tracker_are_dialled(site, outside, film, tmp_path):
    """A leecher behind the outside tracker that nobody tells of us: we are told of it and call."""
    video = site.publish(film, "Called")
    source = tmp_path / "film.torrent"
    info_hash = bytes.fromhex(video["torrent"]["infohash_v1"])
    source.write_bytes(without(site.torrent(video["slug"]), "url-list", "announce", "announce-list"))
    with Libtorrent(str(source), tmp_path / "got") as client:
        http_announce(outside.url(), info_hash, client.session.listen_port(), left=9, peer=peer_id(), event="started")
        use(site, [outside.url()])
        assert sha256(client.finish(30)) == sha256(film)
