"""A web server with a folder of files, as a web seed (BEP 19) needs it: ranges, and faults on demand."""
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


class WebSeed:
    """Serves the files below `folder`. `sent` counts content bytes; `fault` may answer a request in its stead.

    `fault(number)` gets the number of the request, from 1, and returns nothing, or a status to answer with, or a
    function that changes the bytes. `rate` is bytes a second of each connection.
    """

    def __init__(self, folder: Path, fault=None, rate: int = 0):
        self.folder, self.fault, self.rate = folder, fault or (lambda number: None), rate
        self.sent = self.requests = 0
        self.lock = threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.answer(self)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, request: BaseHTTPRequestHandler):
        with self.lock:
            self.requests += 1
            fault = self.fault(self.requests)
        path = self.folder / unquote(request.path).lstrip("/")
        if isinstance(fault, int) or not path.is_file():
            request.send_response(fault if isinstance(fault, int) else 404)
            request.send_header("Content-Length", "0")
            if fault == 503:
                request.send_header("Retry-After", "1")
            request.end_headers()
            return
        size = path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        first, last = (int(asked[1]), min(int(asked[2] or size - 1), size - 1)) if asked else (0, size - 1)
        with open(path, "rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        body = fault(body) if fault else body
        request.send_response(206 if asked else 200)
        request.send_header("Content-Length", str(len(body)))
        if asked:
            request.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        request.end_headers()
        self.send(request, body)

    def send(self, request: BaseHTTPRequestHandler, body: bytes):
        step = max(1, self.rate // 20) if self.rate else 1 << 20
        for start in range(0, len(body), step):
            piece = body[start:start + step]
            try:
                request.wfile.write(piece)
            except OSError:
                return
            with self.lock:
                self.sent += len(piece)
            if self.rate:
                time.sleep(len(piece) / self.rate)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()
