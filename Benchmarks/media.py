"""Media answers, whole and in ranges, beside nginx serving the same file; one client, the same for both."""
import random
import socket
import subprocess
import time

from pair import Pair, large_film
from ports import free_port
from server import Server
from waiting import wait_until

NGINX = """
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types {{ video/mp4 mp4; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; server {{ listen 127.0.0.1:{port}; root {folder}/files; }} }}
"""


class Reader:
    """Reads answers over one keep-alive connection and drops the bytes."""

    def __init__(self, port: int):
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.buffer = bytearray(1 << 20)

    def get(self, path: str, extra: str = "") -> int:
        self.connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{extra}\r\n".encode())
        count = self.connection.recv_into(self.buffer)
        end = self.buffer.find(b"\r\n\r\n", 0, count)
        head = bytes(self.buffer[:end]).lower()
        assert head.startswith(b"http/1.1 20"), head
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        left = length - (count - end - 4)
        while left > 0:
            left -= self.connection.recv_into(self.buffer)
        return length


class media_whole(Pair):
    path, beside, aim = "media GET, whole file", "nginx", "0.9"

    def __enter__(self):
        (self.folder / "files").mkdir()
        film = large_film(self.folder / "files/film.mp4", self.size)
        self.server = Server(self.folder / "data")
        self.slug = self.server.publish(film, "Bench")["slug"]
        self.port = free_port()
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, port=self.port))
        self.folder.chmod(0o755)
        self.nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"])
        wait_until(lambda: self.answers(), "nginx", 10)
        return self

    def answers(self) -> bool:
        try:
            Reader(self.port)
            return True
        except OSError:
            return False

    def __exit__(self, *error):
        self.nginx.terminate()
        self.nginx.wait()
        self.server.stop()

    def ours(self) -> float:
        return self.work(self.server.http, f"/videos/{self.slug}/media")

    def theirs(self) -> float:
        return self.work(self.port, "/film.mp4")

    def work(self, port: int, path: str) -> float:
        reader = Reader(port)
        reader.get(path)
        begin = time.monotonic()
        total = sum(reader.get(path) for _ in range(3))
        return total / (time.monotonic() - begin) / 1e6


class media_ranges(media_whole):
    path, aim = "media GET, ranges of 1 MiB", "0.9"

    def work(self, port: int, path: str) -> float:
        reader = Reader(port)
        places = random.Random(1)
        last = (self.size << 20) - (1 << 20)
        begin = time.monotonic()
        total = 0
        for _ in range(2000):
            start = places.randrange(last)
            total += reader.get(path, f"Range: bytes={start}-{start + (1 << 20) - 1}\r\n")
        return total / (time.monotonic() - begin) / 1e6
