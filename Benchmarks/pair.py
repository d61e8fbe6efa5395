"""The shape of one row: two ways to do the same work, measured in turn."""
from pathlib import Path

from films import make_film


class Pair:
    path = beside = aim = ""
    unit = "MB/s"

    def __init__(self, folder: Path, size: int):
        self.folder = folder
        self.size = size

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def more(self) -> list[dict]:
        """Further rows that fell out of the same run."""
        return []


def large_film(path: Path, mebibytes: int) -> Path:
    """A playable MP4 of that size: a short film with a `free` box of incompressible bytes behind it."""
    import os
    make_film(path, seconds=3)
    rest = (mebibytes << 20) - path.stat().st_size
    with open(path, "ab") as file:
        file.write((1).to_bytes(4, "big") + b"free" + rest.to_bytes(8, "big"))
        rest -= 16
        block = os.urandom(4 << 20)
        while rest > 0:
            # Every block differs in its head, so that nothing can be folded together.
            part = os.urandom(16) + block[16:]
            rest -= file.write(part[:rest])
    return path
