#!/usr/bin/env python3
"""One `reelswarm seed` while peers come and go, ask nonsense and download, and `reelswarm get` runs again and again:
memory and descriptors of the seed by the minute. Fails when either goes on growing, or the seed ends.

usage: soak_peers.py [--minutes N] [--mebibytes N]
"""
import argparse
import os
import random
import shutil
import socket
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("REELSWARM_PROGRAM", str(ROOT / ".build/release/reelswarm"))
sys.path[:0] = [str(ROOT / "Tests/Harness"), str(Path(__file__).parent)]

from clients import Libtorrent  # noqa: E402
from peers import Seed, get  # noqa: E402
from torrents import make_torrent  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--mebibytes", type=int, default=64)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reelswarm-soak-") as name:
        folder = Path(name)
        shared, torrent = folder / "shared", folder / "film.torrent"
        shared.mkdir()
        (shared / "film.mp4").write_bytes(os.urandom(options.mebibytes << 20))
        info_hash = make_torrent(shared / "film.mp4", torrent)
        with Seed(folder / "seed", torrent, "--data", shared) as seed:
            samples = watch(seed, Crowd(folder, torrent, info_hash, seed), options.minutes)
    sys.exit(report(samples))


def report(samples: list[tuple[int, int]]) -> bool:
    """Whether memory or descriptors rose over the second half of the time beyond the first."""
    # The first minutes fill the allocator's pools.
    half = max(1, len(samples) // 2)
    early, late = samples[:half], samples[half:] or samples[-1:]
    growth = min(m for m, _ in late) / max(m for m, _ in early) - 1
    descriptors = min(d for _, d in late) - max(d for _, d in early)
    print(f"least of the second half beside the most of the first: {growth:+.1%} memory, {descriptors:+} descriptors")
    return growth > 0.1 or descriptors > 8


def watch(seed: Seed, crowd: "Crowd", minutes: int) -> list[tuple[int, int]]:
    samples = []
    with crowd:
        for minute in range(1, minutes + 1):
            time.sleep(60)
            assert seed.process.poll() is None, f"the seed has ended: {seed.process.returncode}\n{seed.log()}"
            samples.append((resident(seed.process.pid), len(os.listdir(f"/proc/{seed.process.pid}/fd"))))
            memory, descriptors = samples[-1]
            print(f"minute {minute:2}: {memory / 1e6:.1f} MB resident, {descriptors} descriptors; {crowd}", flush=True)
    # All peers have gone: so have their descriptors.
    time.sleep(15)
    print(f"alone again: {resident(seed.process.pid) / 1e6:.1f} MB resident, "
          f"{len(os.listdir(f'/proc/{seed.process.pid}/fd'))} descriptors", flush=True)
    return samples


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Crowd:
    """Threads that each do one thing to the seed, over and over."""

    def __init__(self, folder: Path, torrent: Path, info_hash: bytes, seed: Seed):
        self.folder, self.torrent, self.info_hash, self.seed = folder, torrent, info_hash, seed
        self.is_over = threading.Event()
        self.done = {"downloads": 0, "gets": 0, "left early": 0, "nonsense": 0}
        self.errors: list[str] = []
        self.lock = threading.Lock()

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in self.done.items())

    def __enter__(self):
        acts = [self.download, self.leave_early, self.get, self.talk_nonsense, self.talk_nonsense]
        self.threads = [threading.Thread(target=self.repeat, args=(act, number)) for number, act in enumerate(acts)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        assert not self.errors or error[0], "\n".join(self.errors)

    def repeat(self, act, number: int):
        chance = random.Random(number)
        turn = 0
        while not self.is_over.is_set():
            turn += 1
            place = self.folder / f"{number}-{turn}"
            try:
                what = act(place, chance)
            except Exception as error:  # noqa: BLE001: told at the end
                self.errors.append(f"{act.__name__}: {error!r}"[:2_000])
                return
            finally:
                shutil.rmtree(place, ignore_errors=True)
            with self.lock:
                self.done[what] += 1

    def download(self, place: Path, chance: random.Random) -> str:
        with Libtorrent(str(self.torrent), place, **self.mood(chance)) as peer:
            peer.handle.connect_peer(("127.0.0.1", self.seed.port))
            peer.finish(120)
        return "downloads"

    def leave_early(self, place: Path, chance: random.Random) -> str:
        with Libtorrent(str(self.torrent), place, download_limit=2 << 20, **self.mood(chance)) as peer:
            peer.handle.connect_peer(("127.0.0.1", self.seed.port))
            time.sleep(chance.uniform(0.1, 3))
        return "left early"

    @staticmethod
    def mood(chance: random.Random) -> dict:
        """In the clear or encrypted."""
        policy = chance.choice([0, 1, 2])
        return {"out_enc_policy": policy, "in_enc_policy": policy}

    def get(self, place: Path, chance: random.Random) -> str:
        place.mkdir()
        more = ["--encryption", chance.choice(["off", "accepted", "preferred", "required"])]
        source = self.torrent if chance.random() < 0.5 else f"magnet:?xt=urn:btih:{self.info_hash.hex()}"
        get(source, "--peer", self.seed.endpoint, "-o", place, *more, seconds=120)
        return "gets"

    def talk_nonsense(self, place: Path, chance: random.Random) -> str:
        """A handshake, right or wrong, then messages that are cut off, too long, of no kind or about nothing."""
        try:
            with socket.create_connection(("127.0.0.1", self.seed.port), 5) as peer:
                peer.settimeout(chance.uniform(0.05, 1))
                peer.sendall(self.opening(chance))
                for _ in range(chance.randint(0, 40)):
                    peer.sendall(self.message(chance))
                if chance.random() < 0.7:
                    while peer.recv(65_536):
                        pass
        except OSError:
            pass
        return "nonsense"

    def opening(self, chance: random.Random) -> bytes:
        if chance.random() < 0.15:
            return chance.randbytes(chance.randint(0, 700))
        info_hash = self.info_hash if chance.random() < 0.9 else chance.randbytes(20)
        reserved = chance.choice([0, 0x10_0005, 0x10_0015, chance.getrandbits(64)])
        opening = b"\x13BitTorrent protocol" + reserved.to_bytes(8, "big") + info_hash + chance.randbytes(20)
        return opening[:chance.choice([68] * 9 + [chance.randint(0, 67)])]

    def message(self, chance: random.Random) -> bytes:
        pieces = self.torrent.stat().st_size // 20
        piece = chance.choice([0, 1, pieces - 1, pieces, 0xFFFF_FFFF, chance.randrange(pieces)])
        block = struct.pack(">III", piece, chance.choice([0, 16_384, 0xFFFF_FFFF, 262_143]),
                            chance.choice([16_384, 0, 1, 131_072, 131_073, 0xFFFF_FFFF]))
        body = chance.choice([
            b"", b"\x00", b"\x01", b"\x02", b"\x02", b"\x03", b"\x04" + block[:4], b"\x05" + chance.randbytes(40),
            b"\x06" + block, b"\x06" + block, b"\x06" + block, b"\x08" + block, b"\x09" + chance.randbytes(2),
            b"\x0d" + block[:4], b"\x0e", b"\x0f", b"\x10" + block, b"\x11" + block[:4],
            b"\x14\x00d1:md11:ut_metadatai3e6:ut_pexi1ee1:pi6881ee", b"\x14\x02d8:msg_typei0e5:piecei0ee",
            b"\x14\x02d8:msg_typei0e5:piecei9999999999999999999ee", b"\x14\x01" + chance.randbytes(30),
            b"\x15" + chance.randbytes(48), b"\x07" + block[:8] + bytes(chance.choice([0, 1, 16_384])),
            chance.randbytes(chance.randint(1, 300))])
        length = len(body) if chance.random() < 0.97 else chance.choice([0xFFFF_FFFF, 0x8000_0000, len(body) + 5])
        return length.to_bytes(4, "big") + body


if __name__ == "__main__":
    main()
