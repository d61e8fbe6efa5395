import Metainfo
import NIOCore

/// Rate limits: uploads ask before a batch, downloads stop reading until what has come is paid.
extension EngineCore {
    /// How often those who wait for a limited rate are looked at.
    private static let turn: TimeAmount = .milliseconds(50)
    /// What is asked for at least: a block.
    private static let leastUpload = 16 << 10

    /// Changes the limits of one torrent, or of all together for nil; in bytes a second.
    func setLimits(download: Int?, upload: Int?, of hash: InfoHash?) {
        let now = ContinuousClock.now
        if let hash {
            guard let torrent = seeded(hash)?.infoHash ?? downloads[hash]?.hash else { return }
            rates.set(download: download, upload: upload, of: torrent, now: now)
        } else {
            rates.setGlobal(download: download, upload: upload, now: now)
        }
        for torrent in active.values { setSlots(of: torrent) }
        takeTurn()
    }

    /// As many slots as the upload limit feeds.
    func setSlots(of torrent: ActiveTorrent) {
        let slots = Choker.slots(
            uploadLimit: rates.rate(of: torrent.torrent.infoHash, .upload), most: limits.uploadSlots)
        torrent.choker.setSlots(slots, optimisticSlots: min(limits.optimisticSlots, max(1, slots / 4)))
    }

    // MARK: Up

    /// How many bytes the next batch may have; nil when the peer has to wait for its turn.
    func uploadRoom(for peer: PeerHandler, of torrent: ActiveTorrent, upTo bytes: Int) -> Int? {
        let hash = torrent.torrent.infoHash
        guard rates.isLimited(hash, .upload) else { return bytes }
        let granted = rates.grant(
            upTo: min(bytes, 4 * Self.leastUpload), minimum: Self.leastUpload, torrent: hash, .upload, now: .now)
        if granted > 0 { return granted }
        uploadsWaiting.add(peer.number)
        peersWaiting[peer.number] = peer
        scheduleTurn()
        return nil
    }

    /// `used` bytes of those granted were put into a batch.
    func uploadTaken(_ used: Int, of granted: Int, _ torrent: ActiveTorrent) {
        let hash = torrent.torrent.infoHash
        guard rates.isLimited(hash, .upload) else { return }
        rates.spend(used - min(granted, 4 * Self.leastUpload), torrent: hash, .upload, now: .now)
    }

    // MARK: Down

    /// Whether a torrent has taken more than its rate.
    func holdsDownloads(of download: Download) -> Bool {
        guard rates.isLimited(download.hash, .download),
            rates.wait(torrent: download.hash, .download, now: .now) != .zero
        else { return false }
        downloadsWaiting.insert(download.hash)
        scheduleTurn()
        return true
    }

    // MARK: Turns

    private func scheduleTurn() {
        guard turn == nil, !isStopping else { return }
        turn = eventLoop.assumeIsolated().scheduleTask(in: Self.turn) {
            self.turn = nil
            self.takeTurn()
        }
    }

    private func takeTurn() {
        let torrents = downloadsWaiting
        downloadsWaiting = []
        for hash in torrents {
            guard let download = downloads[hash] else { continue }
            for peer in download.active.peers.values { peer.readOn() }
            download.holdWebSeeds()
        }
        for number in uploadsWaiting.takeAll() {
            peersWaiting.removeValue(forKey: number)?.serve()
        }
    }
}
