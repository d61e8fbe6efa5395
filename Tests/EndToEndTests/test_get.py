"""`reelswarm get` and `reelswarm seed` with other people's clients, in both directions."""
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import libtorrent
import pytest

from clients import CLIENTS, SEEDS, Libtorrent, aria2
from peers import (LibtorrentSeed, Peer, Seed, arrives, command, counts, environment, fetch_by_libtorrent, get,
                   got)
from torrents import make_torrent, sha256
from tracker import Track
from waiting import wait_until

FORMATS = {"v1": libtorrent.create_torrent.v1_only, "hybrid": 0, "v2": libtorrent.create_torrent.v2_only}


@pytest.fixture(scope="module")
def track(tmp_path_factory):
    with Track(tmp_path_factory.mktemp("track"), "--open") as track:
        yield track


@pytest.fixture(scope="module")
def film(film, tmp_path_factory):
    """The film in a folder of its own: `reelswarm seed` keeps notes beside what it shares."""
    return shutil.copy(film, tmp_path_factory.mktemp("film") / film.name)


@pytest.fixture
def torrent(film, tmp_path):
    """The film's torrent, without trackers."""
    path = tmp_path / "film.torrent"
    make_torrent(film, path)
    return path


def made_by_libtorrent(content, out, form):
    """A torrent of a file or folder as libtorrent makes it."""
    made = libtorrent.create_torrent(libtorrent.list_files(str(content)), 0, FORMATS[form])
    libtorrent.set_piece_hashes(made, str(content.parent))
    out.write_bytes(libtorrent.bencode(made.generate()))
    return libtorrent.torrent_info(str(out))


def folder_of_films(tmp_path, film):
    """Files of odd lengths, an empty one among them, in two folders."""
    folder = tmp_path / "season"
    (folder / "one").mkdir(parents=True)
    content = film.read_bytes()
    for name, part in [("a.mp4", content[:1_234_567]), ("one/b.mp4", content[5:800_000]), ("one/empty.txt", b""),
                       ("z.txt", b"The end.\n")]:
        (folder / name).write_bytes(part)
    return folder


def same(one, other):
    """Whether two files, or all files of two folders, are the same."""
    if one.is_file():
        return sha256(one) == sha256(other)
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    return all((one / p).read_bytes() == (other / p).read_bytes() for p in files)


@pytest.fixture
def announced(track, film, tmp_path):
    """A copy of the film with bytes of its own, its torrent and magnet that name the tracker, and its info hash."""
    own = tmp_path / "own" / "film.mp4"
    own.parent.mkdir()
    own.write_bytes(film.read_bytes() + str(tmp_path).encode())
    torrent = tmp_path / "announced.torrent"
    info_hash = make_torrent(own, torrent, track.url("http"))
    return own, str(torrent), f"magnet:?xt=urn:btih:{info_hash.hex()}&tr={quote(track.url('http'))}", info_hash


@pytest.mark.parametrize("kind", ["torrent", "magnet"])
@pytest.mark.parametrize("seed", SEEDS)
def test_from_each_seed(track, announced, tmp_path, seed, kind):
    own, torrent, magnet, info_hash = announced
    shared = tmp_path / "shared"
    shutil.copytree(own.parent, shared)
    with SEEDS[seed](torrent, shared):
        wait_until(lambda: counts(track, info_hash)[0] == 1, f"{seed} has announced itself")
        get(torrent if kind == "torrent" else magnet, "-o", f"{tmp_path}/got/")
        assert counts(track, info_hash) == (1, 0, 1), "one download is counted, and nobody left behind"
    assert same(own, tmp_path / "got" / own.name)


@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_from_our_seed(track, announced, tmp_path, client):
    """By .torrent and by magnet, at the same time."""
    own, torrent, magnet, info_hash = announced
    with ThreadPoolExecutor(2) as both:
        # Transmission throws loopback addresses of trackers away: it has to be there first, so that we dial it.
        theirs = [both.submit(CLIENTS[client], source, tmp_path / to) for source, to in ((torrent, "a"), (magnet, "b"))]
        wait_until(lambda: sum(counts(track, info_hash)[:2]) == 2, f"{client} has announced itself")
        with Seed(tmp_path / "seed", torrent, "--data", own.parent):
            assert all(same(own, their.result(timeout=60)) for their in theirs)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("content", ["file", "folder"])
