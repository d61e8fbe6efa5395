"""`reelswarm get` and `reelswarm seed` as their users run them, on loopback, and what other clients' peers tell."""
import json
import os
import signal
import subprocess
from pathlib import Path

import libtorrent

from announces import http_scrape
from clients import Libtorrent
from server import PROGRAM
from torrents import sha256
from waiting import wait_until


def environment() -> dict:
    return {k: v for k, v in os.environ.items() if not k.startswith("REELSWARM_")}


def command(name: str, *arguments) -> list[str]:
    """`get` asks the public DHT unless told otherwise, which no test may."""
    words = [str(PROGRAM), name, *map(str, arguments), "--host", "127.0.0.1"]
    return words if name != "get" or "--dht-node" in words else [*words, "--no-dht"]


def get(*arguments, seconds: float = 60, check: bool = True) -> subprocess.CompletedProcess:
    """Runs `get` to its end."""
    done = subprocess.run(command("get", *arguments, "--peer-port", 0), capture_output=True, text=True, timeout=seconds,
                          env=environment(), stdin=subprocess.DEVNULL)
    assert not check or done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def got(*arguments, seconds: float = 60) -> dict:
    """Runs `get` to its end and returns what it tells of it."""
    return json.loads(get(*arguments, "--json", seconds=seconds).stdout)


def counts(track, info_hash: bytes) -> tuple[int, int, int]:
    """Seeds, leechers and completed downloads that a tracker knows."""
    files = http_scrape(track.url("http").replace("announce", "scrape"), info_hash)[b"files"]
    return tuple(files.get(info_hash, {}).get(kind, 0) for kind in (b"complete", b"incomplete", b"downloaded"))


class Peer:
    """`get` or `seed` that goes on while its `with` block lasts. Its log and ports lie in `folder`."""

    def __init__(self, name: str, folder: Path, *arguments, port: int = 0, wait: bool = True):
        folder.mkdir(exist_ok=True)
        self.log_path = folder / f"{name}.log"
        self.output_path = folder / f"{name}.out"
        self.ports = folder / f"{name}-ports.json"
        self.ports.unlink(missing_ok=True)
        with open(self.log_path, "wb") as log, open(self.output_path, "wb") as output:
            self.process = subprocess.Popen(
                command(name, *arguments, "--peer-port", port, "--ports-file", self.ports), stdout=output, stderr=log,
                stdin=subprocess.DEVNULL, env=environment())
        self.port = None
        if wait:
            self.wait_for_port()

    def wait_for_port(self):
        try:
            wait_until(lambda: self.ports.exists() or self.process.poll() is not None, "it listens", 30)
            assert self.ports.exists(), self.log()
        except BaseException:
            self.kill()
            raise
        self.port = json.loads(self.ports.read_text())["peer"]

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    def log(self) -> str:
        return (self.log_path.read_text(errors="replace") + self.output())[-6000:]

    def output(self) -> str:
        """What it has printed."""
        return self.output_path.read_text(errors="replace")

    def is_done(self) -> bool:
        """Whether a `get` that seeds on has told that everything is there."""
        assert self.process.poll() is None, self.log()
        return bool(self.output().strip())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def finish(self, seconds: float = 60) -> dict:
        """Waits for a `get --json` to end by itself; returns what it tells."""
        assert self.process.wait(seconds) == 0, self.log()
        return json.loads(self.output())

    def stop(self) -> int:
        """Ctrl-C; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("did not stop within 30 s\n" + self.log())
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()


class Seed(Peer):
    """`reelswarm seed`."""

    def __init__(self, folder: Path, *arguments, port: int = 0):
        super().__init__("seed", folder, *arguments, port=port)


class LibtorrentSeed(Libtorrent):
    """A libtorrent session that has everything when the `with` block begins."""

    def __init__(self, torrent: Path, folder: Path, up: int = 0, **settings):
        super().__init__(str(torrent), folder, **settings)
        wait_until(lambda: self.handle.status().is_seeding, "libtorrent has it", 30)
        if up:
            self.handle.set_upload_limit(up)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.session.listen_port()}"

    @property
    def uploaded(self) -> int:
        """Content bytes that have left it."""
        return self.handle.status().total_payload_upload


def arrives(original: Path, path: Path):
    """Waits until a file is the same as another: libtorrent calls itself a seed before it has written everything."""
    wait_until(lambda: path.stat().st_size == original.stat().st_size and sha256(path) == sha256(original),
               f"{path} is on the disk", 15)


def fetch_by_libtorrent(source, folder: Path, port: int, **settings) -> Path:
    """libtorrent downloads from one peer alone; returns the folder, when everything is there."""
    settings["alert_mask"] = libtorrent.alert.category_t.storage_notification
    with Libtorrent(str(source), folder, **settings) as client:
        client.handle.connect_peer(("127.0.0.1", port))
        wait_until(lambda: client.handle.status().is_seeding, "libtorrent finished", 60)
        client.handle.flush_cache()
        wait_until(lambda: any(isinstance(a, libtorrent.cache_flushed_alert) for a in client.session.pop_alerts()),
                   "libtorrent has written everything", 15)
    return folder


def kinds(client: Libtorrent) -> set[str]:
    """How the connections of a libtorrent session are encrypted at this moment."""
    def kind(peer):
        if peer.flags & libtorrent.peer_info.rc4_encrypted:
            return "rc4"
        return "hidden handshake" if peer.flags & libtorrent.peer_info.plaintext_encrypted else "plain"
    return {kind(peer) for peer in client.handle.get_peer_info()}
