"""2,000 open pages of one video while its counts change every second: what they cost the server.

usage: pages_open.py [--pages N] [--seconds S]      also the row `open-pages` of run.py
"""
import argparse
import os
import re
import resource
import selectors
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("REELSWARM_PROGRAM", str(ROOT / ".build/release/reelswarm"))
sys.path[:0] = [str(ROOT / "Tests/Harness"), str(Path(__file__).parent)]

from announces import UDPClient  # noqa: E402
from films import make_film  # noqa: E402
from server import Server  # noqa: E402

LEECHERS = re.compile(rb'"leechers":(\d+)')


class Pages:
    """Browsers' event streams, as many as asked for, all of one video, read by one thread."""

    def __init__(self, server: Server, slug: str, count: int):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, max(8192, count + 512)), most))
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        self.told = {}
        self.messages = 0
        self.delays = []
        self.changed_at = {}
        request = (f"GET /videos/{slug}/swarm/events HTTP/1.1\r\nHost: 127.0.0.1:{server.http}\r\n"
                   "Accept: text/event-stream\r\n\r\n").encode()
        for _ in range(count):
            page = socket.create_connection(("127.0.0.1", server.http))
            page.sendall(request)
            page.setblocking(False)
            self.selector.register(page, selectors.EVENT_READ)
            self.sockets.append(page)

    def listen(self, until: float):
        """Reads what comes until that moment."""
        while (left := until - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                data = key.fileobj.recv(65536)
                assert data, "the server has closed a stream"
                now = time.monotonic()
                for match in LEECHERS.finditer(data):
                    self.messages += 1
                    count = int(match[1])
                    self.told[key.fd] = count
                    if count in self.changed_at:
                        self.delays.append(now - self.changed_at[count])

    def close(self):
        for page in self.sockets:
            page.close()
        self.selector.close()


class Cost:
    """The processor time and the memory of one process."""

    def __init__(self, process: int):
        self.process = process

    def seconds(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        text = Path(f"/proc/{self.process}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) * 1024


def measure(folder: Path, count: int = 2000, seconds: int = 20) -> dict:
    """Opens the pages, changes the counts every second, closes them; returns the figures."""
    with Server(folder / "data") as server:
        video = server.publish(make_film(folder / "film.mp4", seconds=2), "Watched by many")
        info_hash = bytes.fromhex(video["torrent"]["infohash_v1"])
        cost = Cost(server.process.pid)
        warm = Pages(server, video["slug"], 50)
        warm.listen(time.monotonic() + 1)
        warm.close()
        empty = cost.memory()
        pages = Pages(server, video["slug"], count)
        pages.listen(time.monotonic() + 4)
        memory = (cost.memory() - empty) / count
        began = cost.seconds()
        pages.listen(time.monotonic() + 5)
        idle = (cost.seconds() - began) / 5
        pages.messages, began = 0, cost.seconds()
        with UDPClient(server.tracker) as client:
            for number in range(1, seconds + 1):
                client.announce(info_hash, 10_000 + number, left=1, event="started")
                pages.changed_at[number] = time.monotonic()
                pages.listen(time.monotonic() + 1)
        busy = (cost.seconds() - began) / seconds
        pages.listen(time.monotonic() + 1.5)
        assert set(pages.told.values()) == {seconds} and len(pages.told) == count, "every page has the last count"
        pages.close()
        time.sleep(2)
        began = cost.seconds()
        time.sleep(3)
        after = (cost.seconds() - began) / 3
        delays = sorted(pages.delays)
        return {"pages": count, "memory_per_page": memory, "idle": idle, "busy": busy, "after": after,
                "messages_per_page_and_second": pages.messages / count / seconds,
                "median": statistics.median(delays), "p99": delays[int(len(delays) * 0.99)], "slowest": delays[-1]}


def open_pages(folder: Path, count: int = 2000) -> list[dict]:
    """The rows of `make bench`."""
    figures = measure(folder, count)
    path = f"{count:,} open pages, counts changing every second"
    return [
        {"path": path + ": processor", "ours": f"{figures['busy']:.1%} of one core", "beside": "the same pages, nothing changing",
         "theirs": f"{figures['idle']:.1%}", "ratio": "-", "aim": "< 10 %"},
        {"path": path + ": memory a page", "ours": f"{figures['memory_per_page'] / 1024:.1f} KiB", "beside": "-",
         "theirs": "-", "ratio": "-", "aim": "< 32 KiB"},
        {"path": path + ": from announce to page, p99", "ours": f"{figures['p99'] * 1000:.0f} ms", "beside": "-",
         "theirs": "-", "ratio": "-", "aim": "< 1,000 ms"},
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reelswarm-bench-") as folder:
        Path(folder).chmod(0o755)
        for name, value in measure(Path(folder), options.pages, options.seconds).items():
            print(f"{name:30} {value:.4f}" if isinstance(value, float) else f"{name:30} {value}")


if __name__ == "__main__":
    main()
