#!/usr/bin/env python3
"""The tracker at full load, UDP and some HTTP, peers coming and going: its memory by the minute.

usage: soak_tracker.py [--minutes N]
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("REELSWARM_PROGRAM", str(ROOT / ".build/release/reelswarm"))
sys.path[:0] = [str(ROOT / "Tests/Harness"), str(Path(__file__).parent)]

from tracker import Track  # noqa: E402
from trackers import LOAD, load, on_core, resident  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=10)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="reelswarm-soak-") as folder, on_core(0):
        with Track(Path(folder), "--open") as track:
            memory = watch(track, minutes)
    # The first minute fills the swarms, the log and the allocator's pools.
    growth = max(memory[1:]) / memory[0] - 1 if len(memory) > 1 else 0
    print(f"largest later minute beside the first: {growth:+.1%}")
    sys.exit(growth > 0.1)


def watch(track: Track, minutes: int) -> list[int]:
    load("fill", track.port)
    common = ["--port", str(track.port), "--seconds", str(60 * minutes + 5), "--json", "1"]
    with on_core(-1):
        loads = [subprocess.Popen([str(LOAD), *mode, *common], stdout=subprocess.PIPE, text=True) for mode in (
            ["udp", "--fill", "0", "--churn", "20"], ["http", "--connections", "4"],
            ["http", "--connections", "2", "--once", "1"])]
    memory = []
    for minute in range(1, minutes + 1):
        time.sleep(60)
        memory.append(resident(track.process.pid))
        print(f"minute {minute:2}: {memory[-1] / 1e6:.1f} MB resident", flush=True)
    for process in loads:
        print(process.communicate()[0].strip())
    return memory


if __name__ == "__main__":
    main()