def test_every_format_to_and_from_libtorrent(film, tmp_path, form, content):
    source = film if content == "file" else folder_of_films(tmp_path, film)
    path = tmp_path / "it.torrent"
    info = made_by_libtorrent(source, path, form)
    with LibtorrentSeed(path, source.parent) as seed:
        get(path, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint)
        hashes = info.info_hashes()
        for name, known in (("btih", hashes.has_v1() and hashes.v1), ("btmh", hashes.has_v2() and f"1220{hashes.v2}")):
            if known:
                get(f"magnet:?xt=urn:{name}:{known}", "-o", f"{tmp_path}/{name}/", "--peer", seed.endpoint)
                assert same(source, tmp_path / name / source.name)
    assert same(source, tmp_path / "got" / source.name)
    with Seed(tmp_path / "seed", path, "--data", tmp_path / "got") as ours:
        fetch_by_libtorrent(path, tmp_path / "back", ours.port)
    assert same(source, tmp_path / "back" / source.name)


@pytest.mark.parametrize("content", ["file", "folder"])
@pytest.mark.parametrize("form", ["v1", "hybrid", "v2"])
def test_a_magnet_works_from_us_alone(film, tmp_path, form, content):
    """Also between ours and ours, and for torrents that we have made."""
    source = film if content == "file" else folder_of_films(tmp_path, film)
    path = tmp_path / "it.torrent"
    subprocess.run(command("create", source, "--format", form, "--output", path)[:-2], check=True, capture_output=True)
    hashes = libtorrent.torrent_info(str(path)).info_hashes()
    known = f"btih:{hashes.v1}" if form == "v1" else f"btmh:1220{hashes.v2}"
    magnet = f"magnet:?xt=urn:{known}"
    with Seed(tmp_path / "seed", path, "--data", source.parent) as ours:
        assert same(source, fetch_by_libtorrent(magnet, tmp_path / "theirs", ours.port) / source.name)
        get(magnet, "-o", f"{tmp_path}/got/", "--peer", ours.endpoint)
        assert same(source, tmp_path / "got" / source.name)


def test_part_of_a_film_then_the_rest(film, torrent, tmp_path):
    content = film.read_bytes()
    with Seed(tmp_path / "seed", torrent, "--data", film.parent) as seed:
        facts = got(torrent, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint, "--bytes", "1000000-1500000")
        part = tmp_path / "got" / f"{film.name}.1000000-1500000"
        assert facts["path"] == str(part) and part.read_bytes() == content[1_000_000:1_500_001]
        assert facts["downloaded"] <= 500_001 + 2 * 256 * 1024, "more than the part was fetched"
        get(torrent, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint)
    assert same(film, tmp_path / "got" / film.name)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_second_run_continues(film, torrent, tmp_path, end):
    """After Ctrl-C, and after kill -9: what was there is not fetched again, but for what was not saved at the kill."""
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent, up=1_500_000) as seed:
        arguments = [torrent, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint]
        first = Peer("get", tmp_path / "run", *arguments)
        wait_until(lambda: seed.uploaded > size * 0.4, "nearly half of it", 30)
        if end == "kill":
            first.kill()
        else:
            assert first.stop() != 0, "an interrupted download is not done"
            assert "same command goes on" in first.log()
        seed.handle.set_upload_limit(0)
        get(*arguments)
        assert seed.uploaded < size * (1.1 if end == "stop" else 1.6)
    assert same(film, tmp_path / "got" / film.name)


def test_the_rates_are_held(film, torrent, tmp_path):
    """Five megabytes at one a second, by either side's limit."""
    size = film.stat().st_size
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(film, other)
    with Seed(tmp_path / "fast", torrent, "--data", film.parent) as fast, \
            Seed(tmp_path / "slow", torrent, "--data", other, "--up", "1M") as slow:
        free = got(torrent, "-o", f"{tmp_path}/free/", "--peer", fast.endpoint)
        held = got(torrent, "-o", f"{tmp_path}/held/", "--peer", fast.endpoint, "--down", "1M")
        given = got(torrent, "-o", f"{tmp_path}/given/", "--peer", slow.endpoint)
    expected = size / 1_000_000
    assert free["seconds"] < expected / 2
    for facts in (held, given):
        assert expected * 0.5 < facts["seconds"] < expected * 2 + 5, facts


def test_partial_seeds_make_a_whole_together(film, torrent, tmp_path):
    """Two of ours have one half each and no more; a third of ours and libtorrent get the film out of these."""
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent) as source:
        parts = {"one": f"0-{size // 2}", "two": f"{size // 2}-{size - 1}"}
        halves = [Peer("get", tmp_path / name, torrent, "-o", f"{tmp_path}/{name}/", "--bytes", part, "--seed",
                       "--peer", source.endpoint) for name, part in parts.items()]
        for half in halves:
            wait_until(half.is_done, "its half")
    with halves[0] as one, halves[1] as two:
        get(torrent, "-o", f"{tmp_path}/got/", "--peer", one.endpoint, "--peer", two.endpoint)
        with Libtorrent(str(torrent), tmp_path / "theirs") as client:
            for half in halves:
                client.handle.connect_peer(("127.0.0.1", half.port))
            arrives(film, client.finish())
    assert same(film, tmp_path / "got" / film.name)


