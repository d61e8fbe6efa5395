"""Peers found in every way there is: trackers in tiers, magnets, peer exchange, DHT, local discovery."""
import socket
from contextlib import ExitStack

import libtorrent
import pytest

from clients import Libtorrent
from dht import LibtorrentDHT, settings
from peers import LibtorrentSeed, Peer, Seed, arrives, counts, get
from ports import free_port
from torrents import make_torrent, sha256
from tracker import Track
from waiting import wait_until


@pytest.fixture
def own(film, tmp_path):
    """A content of this test's own, so that tests beside it cannot help; with its torrent."""
    path = tmp_path / "content" / "film.mp4"
    path.parent.mkdir()
    path.write_bytes(film.read_bytes() + str(tmp_path).encode())
    torrent = tmp_path / "film.torrent"
    return path, torrent, make_torrent(path, torrent)


# Trackers and magnets.

@pytest.mark.parametrize("scheme", ["http", "udp"])
def test_the_first_tracker_that_answers(own, tmp_path, scheme):
    """Those before it refuse, answer nonsense or say nothing."""
    path, torrent, info_hash = own
    with Track(tmp_path, "--open") as track, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        make_torrent(path, torrent, f"http://127.0.0.1:{free_port()}/announce",
                     f"http://127.0.0.1:{track.port}/nothing", track.url(scheme), f"udp://127.0.0.1:{mute.getsockname()[1]}")
        with Seed(tmp_path / "seed", torrent, "--data", path.parent):
            wait_until(lambda: counts(track, info_hash)[0] == 1, "the seed has announced itself")
            get(torrent, "-o", f"{tmp_path}/got/")
    assert sha256(tmp_path / "got" / path.name) == sha256(path)


def test_a_magnet_that_names_peers(own, tmp_path):
    path, torrent, info_hash = own
    with Seed(tmp_path / "seed", torrent, "--data", path.parent) as seed:
        magnet = f"magnet:?xt=urn:btih:{info_hash.hex()}&x.pe=127.0.0.1:{free_port()}&x.pe={seed.endpoint}"
        get(magnet, "-o", f"{tmp_path}/got/")
        assert sha256(tmp_path / "got" / path.name) == sha256(path)


# Peer exchange: three of ours and two of theirs, of whom one knows all and the others only that one.

def test_peer_exchange(own, tmp_path):
    """Everybody is told of the hub alone; every other comes to be connected with two more at least."""
    path, torrent, _ = own
    with Seed(tmp_path / "hub", torrent, "--data", path.parent, "--up", "60k") as hub, ExitStack() as stack:
        theirs = [stack.enter_context(Libtorrent(str(torrent), tmp_path / f"theirs{n}")) for n in range(2)]
        for client in theirs:
            client.handle.set_upload_limit(60_000)
            client.handle.connect_peer(("127.0.0.1", hub.port))
        logs = [tmp_path / f"ours{n}.txt" for n in range(2)]
        for log in logs:
            stack.enter_context(Peer("get", tmp_path / log.stem, torrent, "-o", f"{tmp_path}/{log.stem}/got/", "--seed",
                                     "--up", "60k", "--peer", hub.endpoint, "--log", log))

        def connections() -> list[int]:
            return [len(client.handle.get_peer_info()) for client in theirs] + [connected(log) for log in logs]
        wait_until(lambda: min(connections()) >= 3 and "known", "everybody has the hub and two more", 75)
        ours = {libtorrent_peer.ip[1] for client in theirs for libtorrent_peer in client.handle.get_peer_info()
                if b"Reelswarm" in libtorrent_peer.client}
        assert len(ours - {hub.port}) >= 2, "libtorrent knows both of ours"


def connected(log) -> int:
    """How many peers one of ours is connected with by its log."""
    lines = log.read_text(errors="replace").splitlines()
    return sum(line.endswith("* connected") for line in lines) - sum("* connection ended" in line for line in lines)


# DHT: a hub, three of ours and two of theirs.

def test_dht(own, tmp_path):
    """A bare magnet and nodes to begin with: ours finds theirs, theirs finds ours, ours finds ours."""
    path, torrent, info_hash = own
    magnet = f"magnet:?xt=urn:btih:{info_hash.hex()}"
    with LibtorrentDHT() as hub, LibtorrentDHT(bootstrap=hub.address) as other:
        other.wait_for_nodes(1)
        nodes = ["--dht-node", hub.address, "--allow-private-peers"]
        with Seed(tmp_path / "seed", torrent, "--data", path.parent, *nodes) as seed:
            assert ("127.0.0.1", seed.port) in other.find(info_hash.hex(), seconds=30)
            port = free_port()
            with Libtorrent(magnet, tmp_path / "theirs", **settings(port)) as client:
                client.session.add_dht_node(("127.0.0.1", hub.port))
                arrives(path, client.finish(60))
            with Peer("get", tmp_path / "first", magnet, "-o", f"{tmp_path}/ours/", "--seed", *nodes) as first:
                get(magnet, "-o", f"{tmp_path}/second/", *nodes)
                wait_until(first.is_done, "the first of ours has it")
            assert sha256(tmp_path / "ours" / path.name) == sha256(tmp_path / "second" / path.name) == sha256(path)


def test_dht_finds_theirs(own, tmp_path):
    path, torrent, info_hash = own
    with LibtorrentDHT() as hub, LibtorrentSeed(torrent, path.parent) as seed:
        with LibtorrentDHT(bootstrap=hub.address) as other:
            other.wait_for_nodes(1)
            other.announce(info_hash.hex(), seed.session.listen_port())
            get(f"magnet:?xt=urn:btih:{info_hash.hex()}", "-o", f"{tmp_path}/got/", "--dht-node", hub.address,
                "--allow-private-peers")
    assert sha256(tmp_path / "got" / path.name) == sha256(path)


def test_a_private_torrent_is_never_told_to_the_dht(own, tmp_path):
    """It is shared (BEP 27), but of its peers the DHT knows nothing."""
    path, torrent, _ = own
    outer = libtorrent.bdecode(torrent.read_bytes())
    outer[b"info"][b"private"] = 1
    torrent.write_bytes(libtorrent.bencode(outer))
    info_hash = str(libtorrent.torrent_info(str(torrent)).info_hashes().v1)
    with LibtorrentDHT() as hub:
        nodes = ["--dht-node", hub.address, "--allow-private-peers"]
        with Seed(tmp_path / "seed", torrent, "--data", path.parent, *nodes) as seed:
            get(torrent, "-o", f"{tmp_path}/got/", "--peer", seed.endpoint, *nodes)
            assert not hub.find(info_hash, seconds=3)
    assert sha256(tmp_path / "got" / path.name) == sha256(path)


# Local discovery.

def multicast_works() -> bool:
    """Whether what is sent to the group on loopback arrives there."""
    group = socket.inet_aton("239.192.152.143")
    local = socket.inet_aton("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        try:
            receiver.bind(("0.0.0.0", 0))
            receiver.settimeout(1)
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + local)
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, local)
            sender.sendto(b"?", ("239.192.152.143", receiver.getsockname()[1]))
            return receiver.recv(1) == b"?"
        except OSError:
            return False


@pytest.mark.skipif(not multicast_works(), reason="no multicast on loopback")
def test_local_discovery(own, tmp_path):
    path, torrent, info_hash = own
    with Seed(tmp_path / "seed", torrent, "--data", path.parent, "--local-discovery"):
        get(f"magnet:?xt=urn:btih:{info_hash.hex()}", "-o", f"{tmp_path}/got/", "--local-discovery")
    assert sha256(tmp_path / "got" / path.name) == sha256(path)
