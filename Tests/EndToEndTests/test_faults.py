"""What must survive: killed servers and databases, cut uploads, vanished caches, full disks."""
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
import requests

from clients import CLIENTS
from server import Server
from torrents import sha256, without
from waiting import wait_until


def half_upload(server, film: Path, share: float = 0.5, total: int | None = None) -> socket.socket:
    """Sends the first part of an API upload over a raw socket and leaves it open."""
    body = film.read_bytes()
    boundary = "cut-here"
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nCut\r\n--{boundary}\r\n'
            f'Content-Disposition: form-data; name="file"; filename="cut.mp4"\r\nContent-Type: video/mp4\r\n\r\n').encode()
    length = len(head) + len(body) + len(f"\r\n--{boundary}--\r\n")
    connection = socket.create_connection(("127.0.0.1", server.http))
    connection.sendall((f"POST /api/v1/videos HTTP/1.1\r\nHost: 127.0.0.1:{server.http}\r\n"
                        f"Authorization: {server.headers()['Authorization']}\r\n"
                        f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {length}\r\n\r\n"
                        ).encode() + head + body[:int(len(body) * share)])
    return connection


def video_count(server) -> int:
    answer = server.get("/api/v1/videos", headers=server.headers()).json()
    return len(answer["videos"] if isinstance(answer, dict) else answer)


def test_kill_9_in_mid_upload(server, film):
    connection = half_upload(server, film)
    time.sleep(0.5)
    server.kill()
    connection.close()
    server.start()
    assert video_count(server) == 0
    video = server.publish(film, "After the crash")
    assert server.get(f"/videos/{video['slug']}/media").content == film.read_bytes()


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.4, 0.8])
def test_kill_9_around_publishing(server, film, delay):
    """Killed at some moment after the last byte: the film is there whole, or not at all."""
    server.headers()
    def upload():
        try:
            server.post_film(film, "Maybe")
        except requests.RequestException:
            pass
    thread = threading.Thread(target=upload)
    thread.start()
    time.sleep(0.1 + delay)
    server.kill()
    thread.join()
    server.start()
    listed = server.get("/api/v1/videos", headers=server.headers()).json()
    for video in listed["videos"] if isinstance(listed, dict) else listed:
        assert server.get(f"/videos/{video['slug']}/media").content == film.read_bytes()
        assert server.swarm(video["slug"])["server_seeding"]
    assert server.publish(film, "Next")["state"] == "published"


def test_a_client_that_leaves_at_half_leaves_nothing(server, film):
    half_upload(server, film).close()
    time.sleep(1)
    assert video_count(server) == 0
    spools = [p for p in server.data.rglob("*") if p.is_file() and "cache" in p.parts and p.stat().st_size > 0]
    wait_until(lambda: not [p for p in spools if p.exists()], "spool file removed", 60)
    assert server.publish(film, "Whole")["size"] == film.stat().st_size


def test_the_cache_is_deleted_while_seeding(server, film, tmp_path):
    video = server.publish(film, "Cold")
    path = tmp_path / "film.torrent"
    path.write_bytes(without(server.torrent(video["slug"]), "url-list"))
    shutil.rmtree(server.data / "cache")
    assert server.get(f"/videos/{video['slug']}/media").content == film.read_bytes()
    shutil.rmtree(server.data / "cache", ignore_errors=True)
    assert sha256(CLIENTS["aria2"](str(path), tmp_path / "got")) == sha256(film)
    assert server.publish(film, "Again")["state"] == "published"


def test_a_second_node_with_an_empty_data_directory(postgres, film, tmp_path):
    with Server(tmp_path / "a", "--database-url", postgres.url) as first:
        video = first.publish(film, "Shared")
        shutil.rmtree(first.data / "cache")
        with Server(tmp_path / "b", "--database-url", postgres.url) as second:
            middle = second.get(f"/videos/{video['slug']}/media", headers={"Range": "bytes=1000000-1999999"})
            assert middle.status_code == 206 and middle.content == film.read_bytes()[1000000:2000000]
            path = tmp_path / "film.torrent"
            path.write_bytes(without(second.torrent(video["slug"]), "url-list"))
            assert sha256(CLIENTS["aria2"](str(path), tmp_path / "got")) == sha256(film)


