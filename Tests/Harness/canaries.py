"""Files that ask whoever opens them to open something else, and what notices when somebody does."""
import ctypes
import os
import socket
import struct
import threading
from pathlib import Path

from movie_boxes import boxes

_IN_ACCESS, _IN_OPEN = 1, 0x20


class Listener:
    """A TCP port of loopback that counts who comes."""

    def __enter__(self):
        self.hits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.close()

    def __exit__(self, *error):
        self.socket.close()


class Watched:
    """A file that tells whether anybody has opened it since."""

    def __init__(self, path: Path):
        path.write_text("The canary's words.\n")
        path.chmod(0o644)
        self.path = path
        libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self.descriptor, os.fsencode(path), _IN_ACCESS | _IN_OPEN) >= 0

    def was_opened(self) -> bool:
        try:
            return bool(os.read(self.descriptor, 4096))
        except BlockingIOError:
            return False


def texts(address: str, path: Path) -> dict[str, bytes]:
    """Playlists and the like of every kind that media libraries follow, naming an address and a file."""
    playlist = f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\n{{}}\n#EXT-X-ENDLIST\n"
    return {name: text.encode() for name, text in {
        "hls-address": playlist.format(address + "x.ts"),
        "hls-file": playlist.format(f"file://{path}"),
        "hls-path": playlist.format(path),
        "hls-concat": playlist.format(f"concat:{address}h.m3u8|file://{path}"),
        "hls-subfile": playlist.format(f"subfile,,start,0,end,64,,:{path}"),
        "hls-key": f"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"{address}key\"\n#EXTINF:10.0,\n{path}\n#EXT-X-ENDLIST\n",
        "hls-map": f"#EXTM3U\n#EXT-X-MAP:URI=\"{path}\"\n#EXTINF:10.0,\n{address}x.mp4\n#EXT-X-ENDLIST\n",
        "ffconcat": f"ffconcat version 1.0\nfile '{path}'\nfile '{address}x.mp4'\n",
        "dash": f"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period>"
                f"<AdaptationSet><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{address}x.mp4</BaseURL>"
                f"</Representation></AdaptationSet></Period></MPD>",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
        "asx": f"<asx version=\"3.0\"><entry><ref href=\"{address}x.wmv\"/></entry></asx>",
        "asf-reference": f"[Reference]\nRef1={address}x.asf\nRef2=file://{path}\n",
        "pls": f"[playlist]\nNumberOfEntries=1\nFile1={address}x.mp3\n",
        "svg": f"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
               f"<image xlink:href=\"{address}x.png\"/></svg>",
        "mvg": f"push graphic-context\nviewbox 0 0 9 9\nfill 'url({address}x.png)'\npop graphic-context\n",
        "webvtt-and-hls": f"#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"s\",URI=\"{address}s.vtt\"\n"
                          f"{path}\n",
        "imf": f"<?xml version=\"1.0\"?><CompositionPlaylist xmlns=\"http://www.smpte-ra.org/schemas/2067-3/2016\">"
               f"<Id>urn:uuid:{path}</Id></CompositionPlaylist>",
    }.items()}


def with_outside_data(movie: Path, out: Path, address: str):
    """An MP4 (tables at its end) whose data references (`dref`) name a path or an address in place of the file."""
    data = movie.read_bytes()
    name = address.encode()
    if name.startswith(b"/"):
        path = name + bytes(len(name) % 2)
        alias = (bytes(10) + b"\1v" + bytes(26) + bytes(12) + b"\1f" + bytes(62) + bytes(16) + struct.pack(">HH", 1, 1)
                 + bytes(16) + struct.pack(">HH", 2, len(name)) + path + struct.pack(">hH", -1, 0))
        entry = struct.pack(">I4sI", 12 + len(alias), b"alis", 0) + alias
    else:
        entry = struct.pack(">I4sI", 13 + len(name), b"url ", 0) + name + b"\0"
    moov = next((begin - 8, end) for kind, begin, end in boxes(data, 0, len(data)) if kind == b"moov")
    assert moov[1] == len(data), "the tables are the last box"
    out.write_bytes(data[:moov[0]] + _replaced(data[moov[0]:], entry))


def _replaced(data: bytes, entry: bytes) -> bytes:
    """Boxes with another first entry in every `dref`, and the sizes around it right."""
    made, start = b"", 0
    while start + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, start)
        content = data[start + 8:start + size]
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            content = _replaced(content, entry)
        elif kind == b"dref":
            content = content[:8] + entry
        made += struct.pack(">I4s", 8 + len(content), kind) + content
        start += size
    return made


def with_subtitle_playlist(avi: Path, out: Path, playlist: bytes):
    """An AVI with a subtitle stream (GAB2) whose text is a playlist: the way of CVE-2017-9993."""
    data = avi.read_bytes()
    header = struct.pack("<4s4sIHHIIIIIIII4H", b"txts", b"\0\0\0\0", 0, 0, 0, 0, 1, 25, 0, 1, 1 << 16, 0, 0, 0, 0, 0, 0)
    track = _list(b"strl", _chunk(b"strh", header) + _chunk(b"strf", bytes(40)))
    text = b"GAB2\0" + struct.pack("<HI", 2, 2) + b"\0\0" + struct.pack("<HI", 4, len(playlist)) + playlist
    head_size = struct.unpack_from("<I", data, 16)[0]
    head = bytearray(data[24:20 + head_size])
    number = struct.unpack_from("<I", head, 8 + 24)[0]
    struct.pack_into("<I", head, 8 + 24, number + 1)
    rest, at = b"", 20 + head_size
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        content = data[at + 8:at + 8 + size]
        if content[:4] == b"movi":
            content = b"movi" + _chunk(b"%02dtx" % number, text) + content[4:]
        if kind != b"idx1":
            rest += _chunk(kind, content)
        at += 8 + size + size % 2
    out.write_bytes(_chunk(b"RIFF", b"AVI " + _list(b"hdrl", bytes(head) + track) + rest))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _list(kind: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", kind + content)
