"""DHT nodes of libtorrent on loopback, for end-to-end tests.

    with LibtorrentDHT() as hub:                                   # a node others bootstrap from
        with LibtorrentDHT(bootstrap=hub.address) as other:
            other.wait_for_nodes(1)
            other.announce(info_hash_hex, 7001)                    # as a peer at 127.0.0.1:7001
            assert ("127.0.0.1", 7001) in hub.find(info_hash_hex)

`address` ("127.0.0.1:port") is what our side takes as a DHT bootstrap node.
"""
import socket
import time

import libtorrent as lt


def free_port():
    """A port that is free for TCP and UDP at 127.0.0.1."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            port = udp.getsockname()[1]
            try:
                tcp.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def settings(port, host="127.0.0.1"):
    """Session settings with a DHT that works on one machine."""
    return {
        "listen_interfaces": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "enable_dht": True,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "dht_bootstrap_nodes": "",
        "dht_restrict_routing_ips": False,
        "dht_restrict_search_ips": False,
        "dht_ignore_dark_internet": False,
        "dht_prefer_verified_node_ids": False,
        "dht_max_peers_reply": 100,
        "allow_multiple_connections_per_ip": True,
        "alert_mask": lt.alert.category_t.all_categories,
    }


class LibtorrentDHT:
    """A libtorrent session of which only the DHT is used."""

    def __init__(self, bootstrap=None, port=None, host="127.0.0.1", **more):
        self.host = host
        self.port = port or free_port()
        self.bootstrap = bootstrap
        self.session = lt.session({**settings(self.port, host), **more})
        self.found = {}
        self.nodes = 0

    @property
    def address(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def add_node(self, host, port):
        self.session.add_dht_node((host, port))

    def poll(self):
        """Takes in what the session has to say."""
        for alert in self.session.pop_alerts():
            if isinstance(alert, lt.dht_get_peers_reply_alert):
                peers = {(str(ip), int(port)) for ip, port in alert.peers()}
                self.found.setdefault(str(alert.info_hash), set()).update(peers)
            elif isinstance(alert, lt.dht_stats_alert):
                self.nodes = sum(bucket["num_nodes"] for bucket in alert.routing_table)
        return self

    def wait_for_nodes(self, count, seconds=30):
        """Waits until so many nodes are in the routing table."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # Nodes of the setting dht_bootstrap_nodes libtorrent never keeps in its table; one that is added it keeps.
            if self.bootstrap and not self.nodes:
                host, _, port = self.bootstrap.rpartition(":")
                self.add_node(host.strip("[]"), int(port))
            self.session.post_dht_stats()
            time.sleep(0.2)
            if self.poll().nodes >= count:
                return self.nodes
        raise TimeoutError(f"{self.nodes} DHT nodes, {count} wanted")

    def announce(self, info_hash, port):
        """Announces a peer at our address and that TCP port."""
        self.session.dht_announce(lt.sha1_hash(bytes.fromhex(info_hash)), port, 0)

    def find(self, info_hash, at_least=1, seconds=30):
        """Looks peers of a torrent up, again and again until so many are found; {(host, port)}."""
        end = time.monotonic() + seconds
        asked = 0.0
        while time.monotonic() < end:
            if time.monotonic() - asked > 3:
                self.session.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))
                asked = time.monotonic()
            time.sleep(0.2)
            if len(self.poll().found.get(info_hash, ())) >= at_least:
                break
        return self.found.get(info_hash, set())

    def close(self):
        self.session.pause()
        del self.session

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
