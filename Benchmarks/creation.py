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
