import ByteCoding
import Metainfo
import TrackerWire

/// Torrents and their peers, made up from numbers, the same in every run.
struct Population {
    let torrents: Int
    /// Peers of each torrent. A peer has the same id and port in every torrent.
    let peers: Int

    func hash(_ torrent: Int) -> InfoHash {
        var random = LoadRandom(seed: UInt64(torrent) &+ 1)
        var bytes: [UInt8] = []
        for _ in 0..<3 { bytes.append(bigEndian: random.next()) }
        // Twenty bytes always make a hash.
        return InfoHash(bytes: bytes.prefix(InfoHash.byteCount)) ?? hash(torrent)
    }

    func peerID(_ peer: Int) -> PeerID {
        let digits = String(peer)
        let text = "-RL0001-" + String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
        // Twelve digits are enough for any number of peers.
        return PeerID(bytes: Array(text.utf8)) ?? peerID(0)
    }

    /// 1024...65535, so that 64,512 peers of one address differ.
    func port(_ peer: Int) -> UInt16 { UInt16(truncatingIfNeeded: 1024 + peer % 64_512) }

    /// An announce of a peer. One in ten is a seeder.
    func announce(_ torrent: Int, _ peer: Int, event: AnnounceEvent = .none, numWant: Int) -> AnnounceRequest {
        AnnounceRequest(
            infoHash: hash(torrent), peerID: peerID(peer), port: port(peer), uploaded: UInt64(peer) << 20,
            downloaded: 1 << 20, left: peer % 10 == 0 ? 0 : 1 << 20, event: event, numWant: numWant,
            key: UInt32(truncatingIfNeeded: peer &+ 1))
    }
}
