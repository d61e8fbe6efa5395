"""Trackers as processes: `reelswarm track`, and Debian's opentracker beside it."""
import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import requests

from ports import free_port
from server import PROGRAM, ROOT
from waiting import wait_until


class Track:
    """`reelswarm track` on 127.0.0.1 and ::1."""

    def __init__(self, folder: Path, *arguments, port: int = 0, start: bool = True):
        self.ports_file = folder / "track.json"
        self.log_path = folder / "track.log"
        self.arguments = [str(a) for a in arguments]
        self.port = port
        self.process = None
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        self.ports_file.unlink(missing_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("REELSWARM_")}
        command = [str(PROGRAM), "track", "--host", "127.0.0.1", "--host", "::1", "--tracker-port", str(self.port),
                   "--ports-file", str(self.ports_file), *self.arguments]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                                            cwd=ROOT)
        wait_until(lambda: self.ports_file.exists() or self.process.poll() is not None, "tracker ready", 30)
        assert self.process.poll() is None, self.log()
        # A later start keeps the port, which is in the torrents by then.
        self.port = json.loads(self.ports_file.read_text())["tracker"]
        return self

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")[-6000:] if self.log_path.exists() else ""

    def stop(self) -> int | None:
        if self.process is None:
            return None
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

    def url(self, transport: str = "http", host: str = "127.0.0.1", path: str = "/announce") -> str:
        name = f"[{host}]" if ":" in host else host
        return f"{transport}://{name}:{self.port}{path}"

    def stats(self) -> dict:
        """The figures, up to a second old."""
        return requests.get(self.url(path="/stats.json"), timeout=10).json()


class Opentracker:
    """Debian's opentracker on 127.0.0.1. It is built to track only what a list names."""

    program = shutil.which("opentracker") or shutil.which("opentracker", path="/usr/sbin:/usr/lib/opentracker")

    def __init__(self, folder: Path, *hashes: bytes):
        self.port = free_port()
        self.folder = folder
        listed = folder / "opentracker.list"
        listed.write_text("".join(h.hex() + "\n" for h in hashes))
        with open(folder / "opentracker.log", "wb") as log:
            command = [self.program, "-i", "127.0.0.1", "-p", str(self.port), "-P", str(self.port), "-d", str(folder),
                       "-w", listed.name]
            if os.geteuid() == 0:
                command += ["-u", "nobody"]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self.answers, "opentracker ready", 20)

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "opentracker.log").read_text(errors="replace")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def url(self, transport: str = "http") -> str:
        return f"{transport}://127.0.0.1:{self.port}/announce"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
