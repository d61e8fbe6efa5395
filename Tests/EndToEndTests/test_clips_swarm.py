"""`reelswarm get --start --end`: a clip by its pieces alone; its frames are named, its bytes counted at the peers."""
import random
import shutil
import signal
import subprocess
from contextlib import contextmanager

import libtorrent
import pytest

from clients import CLIENTS, Libtorrent
from clip_checks import check_clip
from clip_films import LONG
from clip_torrents import clip_of, create, given, most_bytes, minute, plan
from peers import LibtorrentSeed, Peer, Seed, fetch_by_libtorrent, get, got
from server import Server
from torrents import magnet_without, sha256, without
from waiting import wait_until
from web_seed import WebSeed

START, END = 62, 100
FORMATS = {"v1": libtorrent.create_torrent.v1_only, "hybrid": 0, "v2": libtorrent.create_torrent.v2_only}
AWAY = ("clip-index", "announce", "announce-list", "url-list")


@pytest.fixture(scope="module")
def long(clip_films):
    return clip_films.made("three minutes", LONG)


@pytest.fixture(scope="module")
def torrent(long):
    """The long film's torrent with the index and nobody who has it."""
    return create(long, long.with_suffix(".torrent"))


@pytest.fixture(scope="module")
def bare(long, torrent):
    """The same without the index."""
    path = long.with_name("bare.torrent")
    path.write_bytes(without(torrent.read_bytes(), *AWAY))
    return path


@pytest.fixture(scope="module")
def published(shared_server, long):
    """The long film on a site; its torrent carries the index."""
    video = shared_server.publish(long, "Three minutes")
    wait_until(lambda: b"clip-index" in shared_server.torrent(video["slug"]), "the index is in the torrent", 60)
    return video


# Where a clip comes from


def test_from_the_site_over_the_swarm(shared_server, published, long, tmp_path):
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(published["slug"]), "url-list"))
    made = plan(path)
    facts = clip_of(path, tmp_path / "clip.mp4", "--peer", f"127.0.0.1:{shared_server.peer}")
    assert facts["had_index"] and facts["bytes_fetched"] <= made["pieces"]["bytes"], (facts, made)
    assert facts["bytes_fetched"] <= most_bytes(long, made, START, END)
    assert facts["film_bytes"] == long.stat().st_size
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_from_the_site_by_its_torrents_address(shared_server, published, long, tmp_path):
    """As the video page's command says it: peers and web seed as they are found."""
    url = f"{shared_server.url}/videos/{published['slug']}.torrent"
    facts = clip_of(url, tmp_path / "clip.mp4", "--allow-private-peers")
    assert facts["had_index"] and facts["bytes_fetched"] < long.stat().st_size / 3
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_from_a_libtorrent_seed_alone_without_site_and_index(long, tmp_path):
    """The site is stopped, the index taken out of its torrent: the film's own tables are read over the swarm."""
    path = tmp_path / "film.torrent"
    with Server(tmp_path / "data") as site:
        raw = site.torrent(site.publish(long, "Gone soon")["slug"])
    path.write_bytes(without(raw, *AWAY))
    name = libtorrent.torrent_info(str(path)).name()
    shared = tmp_path / "shared"
    shared.mkdir()
    shutil.copy(long, shared / name)
    with LibtorrentSeed(path, shared) as seed:
        facts = clip_of(path, tmp_path / "clip.mp4", "--peer", seed.endpoint)
        assert not facts["had_index"]
        assert given(seed) < long.stat().st_size / 3
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_no_more_than_the_planned_pieces_leave_a_seed(long, torrent, tmp_path):
    made = plan(torrent)
    assert made["pieces"]["bytes"] <= most_bytes(long, made, START, END), made
    with LibtorrentSeed(torrent, long.parent) as seed:
        facts = clip_of(torrent, tmp_path / "clip.mp4", "--peer", seed.endpoint)
        assert facts["had_index"] and given(seed) <= made["pieces"]["bytes"], (seed.uploaded, made)
    check_clip(long, tmp_path / "clip.mp4", START, END)


