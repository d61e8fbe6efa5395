"""Announces and scrapes made by hand: over HTTP, and as the packets of BEP 15 with the options of BEP 41."""
import os
import socket
import struct
from urllib.parse import quote_from_bytes

import libtorrent
import requests

EVENTS = {None: 0, "completed": 1, "started": 2, "stopped": 3, "paused": 4}


class Refused(Exception):
    """The tracker's own words."""


def peer_id(name: str = "XX0001") -> bytes:
    return b"-" + name.encode() + b"-" + os.urandom(6).hex().encode()


def query(info_hash: bytes, port: int, left: int = 0, event: str | None = None, peer: bytes | None = None, **more) -> str:
    fields = {"port": port, "uploaded": 0, "downloaded": 0, "left": left, "compact": 1, **more}
    if event:
        fields["event"] = event
    text = "&".join(f"{name}={value}" for name, value in fields.items())
    return f"info_hash={quote_from_bytes(info_hash)}&peer_id={quote_from_bytes(peer or peer_id())}&{text}"


def http_answer(url: str, headers: dict | None = None) -> dict:
    """The decoded answer to a tracker request; a failure is returned too."""
    answer = requests.get(url, headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    return libtorrent.bdecode(answer.content)


def http_announce(url: str, info_hash: bytes, port: int, headers: dict | None = None, **fields) -> dict:
    joint = "&" if "?" in url else "?"
    return http_answer(url + joint + query(info_hash, port, **fields), headers)


def http_scrape(url: str, *hashes: bytes) -> dict:
    """The `files` of a scrape: counts by info hash."""
    return http_answer(url + "?" + "&".join("info_hash=" + quote_from_bytes(h) for h in hashes))


def peers(answer: dict) -> list[tuple[str, int]]:
    """The peers of an HTTP answer, both families."""
    return compact(answer.get(b"peers", b""), 4) + compact(answer.get(b"peers6", b""), 16)


def compact(raw: bytes, width: int) -> list[tuple[str, int]]:
    family = socket.AF_INET if width == 4 else socket.AF_INET6
    step = width + 2
    assert len(raw) % step == 0
    return [(socket.inet_ntop(family, raw[i:i + width]), int.from_bytes(raw[i + width:i + step]))
            for i in range(0, len(raw), step)]


def url_data(path: str) -> bytes:
    """BEP 41's option 2: path and query of the announce URL, in pieces of at most 255 bytes, then the end."""
    raw = path.encode()
    pieces = [raw[i:i + 255] for i in range(0, len(raw), 255)]
    return b"".join(bytes([2, len(piece)]) + piece for piece in pieces) + b"\0"


class UDPClient:
    """One client of a UDP tracker, with a socket of its own."""

    def __init__(self, port: int, host: str = "127.0.0.1"):
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(self.family, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.connect((host, port))
        self.id = self.peer = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def exchange(self, action: int, body: bytes) -> bytes:
        number = os.urandom(4)
        head = self.id if action else struct.pack(">Q", 0x41727101980)
        self.socket.send(head + struct.pack(">I", action) + number + body)
        answer = self.socket.recv(65536)
        assert answer[4:8] == number
        if answer[:4] == b"\0\0\0\3":
            raise Refused(answer[8:].decode())
        assert int.from_bytes(answer[:4]) == action
        return answer[8:]

    def connect(self):
        self.id = self.exchange(0, b"")[:8]

    def announce(self, info_hash: bytes, port: int, left: int = 0, event: str | None = None, wanted: int = -1,
                 uploaded: int = 0, downloaded: int = 0, peer: bytes | None = None, options: bytes = b"") -> dict:
        self.connect()
        body = info_hash + (peer or peer_id()) + struct.pack(
            ">QQQIIIiH", downloaded, left, uploaded, EVENTS[event], 0, 0, wanted, port)
        answer = self.exchange(1, body + options)
        interval, leechers, seeders = struct.unpack(">III", answer[:12])
        width = 4 if self.family == socket.AF_INET else 16
        return {"interval": interval, "leechers": leechers, "seeders": seeders, "peers": compact(answer[12:], width)}

    def scrape(self, *hashes: bytes) -> list[tuple[int, int, int]]:
        """Seeders, completed and leechers of each hash."""
        self.connect()
        answer = self.exchange(2, b"".join(hashes))
        return [struct.unpack(">III", answer[i:i + 12]) for i in range(0, len(answer), 12)]
