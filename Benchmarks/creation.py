"""`reelswarm create` beside `mktorrent -t 2` over the same file, in the page cache."""
import subprocess
import time

from pair import Pair, large_film
from server import PROGRAM


class creation(Pair):
    path, beside, aim = "torrent creation, v1", "mktorrent -t 2", "1.0"

    def __enter__(self):
        self.film = large_film(self.folder / "film.mp4", self.size)
        self.out = self.folder / "out.torrent"
        return self

    def timed(self, command) -> float:
        self.out.unlink(missing_ok=True)
        begin = time.monotonic()
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.film.stat().st_size / (time.monotonic() - begin) / 1e6

    def ours(self) -> float:
        return self.timed([PROGRAM, "create", self.film, "-o", self.out, "--piece-length", 1 << 20])

    def theirs(self) -> float:
        return self.timed(["mktorrent", "-t", "2", "-l", "20", "-o", self.out, self.film])


class creation_hybrid(Pair):
    """Beside what the hashing alone must take: SHA-1 and then SHA-256 over everything, on as many cores."""
    path, beside, aim = "torrent creation, hybrid", "SHA-1 + SHA-256 by openssl speed -multi 2", "0.8"

    def __enter__(self):
        self.film = large_film(self.folder / "film.mp4", self.size)
        self.out = self.folder / "out.torrent"
        return self

    def ours(self) -> float:
        self.out.unlink(missing_ok=True)
        begin = time.monotonic()
        subprocess.run([PROGRAM, "create", self.film, "-o", self.out, "--piece-length", str(1 << 20), "--format", "hybrid"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.film.stat().st_size / (time.monotonic() - begin) / 1e6

    def theirs(self) -> float:
        rates = [self.rate("sha1"), self.rate("sha256")]
        return 1 / sum(1 / rate for rate in rates)

    @staticmethod
    def rate(digest: str) -> float:
        """Megabytes a second over blocks of 16 KiB."""
        done = subprocess.run(["openssl", "speed", "-mr", "-multi", "2", "-seconds", "2", "-bytes", "16384", "-evp", digest],
                              check=True, capture_output=True, text=True)
        line = next(l for l in done.stdout.splitlines() if l.startswith("+F:"))
        return float(line.split(":")[-1]) / 1e6