@contextmanager
def partial_seed(torrent, film, clip, *more):
    """One of ours that has the pieces of a clip and no more, when everybody else has left."""
    with LibtorrentSeed(torrent, film.parent) as seed:
        partial = Peer("get", clip.parent / "partial", torrent, "--start", START, "--end", END, "-o", clip, "--seed",
                       "--json", "--peer", seed.endpoint, *more)
        try:
            wait_until(partial.is_done, "the clip", 60)
        except BaseException:
            partial.kill()
            raise
    with partial:
        yield partial


@pytest.mark.parametrize("index", [True, False], ids=["index", "bare"])
def test_from_our_partial_seed(long, torrent, bare, tmp_path, index):
    """Whoever has a clip is the one source of the next: it has just these pieces, and says that it wants no more."""
    log, one, two = tmp_path / "protocol.log", tmp_path / "one.mp4", tmp_path / "second" / "two.mp4"
    two.parent.mkdir()
    with partial_seed(torrent, long, one, "--log", log) as partial:
        facts = clip_of(bare if not index else torrent, two, "--peer", partial.endpoint)
        assert facts["bytes_fetched"] > 0 and facts["had_index"] == index
    told = [line for line in log.read_text().splitlines() if "> extension handshake" in line]
    assert told[-1].endswith("upload only"), told
    for clip in (one, two):
        check_clip(long, clip, START, END)


def test_a_partial_seed_is_counted_as_one(shared_server, published, tmp_path):
    """The tracker hears `paused` (BEP 21): the page counts a partial seed, not a leecher."""
    path = tmp_path / "film.torrent"
    path.write_bytes(shared_server.torrent(published["slug"]))
    partial = Peer("get", tmp_path / "run", path, "--start", START, "--end", END, "-o", tmp_path / "clip.mp4", "--seed",
                   "--json", "--allow-private-peers")
    with partial:
        wait_until(partial.is_done, "the clip", 60)
        wait_until(lambda: shared_server.swarm(published["slug"])["partial_seeds"] == 1, "one partial seed", 40)
        assert shared_server.swarm(published["slug"])["leechers"] in (0, 1)


@pytest.mark.parametrize("index", [True, False], ids=["index", "bare"])
def test_from_a_web_seed_alone(long, torrent, bare, tmp_path, index):
    path = tmp_path / "web.torrent"
    with WebSeed(long.parent) as web:
        outer = libtorrent.bdecode((torrent if index else bare).read_bytes())
        outer[b"url-list"] = web.url.encode()
        path.write_bytes(libtorrent.bencode(outer))
        clip_of(path, tmp_path / "clip.mp4", "--allow-private-peers")
        most = plan(torrent)["pieces"]["bytes"] if index else long.stat().st_size / 3
        assert web.sent <= most, (web.sent, most)
    check_clip(long, tmp_path / "clip.mp4", START, END)


@pytest.mark.parametrize("xs", [True, False], ids=["xs", "bare"])
def test_from_a_magnet(shared_server, published, long, tmp_path, xs):
    """With `xs` the index comes from the site's .torrent; without it the metadata comes from peers, and no index."""
    magnet = magnet_without(published["torrent"]["magnet"], "ws", *(() if xs else ("xs",)))
    facts = clip_of(magnet, tmp_path / "clip.mp4", "--allow-private-peers", "--peer", f"127.0.0.1:{shared_server.peer}")
    assert facts["had_index"] == xs and facts["bytes_fetched"] < long.stat().st_size / 3
    check_clip(long, tmp_path / "clip.mp4", START, END)


# What stays


