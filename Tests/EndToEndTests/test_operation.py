"""The program in the hands of whoever runs it: start, stop, commands, probes."""
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from server import PROGRAM, Server, run
from waiting import wait_until


def test_version_and_help():
    assert re.fullmatch(r"reelswarm \d+\.\d+\.\d+\n", run("version").stdout)
    told = run("--help")
    assert told.returncode == 0
    for command in ("serve", "check", "create", "inspect", "probe", "user", "token"):
        assert command in told.stdout


@pytest.mark.parametrize("arguments", [["serve", "--port", "99999"], ["nonsense"], ["serve", "--host", "not-an-address"],
                                       ["inspect"], ["serve", "--public-url", "films.example/path"]])
def test_wrong_usage_is_exit_2(arguments):
    ended = run(*arguments)
    assert ended.returncode == 2 and ended.stderr.startswith("reelswarm: ")


def test_a_failure_is_exit_1_and_one_line():
    ended = run("inspect", "/nowhere.torrent")
    assert ended.returncode == 1 and ended.stderr == "reelswarm: /nowhere.torrent cannot be read.\n"


def test_sigterm_ends_well_and_leaves_no_process(tmp_path):
    server = Server(tmp_path / "data")
    group = server.process.pid
    assert server.stop() == 0
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True).stdout
    assert left == ""
    assert not (tmp_path / "data/ports.json").exists() and group


def test_two_servers_cannot_share_a_data_directory(server):
    second = Server(server.data, start=False)
    second.start(wait=False)
    assert second.process.wait(30) == 1
    assert "in use" in second.log() or "another" in second.log()
    assert server.get("/healthz").status_code == 200


def test_an_occupied_port_is_said(server, tmp_path):
    second = Server(tmp_path / "second", "--port", str(server.http), start=False)
    second.start(wait=False)
    assert second.process.wait(60) == 1
    assert "in use" in second.log()
    assert server.get("/healthz").status_code == 200


def test_probes_and_metrics(shared_server):
    assert shared_server.get("/healthz").status_code == 200
    assert shared_server.get("/readyz").status_code == 200
    metrics = shared_server.get("/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert "# TYPE" in metrics.text


def test_the_first_start_prints_a_set_up_link(tmp_path):
    with Server(tmp_path / "data", password=None) as server:
        link = wait_until(lambda: re.search(r"(/setup\?token=[\w-]+)", server.log()), "a set-up link").group(1)
        browser = requests.Session()
        page = browser.get(server.url + link)
        assert page.status_code == 200
        csrf = re.search(r'name="csrf"[^>]*value="([^"]+)"', page.text)
        form = {"token": link.split("=", 1)[1], "name": "ada", "password": "a long enough one"}
        if csrf:
            form["csrf"] = csrf.group(1)
        assert requests.get(server.url + "/setup?token=wrong").status_code in (403, 404)
        done = browser.post(server.url + "/setup", data=form)
        assert done.status_code == 200, done.text
        assert requests.get(server.url + link).status_code in (403, 404, 410)
        answer = requests.post(server.url + "/api/v1/sessions", json={"username": "ada", "password": "a long enough one"})
        assert answer.ok and answer.json()["token"]


def test_users_and_tokens_from_the_command_line(postgres, tmp_path, short_film):
    with Server(tmp_path / "data", "--database-url", postgres.url) as server:
        base = ["--data-dir", server.data, "--database-url", postgres.url]
        added = run("user", "add", "berta", "--role", "publisher", *base, input="berta has a password\n")
        assert added.returncode == 0, added.stderr
        listed = json.loads(run("user", "list", "--json", *base).stdout)
        assert {u["name"]: u["role"] for u in listed} == {"admin": "admin", "berta": "publisher"}
        token = run("token", "create", "--user", "berta", *base)
        assert token.returncode == 0, token.stderr
        server.token = token.stdout.strip().splitlines()[-1]
        assert server.publish(short_film, "By token")["title"] == "By token"
        assert run("user", "disable", "berta", *base).returncode == 0
        assert server.post_film(short_film, "Too late").status_code in (401, 403)


def test_a_mistyped_data_directory_is_not_made(tmp_path):
    ended = run("user", "list", "--data-dir", tmp_path / "typo")
    assert ended.returncode == 1 and "--data-dir" in ended.stderr and not (tmp_path / "typo").exists()


def test_commands_work_beside_the_private_cluster(server):
    listed = json.loads(run("user", "list", "--json", "--data-dir", server.data).stdout)
    assert [u["name"] for u in listed] == ["admin"]


def test_health_is_told_whatever_the_host(tmp_path):
    with Server(tmp_path / "data", "--public-url", "https://films.example") as server:
        assert server.get("/healthz").status_code == 200
        assert server.get("/").status_code == 421
        assert server.get("/", headers={"Host": "films.example"}).status_code == 200


def test_check_tells_what_is_wrong(postgres, tmp_path):
    good = run("check", "--data-dir", tmp_path, "--database-url", postgres.url, "--port", 0, "--tracker-port", 0,
               "--peer-port", 0)
    assert good.returncode == 0, good.stdout + good.stderr
    bad = run("check", "--data-dir", tmp_path / "data", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert bad.returncode == 1


def test_a_configuration_file(tmp_path):
    good = tmp_path / "good.conf"
    good.write_text("# a comment\nREELSWARM_PORT=0\n")
    bad = tmp_path / "bad.conf"
    bad.write_text("REELSWARM_PROT=0\n")
    ended = run("check", "--config", bad)
    assert ended.returncode == 2 and "line 1" in ended.stderr and "REELSWARM_PROT" in ended.stderr
    assert Path(PROGRAM).exists() and good.exists()


def test_create_makes_what_libtorrent_reads(tmp_path, film):
    import libtorrent
    out = tmp_path / "made.torrent"
    ended = run("create", film, "-o", out, "--announce", "http://tracker.example/announce", "--web-seed",
                "http://films.example/film.mp4")
    assert ended.returncode == 0, ended.stderr
    info = libtorrent.torrent_info(str(out))
    assert info.name() == film.name and info.total_size() == film.stat().st_size
    client = libtorrent.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False})
    parameters = libtorrent.add_torrent_params()
    parameters.ti, parameters.save_path = info, str(film.parent)
    handle = client.add_torrent(parameters)
    wait_until(lambda: handle.status().is_seeding, "every piece verifies", 20)


def test_probe_names_the_streams(film):
    told = json.loads(run("probe", film, "--json").stdout)
    assert told["mediaType"] == "video/mp4" and {s["codec"] for s in told["streams"]} == {"h264", "aac"}


def test_an_upload_in_flight_does_not_hold_up_the_stop(server, film):
    from test_faults import half_upload
    connection = half_upload(server, film)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(25) == 0
    connection.close()
    assert os.path.isdir(server.data)
