"""Cutting parts out of torrents and magnets, so that a client has one way left to the film."""
import hashlib
from pathlib import Path
from urllib.parse import parse_qsl, quote

import libtorrent


def without(torrent: bytes, *keys: str) -> bytes:
    """The torrent without some of its outer fields; `info` stays as it is."""
    outer = libtorrent.bdecode(torrent)
    for key in keys:
        outer.pop(key.encode(), None)
    return libtorrent.bencode(outer)


def magnet_without(magnet: str, *keys: str) -> str:
    """The magnet link without some of its parameters."""
    pairs = parse_qsl(magnet.removeprefix("magnet:?"), keep_blank_values=True)
    return "magnet:?" + "&".join(f"{k}={quote(v, safe=':')}" for k, v in pairs if k not in keys)


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_torrent(path: Path, out: Path, *trackers: str) -> bytes:
    """Writes a torrent of one file, each tracker a tier of its own, and returns its info hash."""
    content = path.read_bytes()
    length = 256 * 1024
    pieces = b"".join(hashlib.sha1(content[i:i + length]).digest() for i in range(0, len(content), length))
    info = {b"length": len(content), b"name": path.name.encode(), b"piece length": length, b"pieces": pieces}
    outer = {b"info": info}
    if trackers:
        outer |= {b"announce": trackers[0].encode(), b"announce-list": [[tracker.encode()] for tracker in trackers]}
    out.write_bytes(libtorrent.bencode(outer))
    return hashlib.sha1(libtorrent.bencode(info)).digest()