def test_a_second_clip_and_then_the_whole(long, torrent, tmp_path):
    """What is there is not fetched again: a clip beside it, the same once more without anybody, then the whole film."""
    with LibtorrentSeed(torrent, long.parent) as seed:
        first = clip_of(torrent, tmp_path / "one.mp4", "--peer", seed.endpoint)
        second = clip_of(torrent, tmp_path / "two.mp4", "--peer", seed.endpoint, start=80, end=110)
        alone = plan(torrent, 80, 110)["pieces"]["bytes"]
        assert 0 < second["bytes_fetched"] < alone * 0.6, (second, alone)
        again = clip_of(torrent, tmp_path / "three.mp4", start=63, end=105)
        assert again["bytes_fetched"] == 0
        got(torrent, "-o", f"{tmp_path}/", "--peer", seed.endpoint)
        assert first["bytes_fetched"] + second["bytes_fetched"] < given(seed) <= long.stat().st_size * 1.02
    assert sha256(tmp_path / long.name) == sha256(long)
    for name, start, end in (("one", START, END), ("two", 80, 110), ("three", 63, 105)):
        check_clip(long, tmp_path / f"{name}.mp4", start, end)


def test_out_of_the_whole_film_nothing_is_fetched(long, torrent, tmp_path):
    with LibtorrentSeed(torrent, long.parent) as seed:
        got(torrent, "-o", f"{tmp_path}/", "--peer", seed.endpoint)
    last = clip_of(torrent, tmp_path / "clip.mp4", start=10, end=20, seconds=15)
    assert last["bytes_fetched"] == 0
    check_clip(long, tmp_path / "clip.mp4", 10, 20)
    # Nor for the film once more, nor for a clip when it has moved and has another name.
    again = got(torrent, "-o", f"{tmp_path}/", seconds=15)
    assert again["downloaded"] == 0 and sha256(tmp_path / long.name) == sha256(long)
    (tmp_path / "films").mkdir()
    (tmp_path / long.name).rename(tmp_path / "films" / "mine.mp4")
    last = clip_of(torrent, tmp_path / "moved.mp4", start=10, end=20, seconds=15)
    assert last["bytes_fetched"] == 0 and sha256(tmp_path / "moved.mp4") == sha256(tmp_path / "clip.mp4")


def test_out_of_the_film_of_another_process(long, torrent, tmp_path):
    with LibtorrentSeed(torrent, long.parent) as seed:
        whole = Peer("get", tmp_path / "run", torrent, "-o", f"{tmp_path}/", "--seed", "--json", "--peer",
                     seed.endpoint)
        with whole:
            wait_until(whole.is_done, "the film", 60)
            before = given(seed)
            clip = clip_of(torrent, tmp_path / "clip.mp4", "--peer", seed.endpoint, start=10, end=20)
            assert clip["bytes_fetched"] == 0 and given(seed) == before
    check_clip(long, tmp_path / "clip.mp4", 10, 20)


def test_of_a_broken_film_the_broken_pieces_are_fetched_and_it_stays(long, torrent, tmp_path):
    made, broken = plan(torrent), bytearray(long.read_bytes())
    first = made["media_ranges"][0][0]
    for place in (first + 10, first + 500_000):
        broken[place] ^= 0x55
    (tmp_path / long.name).write_bytes(broken)
    before = (tmp_path / long.name).stat()
    with LibtorrentSeed(torrent, long.parent) as seed:
        clip = clip_of(torrent, tmp_path / "clip.mp4", "--peer", seed.endpoint)
        assert 0 < clip["bytes_fetched"] <= 3 * made["pieces"]["piece_length"], clip
    after = (tmp_path / long.name).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (tmp_path / long.name).read_bytes() == broken
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_out_of_an_unfinished_film_and_on_with_it(long, torrent, tmp_path):
    """What was fetched of the film before it was stopped is used, and the film goes on from the clip."""
    with LibtorrentSeed(torrent, long.parent, up=1_500_000) as seed:
        whole = Peer("get", tmp_path / "run", torrent, "-o", f"{tmp_path}/", "--peer", seed.endpoint)
        wait_until(lambda: seed.uploaded > long.stat().st_size / 3, "a third of it", 60)
        assert whole.stop() != 0
        seed.handle.set_upload_limit(0)
        half = given(seed)
        clip = clip_of(torrent, tmp_path / "clip.mp4", "--peer", seed.endpoint)
        assert 0 < clip["bytes_fetched"] < plan(torrent)["pieces"]["bytes"]
        got(torrent, "-o", f"{tmp_path}/", "--peer", seed.endpoint)
        assert half < given(seed) <= long.stat().st_size * 1.05
    assert sha256(tmp_path / long.name) == sha256(long)
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_out_of_a_film_whose_neighbours_are_gone(clip_films, tmp_path):
    """Of a folder of films one file lies there: its own pieces are used, those it shares with others are fetched."""
    folder = tmp_path / "season"
    folder.mkdir()
    film = minute(clip_films, "mp4-late-moov")
    shutil.copy(film, folder / "b.mp4")
    (folder / "a.txt").write_text("No film. " * 5000)
    path, here = create(folder, tmp_path / "season.torrent"), tmp_path / "here"
    (here / "season").mkdir(parents=True)
    shutil.copy(film, here / "season" / "b.mp4")
    with LibtorrentSeed(path, tmp_path) as seed:
        clip = clip_of(path, here / "clip.mp4", "--peer", seed.endpoint, start=3.2, end=20)
    assert clip["bytes_fetched"] <= 16384 and not (here / "season" / "a.txt").exists()
    check_clip(film, here / "clip.mp4", 3.2, 20)


