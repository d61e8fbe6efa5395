"""libtorrent in a process of its own, set for speed: libtorrent_peer.py seed TORRENT FOLDER | get TORRENT FOLDER PORT

`seed` prints its port and serves until its input ends. `get` downloads from that port on loopback and ends.
"""
import sys
import time

import libtorrent


def session():
    return libtorrent.session({
        "listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
        "enable_natpmp": False, "allow_multiple_connections_per_ip": True, "unchoke_slots_limit": 100,
        "max_allowed_in_request_queue": 2000, "max_out_request_queue": 2000, "send_buffer_watermark": 2 << 20,
        "send_buffer_watermark_factor": 150, "suggest_mode": 0, "enable_outgoing_utp": False,
        "enable_incoming_utp": False, "out_enc_policy": 2, "in_enc_policy": 2})


def main():
    act, torrent, folder, *port = sys.argv[1:]
    peers = session()
    parameters = libtorrent.add_torrent_params()
    parameters.ti = libtorrent.torrent_info(torrent)
    parameters.save_path = folder
    parameters.flags &= ~(libtorrent.torrent_flags.auto_managed | libtorrent.torrent_flags.paused)
    if act == "seed":
        parameters.flags |= libtorrent.torrent_flags.seed_mode
    handle = peers.add_torrent(parameters)
    if act == "seed":
        print(peers.listen_port(), flush=True)
        sys.stdin.read()
        return
    handle.connect_peer(("127.0.0.1", int(port[0])))
    while not handle.status().is_seeding:
        time.sleep(0.01)


main()
