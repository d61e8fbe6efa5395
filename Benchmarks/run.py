"""`make bench`: every hot path beside its peer, in one run on this machine; one table out.

usage: run.py [--repetitions N] [--size MIB] [ROW ...]      rows: upload, media-whole, media-ranges, creation,
    tracker-udp, tracker-http-keepalive, tracker-http-connect, tracker-memory, hand-out, open-pages,
    creation-hybrid, block-upload, download, idle-torrents, clip-plan, clip-first-byte, clip-bytes
"""
import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("REELSWARM_PROGRAM", str(ROOT / ".build/release/reelswarm"))
sys.path[:0] = [str(ROOT / "Tests/Harness"), str(Path(__file__).parent)]

from clips import clip_bytes, clip_first_byte, clip_plan  # noqa: E402
from creation import creation, creation_hybrid  # noqa: E402
from hand_out import hand_out  # noqa: E402
from media import media_ranges, media_whole  # noqa: E402
from pages_open import open_pages  # noqa: E402
from peer_speed import block_upload, download, idle_torrents  # noqa: E402
from trackers import tracker_http_connect, tracker_http_keepalive, tracker_memory, tracker_udp  # noqa: E402
from upload import upload  # noqa: E402

ROWS = {"upload": upload, "media-whole": media_whole, "media-ranges": media_ranges, "creation": creation,
        "tracker-udp": tracker_udp, "tracker-http-keepalive": tracker_http_keepalive,
        "tracker-http-connect": tracker_http_connect, "tracker-memory": tracker_memory, "hand-out": hand_out, "open-pages": open_pages,
        "creation-hybrid": creation_hybrid, "block-upload": block_upload, "download": download,
        "idle-torrents": idle_torrents, "clip-plan": clip_plan, "clip-first-byte": clip_first_byte,
        "clip-bytes": clip_bytes}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--size", type=int, default=1024, help="MiB of the film")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="all when none is named")
    options = parser.parse_args()
    if wrong := set(options.rows) - set(ROWS):
        parser.error(f"there is no row {wrong.pop()}")
    table = []
    for name in options.rows or ROWS:
        with tempfile.TemporaryDirectory(prefix="reelswarm-bench-") as folder:
            table += measure(name, Path(folder), options)
    print()
    print("| path | ours | beside | theirs | ratio | aim |\n|---|---|---|---|---|---|")
    for row in table:
        print("| {path} | {ours} | {beside} | {theirs} | {ratio} | {aim} |".format(**row))


def measure(name: str, folder: Path, options) -> list[dict]:
    """Runs one row's pair `repetitions` times; the ratio is the median of the ratios."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    if not isinstance(ROWS[name], type):
        # A function gives rows that have nothing beside them.
        return ROWS[name](folder)
    bench = ROWS[name](folder, options.size)
    with bench:
        pairs = []
        for _ in range(options.repetitions):
            pairs.append((bench.ours(), bench.theirs()))
            print(f"  {pairs[-1][0]:.0f} / {pairs[-1][1]:.0f} {bench.unit}", file=sys.stderr, flush=True)
        median = statistics.median
        row = {"path": bench.path, "ours": f"{median(p[0] for p in pairs):.0f} {bench.unit}", "beside": bench.beside,
               "theirs": f"{median(p[1] for p in pairs):.0f} {bench.unit}",
               "ratio": f"{median(p[0] / p[1] for p in pairs):.2f}", "aim": bench.aim}
        return [row, *bench.more()]


if __name__ == "__main__":
    main()