def test_a_clip_that_was_stopped_goes_on(long, torrent, tmp_path):
    made = plan(torrent)
    with LibtorrentSeed(torrent, long.parent, up=700_000) as seed:
        first = Peer("get", tmp_path / "run", torrent, "--start", START, "--end", END, "-o", tmp_path / "clip.mp4",
                     "--peer", seed.endpoint)
        wait_until(lambda: seed.uploaded > made["pieces"]["bytes"] * 0.4, "nearly half of it", 30)
        # Twice at once, as timeout(1) sends it: to the process and to its group.
        first.process.send_signal(signal.SIGINT)
        assert first.stop() != 0 and "same command goes on" in first.log()
        assert not (tmp_path / "clip.mp4").exists()
        seed.handle.set_upload_limit(0)
        clip_of(torrent, tmp_path / "clip.mp4", "--peer", seed.endpoint)
        assert given(seed) < made["pieces"]["bytes"] * 1.15
    check_clip(long, tmp_path / "clip.mp4", START, END)


def test_libtorrent_fetches_from_a_partial_seed(long, torrent, tmp_path):
    """Another client gets the pieces of our clip from us, and only these."""
    made = plan(torrent)
    with partial_seed(torrent, long, tmp_path / "clip.mp4") as partial:
        with Libtorrent(str(torrent), tmp_path / "theirs") as client:
            client.handle.connect_peer(("127.0.0.1", partial.port))
            wait_until(lambda: client.handle.status().num_pieces >= made["pieces"]["count"], "its pieces", 30)
            have = client.handle.status().pieces
            assert [n for n, there in enumerate(have) if there] == \
                [n for first, last in made["pieces"]["runs"] for n in range(first, last + 1)]


# Formats, containers, others' torrents


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("index", [True, False], ids=["index", "bare"])
def test_every_version_of_torrent(clip_films, tmp_path, form, index):
    film = minute(clip_films, "mp4-late-moov")
    path = create(film, tmp_path / "film.torrent", "--format", form, *(() if index else ("--no-clip-index",)))
    assert (b"clip-index" in path.read_bytes()) == index
    with LibtorrentSeed(path, film.parent) as seed:
        facts = clip_of(path, tmp_path / "clip.mp4", "--peer", seed.endpoint, start=13.3, end=19.1)
        assert facts["had_index"] == index
        hashes = libtorrent.torrent_info(str(path)).info_hashes()
        magnet = f"magnet:?xt=urn:btmh:1220{hashes.v2}" if form == "v2" else f"magnet:?xt=urn:btih:{hashes.v1}"
        clip_of(magnet, tmp_path / "m.mp4", "--peer", seed.endpoint, start=5, end=6)
    check_clip(film, tmp_path / "clip.mp4", 13.3, 19.1)
    check_clip(film, tmp_path / "m.mp4", 5, 6)


