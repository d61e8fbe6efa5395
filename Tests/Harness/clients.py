"""Other people's BitTorrent clients, on loopback, without DHT, local discovery or peer exchange.

The functions of `CLIENTS` download one torrent (a .torrent's path or a magnet link) into a folder and return when it
holds the whole file. Those of `SEEDS` share, while their `with` block lasts, what lies in a folder already.
"""
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import libtorrent

from ports import free_port
from waiting import wait_until


def only_file(folder: Path) -> Path:
    files = [p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".aria2", ".torrent", ".part")]
    assert len(files) == 1, files
    return files[0]


def aria2_command(source: str, folder: Path, *more: str) -> list[str]:
    command = ["aria2c", "--no-conf", "--quiet", "--dir", folder, "--enable-dht6=false", "--bt-enable-lpd=false",
               "--enable-peer-exchange=false", f"--listen-port={free_port()}", "--bt-tracker-interval=2",
               "--file-allocation=none", *more]
    if "--enable-dht=true" not in more:
        command.append("--enable-dht=false")
    if "--disable-ipv6=false" not in more:
        command.append("--disable-ipv6=true")
    command += [f"--torrent-file={source}"] if not source.startswith("magnet:") else [source]
    return [str(c) for c in command]


def aria2(source: str, folder: Path, *more: str) -> Path:
    folder.mkdir()
    subprocess.run(aria2_command(source, folder, "--seed-time=0", "--bt-stop-timeout=60", *more), check=True, timeout=90)
    return only_file(folder)


@contextmanager
def aria2_seed(source: str, folder: Path, *more: str):
    command = aria2_command(source, folder, "--seed-ratio=0.0", "--check-integrity=true", *more)
    with running(command, folder):
        yield


def over_udp(folder: Path) -> list[str]:
    """What makes aria2 ask UDP trackers: it does so through its DHT, which knows no node here and so talks to nobody."""
    return ["--enable-dht=true", f"--dht-file-path={folder.parent / 'dht.dat'}", f"--dht-listen-port={free_port()}"]


@contextmanager
def running(command: list[str], folder: Path, **options):
    """A client as a process, with its output beside its folder."""
    with open(folder.parent / (folder.name + "-log"), "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def transmission_command(source: str, folder: Path, home: Path, *more) -> list[str]:
    return [str(c) for c in
            ["transmission-cli", "-w", folder, "-g", home, "-p", free_port(), "-M", "-u", "1000", *more, source]]


def transmission(source: str, folder: Path, *more: str) -> Path:
    folder.mkdir()
    home = folder.parent / (folder.name + "-home")
    done = folder.parent / (folder.name + "-done")
    script = folder.parent / (folder.name + "-finished")
    script.write_text(f"#!/bin/sh\ntouch '{done}'\n")
    script.chmod(0o755)
    try:
        with running(transmission_command(source, folder, home, "-f", script, *more), folder) as process:
            wait_until(lambda: done.exists() or process.poll() is not None, "transmission finished", 90)
            assert done.exists(), (folder.parent / (folder.name + "-log")).read_text(errors="replace")[-2000:]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return only_file(folder)


@contextmanager
def transmission_seed(source: str, folder: Path, *more: str):
    home = folder.parent / (folder.name + "-home")
    home.mkdir()
    (home / "settings.json").write_text('{"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false}')
    try:
        with running(transmission_command(source, folder, home, "-v", *more), folder):
            yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


class Libtorrent:
    """One libtorrent session with one torrent; `close` says `stopped` to the trackers."""

    def __init__(self, source: str, folder: Path, download_limit: int = 0, host: str = "127.0.0.1", **settings):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.session = libtorrent.session({
            "listen_interfaces": f"[{host}]:0" if ":" in host else f"{host}:0", "enable_dht": False,
            "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False, "enable_outgoing_utp": False,
            "min_reconnect_time": 1, "allow_multiple_connections_per_ip": True, "download_rate_limit": download_limit,
            "alert_mask": libtorrent.alert.category_t.error_notification | libtorrent.alert.category_t.status_notification
            | libtorrent.alert.category_t.tracker_notification, **settings})
        if source.startswith("magnet:"):
            parameters = libtorrent.parse_magnet_uri(source)
        else:
            parameters = libtorrent.add_torrent_params()
            parameters.ti = libtorrent.torrent_info(source)
        parameters.save_path = str(folder)
        self.handle = self.session.add_torrent(parameters)
        # Loopback is local to libtorrent, which limits it only on request.
        if download_limit:
            self.handle.set_download_limit(download_limit)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def finish(self, seconds: float = 60) -> Path:
        wait_until(lambda: self.handle.status().is_seeding, "libtorrent finished", seconds)
        return only_file(self.folder)

    def close(self):
        """Leaves the swarm; returns when its trackers, if it has any, have answered."""
        self.session.pop_alerts()
        self.handle.pause()
        answers = (libtorrent.tracker_reply_alert, libtorrent.tracker_error_alert)
        end = time.monotonic() + (5 if self.handle.trackers() else 0)
        while time.monotonic() < end and not any(isinstance(a, answers) for a in self.session.pop_alerts()):
            time.sleep(0.05)
        self.session.remove_torrent(self.handle)
        del self.session

    def alerts(self) -> str:
        return "\n".join(str(a) for a in self.session.pop_alerts())


@contextmanager
def libtorrent_seed(source: str, folder: Path, host: str = "127.0.0.1"):
    """libtorrent in a process of its own, which has the whole file when this goes on.

    A process keeps the connection ids of UDP trackers for a minute and knows them by address alone, so after one tracker
    of these tests it would greet the next with an id that means nothing there, and wait long for an answer.
    """
    command = [sys.executable, __file__, source, str(folder), host]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"whole\n", "libtorrent did not finish"
        yield
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def libtorrent_download(source: str, folder: Path, host: str = "127.0.0.1") -> Path:
    with libtorrent_seed(source, folder, host):
        return only_file(folder)


CLIENTS = {"aria2": aria2, "transmission": transmission, "libtorrent": libtorrent_download}
SEEDS = {"aria2": aria2_seed, "transmission": transmission_seed, "libtorrent": libtorrent_seed}

if __name__ == "__main__":
    with Libtorrent(sys.argv[1], Path(sys.argv[2]), host=sys.argv[3]) as client:
        client.finish()
        print("whole", flush=True)
        sys.stdin.read()
