"""`reelswarm track` beside opentracker, each on one core with the load generator on another."""
import json
import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from pair import Pair
from ports import free_port
from server import ROOT
from tracker import Opentracker, Track

LOAD = Path(os.environ.get("REELSWARM_TRACKER_LOAD", ROOT / ".build/release/tracker-load"))
CORES = sorted(os.sched_getaffinity(0))


@contextmanager
def on_core(number: int):
    """What is started inside runs on one core: trackers on the first, load on the last."""
    os.sched_setaffinity(0, {CORES[number]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


def load(mode: str, port: int, *options, pid: int | None = None) -> dict:
    command = [LOAD, mode, "--port", port, "--json", 1, *(("--pid", pid) if pid else ()), *options]
    with on_core(-1):
        return json.loads(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)


def hashes(torrents: int) -> list[bytes]:
    listed = subprocess.run([str(LOAD), "hashes", "--torrents", str(torrents)], check=True, capture_output=True, text=True)
    return [bytes.fromhex(line) for line in listed.stdout.split()]


class TrackerPair(Pair):
    unit = "announces/s"
    torrents, peers = 1000, 100

    def __enter__(self):
        self.folder.chmod(0o755)
        with on_core(0):
            self.track = Track(self.folder, "--open")
            self.opentracker = Opentracker(self.folder, *hashes(self.torrents))
        self.runs = {"ours": [], "theirs": []}
        for tracker in self.track, self.opentracker:
            load("fill", tracker.port, "--torrents", self.torrents, "--peers", self.peers)
        return self

    def __exit__(self, *error):
        self.opentracker.__exit__()
        self.track.stop()

    def run(self, tracker) -> dict:
        raise NotImplementedError

    def ours(self) -> float:
        return self.measured("ours", self.track)

    def theirs(self) -> float:
        return self.measured("theirs", self.opentracker)

    def measured(self, whose: str, tracker) -> float:
        report = self.run(tracker)
        assert report["answered"] > 0 and report["refused"] == report["strange"] == 0, report
        self.runs[whose].append(report)
        return report["answered"] / report["seconds"]

    def middle(self, whose: str, key: str) -> float:
        values = sorted(run[key] for run in self.runs[whose])
        return values[len(values) // 2]

    def more(self) -> list[dict]:
        """The same by the processor time that the tracker took: what counts where the load was not enough."""
        ours, theirs = self.middle("ours", "per_cpu_second"), self.middle("theirs", "per_cpu_second")
        return [{"path": f"{self.path}, per second of processor time", "ours": f"{ours:.0f}", "beside": self.beside,
                 "theirs": f"{theirs:.0f}", "ratio": f"{ours / theirs:.2f}", "aim": "-"}]


class tracker_udp(TrackerPair):
    path, beside, aim = "UDP announces, 1,000 torrents, numwant 30", "opentracker", "1.6"

    def run(self, tracker) -> dict:
        return load("udp", tracker.port, "--fill", 0, "--seconds", 5, pid=tracker.process.pid)

    def more(self) -> list[dict]:
        return super().more() + [self.beside_echo()]

    def beside_echo(self) -> dict:
        """A loop that receives and sends datagrams of the same sizes and does nothing else."""
        ratios, rates = [], []
        for _ in range(3):
            port = free_port()
            with on_core(0):
                echo = subprocess.Popen([str(LOAD), "echo", "--port", str(port)])
            try:
                time.sleep(0.5)
                rates.append(load("udp", port, "--fill", 0, "--seconds", 5)["per_second"])
            finally:
                echo.kill()
                echo.wait()
            ratios.append(self.ours() / rates[-1])
        ratio, rate = sorted(ratios)[1], sorted(rates)[1]
        return {"path": "UDP announces, 1,000 torrents, numwant 30", "ours": f"{ratio * rate:.0f} announces/s",
                "beside": "bare recvmmsg/sendmmsg echo", "theirs": f"{rate:.0f} datagrams/s", "ratio": f"{ratio:.2f}",
                "aim": "0.85"}


class tracker_http_keepalive(TrackerPair):
    path, aim = "HTTP announces, keep-alive", "3"
    # It closes every connection after one answer.
    beside = "opentracker, a connection each"

    def run(self, tracker, depth: int = 1) -> dict:
        once = 1 if tracker is self.opentracker else 0
        return load("http", tracker.port, "--once", once, "--depth", depth, "--seconds", 5, pid=tracker.process.pid)

    def more(self) -> list[dict]:
        ours = self.run(self.track, depth=4)["per_second"]
        theirs = self.middle("theirs", "per_second")
        return super().more() + [{
            "path": "HTTP announces, keep-alive, 4 pipelined", "ours": f"{ours:.0f} announces/s", "beside": self.beside,
            "theirs": f"{theirs:.0f} announces/s", "ratio": f"{ours / theirs:.2f}", "aim": "-"}]


class tracker_http_connect(TrackerPair):
    path, beside, aim = "HTTP announces, a connection each", "opentracker", "1.0"

    def run(self, tracker) -> dict:
        return load("http", tracker.port, "--once", 1, "--seconds", 5, pid=tracker.process.pid)


class tracker_memory(Pair):
    path, beside, aim = "memory per peer, 1 M peers in 10,000 swarms", "opentracker", "at most 1.2"
    unit = "bytes"
    torrents, peers = 10_000, 100

    def ours(self) -> float:
        with Track(self.folder, "--open") as track:
            return self.growth(track)

    def theirs(self) -> float:
        self.folder.chmod(0o755)
        with Opentracker(self.folder, *hashes(self.torrents)) as opentracker:
            return self.growth(opentracker)

    def growth(self, tracker) -> float:
        before = resident(tracker.process.pid)
        report = load("fill", tracker.port, "--torrents", self.torrents, "--peers", self.peers)
        assert report["answered"] == self.torrents * self.peers, report
        return (resident(tracker.process.pid) - before) / report["answered"]


def resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
