"""The real program as its users run it: started, spoken to over HTTP, stopped or killed."""
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import requests

from waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("REELSWARM_PROGRAM", ROOT / ".build/debug/reelswarm"))
PASSWORD = "correct horse battery"


def csrf(page: str) -> str:
    """The token of a page's form."""
    return re.search(r'name="csrf" value="([^"]+)"', page).group(1)


def run(*arguments, **options) -> subprocess.CompletedProcess:
    """Runs one command of the program to its end."""
    return subprocess.run([str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


class Server:
    def __init__(self, data: Path, *arguments, password: str | None = PASSWORD, start: bool = True):
        self.data = Path(data)
        self.arguments = [str(a) for a in arguments]
        self.password = password
        self.process = None
        self.token = None
        self.log_path = self.data.parent / (self.data.name + ".log")
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        try:
            self.stop()
        finally:
            self.sweep()

    def sweep(self):
        """Ends what a killed or crashed server left running."""
        subprocess.run(["pkill", "-9", "-f", f"postgres -D {self.data.resolve()}/"])

    def start(self, wait: bool = True):
        ports = self.data / "ports.json"
        ports.unlink(missing_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("REELSWARM_")}
        if self.password:
            environment["REELSWARM_ADMIN_PASSWORD"] = self.password
        command = [str(PROGRAM), "serve", "--data-dir", str(self.data), "--host", "127.0.0.1", "--host", "::1",
                   "--port", "0", "--tracker-port", "0", "--peer-port", "0", *self.arguments]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                                            cwd=ROOT)
        if wait:
            wait_until(lambda: ports.exists() or self.process.poll() is not None, "server ready", 60)
            assert self.process.poll() is None, self.log()
            found = json.loads(ports.read_text())
            self.http, self.tracker, self.peer = found["http"], found["tracker"], found["peer"]
            self.url = f"http://127.0.0.1:{self.http}"
        return self

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")[-6000:] if self.log_path.exists() else ""

    def stop(self) -> int | None:
        """Asks politely and returns the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("did not stop within 30 s\n" + self.log())
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()

    # What an admin's browser does

    def browser(self) -> requests.Session:
        """A session that is logged in as the admin."""
        browser = requests.Session()
        form = {"csrf": csrf(browser.get(self.url + "/login", timeout=30).text), "name": "admin",
                "password": self.password}
        browser.post(self.url + "/login", data=form, timeout=30).raise_for_status()
        return browser

    # What a publisher's script does

    def headers(self) -> dict:
        if self.token is None:
            answer = requests.post(f"{self.url}/api/v1/sessions", json={"username": "admin", "password": self.password})
            assert answer.status_code in (200, 201), answer.text
            self.token = answer.json()["token"]
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **options):
        return requests.get(self.url + path, timeout=30, **options)

    def post_film(self, path: Path, title: str = "A film", **fields):
        with open(path, "rb") as file:
            return requests.post(f"{self.url}/api/v1/videos", headers=self.headers(), timeout=120,
                                 data={"title": title, **fields}, files={"file": (path.name, file, "video/mp4")})

    def publish(self, path: Path, title: str = "A film", **fields) -> dict:
        answer = self.post_film(path, title, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def swarm(self, slug: str) -> dict:
        return self.get(f"/videos/{slug}/swarm").json()

    def torrent(self, slug: str) -> bytes:
        answer = self.get(f"/videos/{slug}.torrent")
        assert answer.status_code == 200, answer.text
        return answer.content

    def settings(self, **changes):
        return requests.patch(f"{self.url}/api/v1/settings", headers=self.headers(), json=changes, timeout=30)
