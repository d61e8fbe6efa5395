"""Upload of a film over HTTP beside plain COPY of the same bytes by psql into the same PostgreSQL."""
import os
import socket
import subprocess
import threading
import time

import requests

from pair import Pair, large_film
from postgres import Postgres
from server import Server


class upload(Pair):
    path, beside, aim = "upload over HTTP, hashed and stored", "psql COPY BINARY", "0.8"

    def __enter__(self):
        self.postgres = Postgres()
        self.postgres.start(durable=True)
        self.server = Server(self.folder / "data", "--database-url", self.postgres.url)
        self.film = large_film(self.folder / "film.mp4", self.size)
        self.copy_file = self.folder / "chunks.bin"
        self.write_copy_file()
        self.sql("CREATE TABLE bench (media_id bigint, sequence int, data bytea STORAGE EXTERNAL, PRIMARY KEY (media_id, sequence))"
                 if self.version() >= 16 else
                 "CREATE TABLE bench (media_id bigint, sequence int, data bytea, PRIMARY KEY (media_id, sequence));"
                 "ALTER TABLE bench ALTER data SET STORAGE EXTERNAL")
        self.waits, self.peaks = [], []
        return self

    def __exit__(self, *error):
        self.server.stop()
        self.postgres.__exit__()

    def version(self) -> int:
        return int(self.sql("SHOW server_version_num")) // 10_000

    def sql(self, statement: str) -> str:
        command = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement, self.postgres.url]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def write_copy_file(self):
        with open(self.film, "rb") as film, open(self.copy_file, "wb") as out:
            out.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            sequence = 0
            while chunk := film.read(256 << 10):
                out.write(b"\0\3" + (8).to_bytes(4, "big") + (1).to_bytes(8, "big") + (4).to_bytes(4, "big")
                          + sequence.to_bytes(4, "big") + len(chunk).to_bytes(4, "big") + chunk)
                sequence += 1
            out.write(b"\xff\xff")

    def ours(self) -> float:
        size = self.film.stat().st_size
        head = (b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nBench\r\n--b\r\nContent-Disposition: '
                b'form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n')
        tail = b"\r\n--b--\r\n"
        authorization = self.server.headers()["Authorization"]
        watch = RSSWatch(self.server.process.pid)
        with socket.create_connection(("127.0.0.1", self.server.http)) as connection, open(self.film, "rb") as film:
            begin = time.monotonic()
            connection.sendall(f"POST /api/v1/videos HTTP/1.1\r\nHost: 127.0.0.1:{self.server.http}\r\nAuthorization: "
                               f"{authorization}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                               f"Content-Length: {len(head) + size + len(tail)}\r\n\r\n".encode() + head)
            connection.sendfile(film)
            connection.sendall(tail)
            sent = time.monotonic()
            answer = connection.recv(65536)
            end = time.monotonic()
        self.peaks.append(watch.stop())
        assert answer.startswith(b"HTTP/1.1 201"), answer[:500]
        self.waits.append(end - sent)
        listed = self.server.get("/api/v1/videos", headers=self.server.headers()).json()
        for video in listed["videos"] if isinstance(listed, dict) else listed:
            requests.delete(f"{self.server.url}/api/v1/videos/{video['id']}", headers=self.server.headers())
        while self.sql("SELECT count(*) FROM media_chunks") != "0":
            time.sleep(0.2)
        self.sql("CHECKPOINT")
        return size / (end - begin) / 1e6

    def theirs(self) -> float:
        begin = time.monotonic()
        self.sql(f"\\copy bench FROM '{self.copy_file}' WITH (FORMAT binary)")
        taken = time.monotonic() - begin
        self.sql("TRUNCATE bench")
        self.sql("CHECKPOINT")
        return self.film.stat().st_size / taken / 1e6

    def more(self):
        middle = sorted(self.waits)[len(self.waits) // 2]
        return [{"path": "201 after the last byte was sent", "ours": f"{middle:.2f} s", "beside": "-", "theirs": "-",
                 "ratio": "-", "aim": "0.3 s"},
                {"path": "peak RSS while uploading", "ours": f"{max(self.peaks):.0f} MB", "beside": "-", "theirs": "-",
                 "ratio": "-", "aim": "100 MB"}]


class RSSWatch:
    """Samples a process's resident memory until stopped; the peak in MB."""

    def __init__(self, pid: int):
        self.pid, self.peak, self.running = pid, 0, True
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        page = os.sysconf("SC_PAGE_SIZE")
        while self.running:
            with open(f"/proc/{self.pid}/statm") as file:
                self.peak = max(self.peak, int(file.read().split()[1]) * page)
            time.sleep(0.02)

    def stop(self) -> float:
        self.running = False
        self.thread.join()
        return self.peak / 1e6