def test_postgres_is_killed_under_load(postgres, film, short_film, tmp_path):
    with Server(tmp_path / "data", "--database-url", postgres.url) as server:
        video = server.publish(film, "Before the crash")
        stop, statuses = threading.Event(), []

        def load():
            while not stop.is_set():
                try:
                    statuses.append(requests.get(f"{server.url}/videos/{video['slug']}", timeout=10).status_code)
                except requests.RequestException as error:
                    statuses.append(str(error))
        threads = [threading.Thread(target=load) for _ in range(4)]
        [t.start() for t in threads]
        try:
            time.sleep(0.5)
            postgres.kill()
            wait_until(lambda: 503 in statuses, "503 while the database is away", 10)
            answer = server.get(f"/videos/{video['slug']}")
            assert answer.status_code == 503 and "Retry-After" in answer.headers
            assert server.get("/healthz").status_code == 200
            assert server.get("/readyz").status_code == 503
            time.sleep(0.5)
            postgres.stop("immediate")
            wait_until(lambda: try_start(postgres), "PostgreSQL restarts", 20)
            wait_until(lambda: server.get(f"/videos/{video['slug']}").status_code == 200, "recovery by itself", 15)
        finally:
            stop.set()
            [t.join() for t in threads]
        assert set(statuses) <= {200, 503}, set(statuses)
        assert server.process.poll() is None
        assert server.publish(short_film, "After")["state"] == "published"


def try_start(postgres) -> bool:
    try:
        postgres.start()
        return True
    except subprocess.CalledProcessError:
        return False


def test_the_private_cluster_is_started_again_when_it_dies(server, film):
    video = server.publish(film, "Supervised")
    pids = [int(p) for p in subprocess.run(["pgrep", "-f", "--", f"postgres.*-D"], capture_output=True, text=True)
            .stdout.split()]
    mine = [p for p in pids if is_descendant_or_uses(p, server)]
    assert mine, "the private cluster's postmaster"
    os.kill(mine[0], signal.SIGKILL)
    wait_until(lambda: server.get(f"/videos/{video['slug']}").status_code == 200 and server.get("/readyz").status_code == 200,
               "the cluster is back", 30)


def is_descendant_or_uses(pid: int, server) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return False
    return parent == server.process.pid or str(server.data.resolve()) in command


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system takes root")
def test_a_full_cache_disk(tmp_path, film, short_film):
    data = tmp_path / "data"
    (data / "cache").mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(data / "cache")], check=True)
    try:
        with Server(data) as server:
            small = server.publish(short_film, "Fits")
            answer = server.post_film(film, "Does not fit")
            assert answer.status_code == 507, answer.text
            assert answer.json()["code"] == "storage_full"
            assert server.get(f"/videos/{small['slug']}/media").content == short_film.read_bytes()
            subprocess.run(["mount", "-o", "remount,size=64m", str(data / "cache")], check=True)
            assert server.publish(film, "Fits now")["state"] == "published"
    finally:
        subprocess.run(["umount", "-l", str(data / "cache")])


def test_ten_rounds_of_upload_and_delete_do_not_grow_the_table(postgres, film, tmp_path):
    with Server(tmp_path / "data", "--database-url", postgres.url) as server:
        def round_trip() -> int:
            video = server.publish(film, "Passing")
            assert requests.delete(f"{server.url}/api/v1/videos/{video['id']}", headers=server.headers()).ok
            wait_until(lambda: query(postgres, "SELECT count(*) FROM media_chunks") == "0", "chunks deleted", 30)
            time.sleep(0.5)
            return int(query(postgres, "SELECT pg_total_relation_size('media_chunks')"))
        first = round_trip()
        sizes = [round_trip() for _ in range(9)]
        assert max(sizes) <= first * 2.2 and sizes[-1] <= max(sizes[:3]), (first, sizes)


def query(postgres, sql: str) -> str:
    return subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "reelswarm", "-At", "-c", sql,
                           "postgres"], check=True, capture_output=True, text=True).stdout.strip()
