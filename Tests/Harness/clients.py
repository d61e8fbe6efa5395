"""Other people's BitTorrent clients, on loopback, without DHT, local discovery or peer exchange.

Each downloads one torrent (a .torrent's path or a magnet link) into a folder and returns when it holds the whole file.
"""
import os
import shutil
import subprocess
import time
from pathlib import Path

import libtorrent

from ports import free_port
from waiting import wait_until


def only_file(folder: Path) -> Path:
    files = [p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".aria2", ".torrent", ".part")]
    assert len(files) == 1, files
    return files[0]


def aria2(source: str, folder: Path) -> Path:
    folder.mkdir()
    command = ["aria2c", "--no-conf", "--quiet", "--dir", folder, "--seed-time=0", "--enable-dht=false",
               "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false", "--disable-ipv6=true",
               f"--listen-port={free_port()}", "--bt-stop-timeout=60", "--bt-tracker-interval=2",
               "--file-allocation=none"]
    command += [f"--torrent-file={source}"] if not source.startswith("magnet:") else [source]
    subprocess.run([str(c) for c in command], check=True, timeout=90)
    return only_file(folder)


def transmission(source: str, folder: Path) -> Path:
    folder.mkdir()
    home = folder.parent / (folder.name + "-home")
    done = folder.parent / (folder.name + "-done")
    script = folder.parent / (folder.name + "-finished")
    script.write_text(f"#!/bin/sh\ntouch '{done}'\n")
    script.chmod(0o755)
    command = ["transmission-cli", "-w", folder, "-g", home, "-p", free_port(), "-M", "-f", script, "-u", "1000", source]
    with open(folder.parent / (folder.name + "-log"), "wb") as log:
        process = subprocess.Popen([str(c) for c in command], stdout=log, stderr=log,
                                   env={**os.environ, "TR_CURL_VERBOSE": ""})
    try:
        wait_until(lambda: done.exists() or process.poll() is not None, "transmission finished", 90)
        assert done.exists(), (folder.parent / (folder.name + "-log")).read_text(errors="replace")[-2000:]
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)
    return only_file(folder)


class Libtorrent:
    """One libtorrent session with one torrent; `close` says `stopped` to the trackers."""

    def __init__(self, source: str, folder: Path, download_limit: int = 0):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.session = libtorrent.session({
            "listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
            "enable_natpmp": False, "allow_multiple_connections_per_ip": True, "download_rate_limit": download_limit,
            "alert_mask": libtorrent.alert.category_t.error_notification | libtorrent.alert.category_t.status_notification
            | libtorrent.alert.category_t.tracker_notification})
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


def libtorrent_download(source: str, folder: Path) -> Path:
    client = Libtorrent(source, folder)
    try:
        return client.finish()
    finally:
        client.close()


CLIENTS = {"aria2": aria2, "transmission": transmission, "libtorrent": libtorrent_download}