def test_a_folder_is_watched(film, tmp_path):
    watched = tmp_path / "watched"
    watched.mkdir()
    with Seed(tmp_path / "seed", "--watch", watched, "--watch-interval", "1") as seed:
        (watched / "deep" / "er").mkdir(parents=True)
        copy = watched / "deep" / "er" / film.name
        copy.write_bytes(film.read_bytes())
        torrent = copy.with_name(film.name + ".torrent")
        wait_until(torrent.exists, "a torrent beside the film", 20)
        assert same(film, fetch_by_libtorrent(torrent, tmp_path / "got", seed.port) / film.name)
        other = tmp_path / "other.mp4"
        other.write_bytes(film.read_bytes()[:1_000_000])
        made = tmp_path / "other.torrent"
        make_torrent(other, made)
        shutil.copy(other, watched)
        shutil.copy(made, watched)
        assert same(other, fetch_by_libtorrent(made, tmp_path / "second", seed.port) / "other.mp4")


def test_the_log_can_be_read(film, torrent, tmp_path):
    log = tmp_path / "protocol.log"
    with Seed(tmp_path / "seed", torrent, "--data", film.parent) as seed:
        get(torrent, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint, "--log", log)
    text = log.read_text()
    for word in ("handshake", "interested", "unchoke", "request", "piece", "have"):
        assert word in text, text[:2000]


@pytest.mark.parametrize("arguments", [["nothing.torrent"], ["magnet:?xt=urn:btih:zz"], [], ["x", "--bytes", "9-3"],
                                       ["x", "--down", "fast"], ["x", "--peer", "nowhere"]])
def test_wrong_use_is_one_clear_line(tmp_path, arguments):
    done = subprocess.run([*command("get", *arguments), "-o", str(tmp_path / "got")], capture_output=True, text=True,
                          timeout=30, env=environment(), cwd=tmp_path)
    assert done.returncode in (1, 2, 64) and done.stderr.strip(), done
    assert "Fatal" not in done.stderr


@pytest.mark.parametrize("lies", ["everywhere", "here and there"])
def test_a_liar_is_found_out(film, torrent, tmp_path, lies):
    """One seed sends wrong bytes, another, slow one is honest: the film is right, and the liar is banned."""
    content = bytearray(film.read_bytes())
    folder = tmp_path / "lies"
    folder.mkdir()
    (folder / film.name).write_bytes(content)
    log = tmp_path / "protocol.log"
    with LibtorrentSeed(torrent, film.parent, up=3_000_000) as honest, LibtorrentSeed(torrent, folder) as liar:
        for place in range(0, len(content), 16384 if lies == "everywhere" else 256 * 1024):
            content[place] ^= 0x55
        (folder / film.name).write_bytes(content)
        get(torrent, "-o", f"{tmp_path}/got/", "--peer", liar.endpoint, "--peer", honest.endpoint, "--log", log)
        banned = [line.split()[2] for line in log.read_text().splitlines() if "* banned" in line]
        assert liar.endpoint in banned and honest.endpoint not in banned
    assert same(film, tmp_path / "got" / film.name)


def test_several_at_once(film, torrent, tmp_path):
    """Three of ours share what they get from one slow seed: together it gives far less than three films."""
    size = film.stat().st_size
    with LibtorrentSeed(torrent, film.parent, up=1_500_000) as seed:
        gets = []
        for number in range(3):
            known = [w for other in gets for w in ("--peer", other.endpoint)]
            gets.append(Peer("get", tmp_path / f"run{number}", torrent, "-o", f"{tmp_path}/got{number}/", "--seed",
                             "--peer", seed.endpoint, *known))
        for other in gets:
            wait_until(other.is_done, "a film", 60)
        for other in gets:
            other.stop()
        assert seed.uploaded < size * 2.2
    for number in range(3):
        assert same(film, tmp_path / f"got{number}" / film.name)


def test_aria2_and_ours_from_each_other(announced, tmp_path):
    """aria2 and one of ours, begun at the same time, both finish from one slow seed."""
    own, torrent, _, _ = announced
    with LibtorrentSeed(torrent, own.parent, up=2_000_000), ThreadPoolExecutor(1) as other:
        theirs = other.submit(aria2, torrent, tmp_path / "theirs")
        get(torrent, "-o", f"{tmp_path}/got/")
        assert same(own, theirs.result(timeout=60))
    assert same(own, tmp_path / "got" / own.name)