def test_a_film_among_others(clip_films, tmp_path):
    """A folder of films: the largest, or the one that is named."""
    folder = tmp_path / "season"
    (folder / "two").mkdir(parents=True)
    film, other = minute(clip_films, "mp4-late-moov"), clip_films["mkv"]
    shutil.copy(film, folder / "b.mp4")
    shutil.copy(other, folder / "two" / "c.mkv")
    (folder / "a.txt").write_text("No film. " * 5000)
    path = create(folder, tmp_path / "season.torrent")
    with LibtorrentSeed(path, tmp_path) as seed:
        one = clip_of(path, tmp_path / "one.mp4", "--peer", seed.endpoint, start=13.3, end=19.1)
        two = clip_of(path, tmp_path / "two.mkv", "--peer", seed.endpoint, "--file", "two/c.mkv", start=4.2, end=7)
        refused = get(path, "--start", 1, "--end", 2, "-o", tmp_path / "no.mp4", "--file", "a.txt",
                      "--peer", seed.endpoint, check=False)
    assert one["had_index"] and two["had_index"]
    check_clip(film, tmp_path / "one.mp4", 13.3, 19.1)
    check_clip(other, tmp_path / "two.mkv", 4.2, 7)
    assert refused.returncode == 1 and "whole" in refused.stderr, refused


@pytest.mark.parametrize("lie", ["noise", "another film's", "much too long"])
def test_an_index_that_lies_does_no_harm(clip_films, tmp_path, lie):
    film = minute(clip_films, "mp4-late-moov")
    path = create(film, tmp_path / "film.torrent")
    outer = libtorrent.bdecode(path.read_bytes())
    other = libtorrent.bdecode(create(clip_films["mp4-b-frames"], tmp_path / "other.torrent").read_bytes())
    outer[b"clip-index"] = {"noise": {b"0": bytes(range(256)) * 4}, "another film's": other[b"clip-index"],
                            "much too long": {b"0": outer[b"clip-index"][b"0"] + bytes(300_000)}}[lie]
    path.write_bytes(libtorrent.bencode(outer))
    with LibtorrentSeed(path, film.parent) as seed:
        clip_of(path, tmp_path / "clip.mp4", "--peer", seed.endpoint, start=4.2, end=8)
    check_clip(film, tmp_path / "clip.mp4", 4.2, 8)


def test_a_spoilt_index_gives_the_clip_or_a_sentence(clip_films, tmp_path):
    """Bytes of the index changed at random: what can still be read may name any place of the film."""
    film, chance = minute(clip_films, "mp4-late-moov"), random.Random(7)
    path = create(film, tmp_path / "film.torrent")
    outer, right = libtorrent.bdecode(path.read_bytes()), 0
    index = outer[b"clip-index"][b"0"]
    with LibtorrentSeed(path, film.parent) as seed:
        for number in range(8):
            spoilt = bytearray(index)
            for _ in range(chance.choice((1, 2, 8))):
                spoilt[chance.randrange(8, len(spoilt))] ^= 1 << chance.randrange(8)
            outer[b"clip-index"] = {b"0": bytes(spoilt)}
            path.write_bytes(libtorrent.bencode(outer))
            folder = tmp_path / str(number)
            folder.mkdir()
            done = get(path, "--start", 20.3, "--end", 24.1, "-o", folder / "clip.mp4", "--peer", seed.endpoint,
                       check=False)
            assert done.returncode in (0, 1) and "Fatal" not in done.stderr, done
            assert (folder / "clip.mp4").exists() == (done.returncode == 0)
            try:
                if done.returncode == 0:
                    check_clip(film, folder / "clip.mp4", 20.3, 24.1)
                    right += 1
            except AssertionError as error:
                print(f"{number}: {error}")
    assert right >= 5, right


def test_what_cannot_be_clipped_offers_the_whole(tmp_path):
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 2000)
    path = tmp_path / "noise.torrent"
    create(noise, path)
    with LibtorrentSeed(path, tmp_path) as seed:
        done = get(path, "--start", 1, "--end", 2, "-o", tmp_path / "clip.mp4", "--peer", seed.endpoint, check=False)
        assert done.returncode == 1 and "get it whole without --start and --end" in done.stderr, done
        assert not (tmp_path / "clip.mp4").exists()


