"""A PostgreSQL of the test's own, on a loopback port, run by an unprivileged user."""
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ports import free_port


def bindir() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]))
    return found[-1].parent


class Postgres:
    def __init__(self):
        # A short path of its own: the server's user must reach it, and socket paths are limited.
        self.home = Path(tempfile.mkdtemp(prefix="rs-pg-"))
        self.port = free_port()
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres", "postgres")
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._run("initdb", "-D", self.home / "d", "-U", "reelswarm", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")

    def _run(self, program, *arguments):
        subprocess.run([*self.as_user, bindir() / program, *map(str, arguments)], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, durable: bool = False):
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.home}"
        options += " -c max_wal_size=4GB -c shared_buffers=256MB" if durable else " -c fsync=off"
        self._run("pg_ctl", "-D", self.home / "d", "-w", "-l", self.home / "log", "-o", options, "start")

    def stop(self, mode: str = "fast"):
        subprocess.run([*self.as_user, bindir() / "pg_ctl", "-D", self.home / "d", "-m", mode, "-w", "stop"], cwd="/",
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self):
        """kill -9 of the postmaster, as the out-of-memory killer would."""
        pid = int((self.home / "d/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def value(self, query: str) -> str:
        """What psql prints of the first column of a query."""
        command = [bindir() / "psql", self.url, "-X", "-A", "-t", "-c", query]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout.strip()

    @property
    def url(self) -> str:
        return f"postgresql://reelswarm@127.0.0.1:{self.port}/postgres"
