"""The boxes of an MP4 file, as far as moving its chunks about takes it."""
import struct
from pathlib import Path

_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def boxes(data: bytes, start: int, end: int):
    """(type, begin of the content, end) of each box, those inside parents too."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        assert size >= 8, "a size this small test tool does not read"
        yield kind, start + 8, start + size
        if kind in _PARENTS:
            yield from boxes(data, start + 8, start + size)
        start += size


def badly_interleaved(source: Path, out: Path):
    """The same film with all chunks of the picture first, and all chunks of the sound behind them."""
    data = bytearray(source.read_bytes())
    tracks, current = [], None
    for kind, begin, end in boxes(bytes(data), 0, len(data)):
        if kind == b"trak":
            tracks.append(current := {})
        elif kind in (b"stco", b"stsc", b"stsz"):
            current[kind] = begin
        elif kind == b"mdat":
            media = (begin, end)
    moved, place = bytearray(), media[0]
    for track in tracks:
        for entry, size in chunks(data, track):
            offset = struct.unpack_from(">I", data, entry)[0]
            moved += data[offset:offset + size]
            struct.pack_into(">I", data, entry, place)
            place += size
    assert len(moved) == media[1] - media[0], "something besides chunks lies in the media"
    data[media[0]:media[1]] = moved
    out.write_bytes(data)


def chunks(data: bytes, track: dict):
    """(place of the chunk's offset in the file, its size) of each chunk of a track."""
    fixed, count = struct.unpack_from(">II", data, track[b"stsz"] + 4)
    sizes = [fixed] * count if fixed else struct.unpack_from(f">{count}I", data, track[b"stsz"] + 12)
    runs = struct.unpack_from(">I", data, track[b"stsc"] + 4)[0]
    firsts = [struct.unpack_from(">II", data, track[b"stsc"] + 8 + 12 * n) for n in range(runs)]
    total, sample = struct.unpack_from(">I", data, track[b"stco"] + 4)[0], 0
    for chunk in range(1, total + 1):
        length = next(samples for first, samples in reversed(firsts) if first <= chunk)
        yield track[b"stco"] + 8 + 4 * (chunk - 1), sum(sizes[sample:sample + length])
        sample += length