def test_a_clip_beyond_the_end_is_one_sentence(long, torrent, tmp_path):
    with LibtorrentSeed(torrent, long.parent) as seed:
        done = get(torrent, "--start", 500, "--end", 600, "-o", tmp_path / "clip.mp4", "--peer", seed.endpoint,
                   check=False)
        assert given(seed) < long.stat().st_size / 10
    assert done.returncode == 1 and ("180" in done.stderr or "3:00" in done.stderr), done


@pytest.mark.parametrize("name,end,more,words", [
    ("clip.gif", 5, (), "No film or sound ends in .gif"), ("clip.mp4", 601, ("--exact",), "at most 10 minutes long"),
    ("clip.avi", 5, ("--exact",), "not encoded anew as avi")])
def test_what_no_film_can_give_is_refused_before_anybody_is_asked(torrent, tmp_path, name, end, more, words):
    """There is nobody: it would wait for ever."""
    done = get(torrent, "--start", 0, "--end", end, "-o", tmp_path / name, *more, check=False)
    assert done.returncode == 1 and words in done.stderr and not (tmp_path / name).exists(), done


def test_an_exact_clip(clip_films, tmp_path):
    film = minute(clip_films, "mp4-late-moov")
    path = create(film, tmp_path / "film.torrent")
    with LibtorrentSeed(path, film.parent) as seed:
        clip_of(path, tmp_path / "clip.webm", "--exact", "--peer", seed.endpoint, start=13.3, end=15.1, seconds=90)
    check_clip(film, tmp_path / "clip.webm", 13.3, 15.1, exact=True)


def test_what_it_will_cost_is_told_first(long, torrent, tmp_path):
    with LibtorrentSeed(torrent, long.parent) as seed:
        done = get(torrent, "--start", "1:02", "--end", "1:40", "-o", tmp_path / "clip.mp4", "--peer", seed.endpoint)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Fetches ") and "%" in lines[0]
    assert any(str(tmp_path / "clip.mp4") in line for line in lines) and lines[-1].startswith("Fetched "), lines


# Other clients and torrents with an index


@pytest.mark.parametrize("form", FORMATS)
def test_the_info_hash_stays(clip_films, tmp_path, form):
    film = clip_films["mp4"]
    with_index = create(film, tmp_path / "with.torrent", "--format", form)
    bare = create(film, tmp_path / "without.torrent", "--format", form, "--no-clip-index")
    one, other = (libtorrent.torrent_info(str(path)) for path in (with_index, bare))
    assert one.info_hashes() == other.info_hashes() and one.total_size() == other.total_size()
    rest = [without(path.read_bytes(), "clip-index", "creation date") for path in (with_index, bare)]
    assert rest[0] == rest[1]
    if form == "v1":
        # Transmission 3 and aria2 know no others, with and without an index.
        told = subprocess.run(["transmission-show", with_index], check=True, capture_output=True, text=True).stdout
        assert str(one.info_hashes().v1) in told and film.name in told
        listed = subprocess.run(["aria2c", "--show-files", with_index], check=True, capture_output=True,
                                text=True).stdout
        assert str(one.info_hashes().v1) in listed.lower() and film.name in listed


@pytest.mark.parametrize("client", CLIENTS)
def test_other_clients_download_such_torrents(shared_server, published, long, tmp_path, client):
    path = tmp_path / "film.torrent"
    path.write_bytes(without(shared_server.torrent(published["slug"]), "url-list"))
    assert b"clip-index" in path.read_bytes()
    assert sha256(CLIENTS[client](str(path), tmp_path / "got")) == sha256(long)


def test_our_seed_serves_a_torrent_with_an_index(long, torrent, tmp_path):
    with Seed(tmp_path / "seed", torrent, "--data", long.parent) as seed:
        folder = fetch_by_libtorrent(torrent, tmp_path / "got", seed.port)
    assert sha256(folder / long.name) == sha256(long)
