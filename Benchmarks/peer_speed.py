"""Peers beside libtorrent and beside the least that can be done: uploading blocks, downloading, and idling."""
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import libtorrent

from pair import Pair, large_film
from postgres import Postgres
from server import PROGRAM, Server
from waiting import wait_until

SOURCES = Path(__file__).parent / "PeerLoad"
LIBTORRENT = Path(__file__).parent / "libtorrent_peer.py"
PIECE = 1 << 20


def built(name: str, folder: Path) -> Path:
    out = folder / name
    subprocess.run(["clang", "-O2", "-pthread", "-o", out, SOURCES / f"{name}.c"], check=True)
    return out


class Seeding(Pair):
    """A film, its torrent, and processes that are ended with the row."""

    def __enter__(self):
        self.film = large_film(self.folder / "film.mp4", self.size)
        self.torrent = self.folder / "film.torrent"
        subprocess.run([PROGRAM, "create", self.film, "-o", self.torrent, "--piece-length", str(PIECE)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.hash = str(libtorrent.torrent_info(str(self.torrent)).info_hash())
        self.processes = []
        return self

    def __exit__(self, *error):
        for process in self.processes:
            process.kill()
            process.wait()

    def start(self, *command) -> subprocess.Popen:
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def port(self, *command) -> int:
        return int(self.start(*command).stdout.readline())

    def bare_seed(self) -> int:
        return self.port(built("bare-seed", self.folder), self.film, self.hash, PIECE)

    def our_seed(self) -> int:
        ports = self.folder / "ports.json"
        self.start(PROGRAM, "seed", self.torrent, "--data", self.folder, "--host", "127.0.0.1", "--peer-port", 0,
                   "--ports-file", ports)
        wait_until(ports.exists, "our seed listens", 60)
        return json.loads(ports.read_text())["peer"]


class block_upload(Seeding):
    """One row for each number of connections; the seeds stay, the loader comes anew."""
    path, beside, aim = "block upload, 1 connection", "libtorrent 2.1.1", "1.8"
    connections = [1, 4, 16]
    seconds = 4

    def __enter__(self):
        super().__enter__()
        self.loader = built("block-load", self.folder)
        self.ports = {"ours": self.our_seed(), "bare": self.bare_seed(),
                      "theirs": self.port(sys.executable, LIBTORRENT, "seed", self.torrent, self.folder)}
        self.rates = {}
        time.sleep(2)
        return self

    def load(self, who: str, connections: int) -> float:
        done = subprocess.run([self.loader, str(self.ports[who]), self.hash, str(self.film.stat().st_size), str(PIECE),
                               str(connections), str(self.seconds)], check=True, capture_output=True, text=True)
        rate = float(done.stdout) / 1e6
        self.rates.setdefault((who, connections), []).append(rate)
        return rate

    def ours(self) -> float:
        for connections in self.connections[1:]:
            for who in ("ours", "theirs", "bare"):
                self.load(who, connections)
        self.load("bare", 1)
        return self.load("ours", 1)

    def theirs(self) -> float:
        return self.load("theirs", 1)

    def more(self) -> list[dict]:
        rows = []
        for connections in self.connections:
            for who, beside, aim in (("theirs", self.beside, self.aim), ("bare", "bare preadv and write loop", "0.9")):
                if connections == 1 and who == "theirs":
                    continue
                ours, others = self.rates["ours", connections], self.rates[who, connections]
                rows.append({
                    "path": f"block upload, {connections} connection{'s' * (connections > 1)}",
                    "ours": f"{statistics.median(ours):.0f} MB/s", "beside": beside,
                    "theirs": f"{statistics.median(others):.0f} MB/s",
                    "ratio": f"{statistics.median(a / b for a, b in zip(ours, others)):.2f}", "aim": aim})
        return rows


class download(Seeding):
    path, beside, aim = "download from one fast seed, hash-checked", "libtorrent 2.1.1", "1.0"

    def __enter__(self):
        super().__enter__()
        self.seed = self.bare_seed()
        return self

    def timed(self, *command) -> float:
        """Into memory where there is such a folder, so that it is the clients and not the disk that are measured."""
        memory = Path("/dev/shm")
        target = (memory if memory.is_dir() else self.folder) / "reelswarm-bench-got"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        begin = time.monotonic()
        subprocess.run([str(word).replace("TARGET", str(target)) for word in command], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.monotonic() - begin
        assert (target / self.film.name).stat().st_size == self.film.stat().st_size
        shutil.rmtree(target)
        return self.film.stat().st_size / took / 1e6

    def ours(self) -> float:
        return self.timed(PROGRAM, "get", self.torrent, "-o", "TARGET/", "--no-dht", "--peer", f"127.0.0.1:{self.seed}",
                          "--host", "127.0.0.1", "--peer-port", 0)

    def theirs(self) -> float:
        return self.timed(sys.executable, LIBTORRENT, "get", self.torrent, "TARGET", self.seed)


def idle_torrents(folder: Path, count: int = 10_000) -> list[dict]:
    """Many films of a site that nobody asks for: how soon it is ready, what memory and time it takes."""
    with Postgres() as database:
        with Server(folder / "data", "--database-url", database.url):
            pass
        database.value(FILMS.replace("COUNT", str(count)))
        begin = time.monotonic()
        with Server(folder / "data", "--database-url", database.url) as server:
            ready = time.monotonic() - begin
            time.sleep(5)
            before, start = processor_time(server.process.pid), time.monotonic()
            time.sleep(10)
            share = (processor_time(server.process.pid) - before) / (time.monotonic() - start)
            pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
            resident = pages * resource.getpagesize() / 1e6
    name = f"{count:,} idle torrents"
    return [{"path": f"{name}: {what}", "ours": ours, "beside": "-", "theirs": "-", "ratio": "-", "aim": aim}
            for what, ours, aim in (("ready after", f"{ready:.1f} s", "5 s"), ("memory", f"{resident:.0f} MB", "100 MB"),
                                    ("processor", f"{share * 100:.1f} % of a core", "0"))]


FILMS = """
    WITH films AS (
        INSERT INTO media (state, file_name, chunk_size, size, container, media_type, facts, etag)
        SELECT 'complete', 'film.mp4', 262144, 1000000000, 'mp4', 'video/mp4', '{}', md5(n::text)
        FROM generate_series(1, COUNT) n RETURNING id),
    seeded AS (
        INSERT INTO torrents (info_hash, media_id, info, piece_length, piece_count)
        SELECT decode(md5(id::text) || substr(md5(id::text), 1, 8), 'hex'), id, 'd4:name4:filme', 1048576, 954 FROM films)
    INSERT INTO videos (slug, title, description, tags, owner_id, media_id)
    SELECT 'film-' || id, 'Film ' || id, '', '{}', (SELECT min(id) FROM users), id FROM films
"""


def processor_time(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
