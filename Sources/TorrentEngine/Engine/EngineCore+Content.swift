import Cryptography
import Logging
import Metainfo
import NIOCore

/// Content files and metadata of active torrents: opened and loaded on first use, let go when idle.
extension EngineCore {
    /// Failures in a row after which requests are refused for a while.
    private static let readFailuresAllowed = 3

    /// The open content file. Nil when it has to be opened first: its peers' requests wait; nil also while it cannot be
    /// opened: then they are refused.
    func file(of torrent: ActiveTorrent) -> ContentFile? {
        let now = ContinuousClock.now
        torrent.usedAt = now
        switch torrent.content {
        case .open(let file): return file
        case .opening: return nil
        case .failed(let retryAt) where now < retryAt:
            for peer in torrent.peers.values { peer.refuseRequests() }
            return nil
        case .failed, .closed:
            open(torrent)
            return nil
        }
    }

    private func open(_ torrent: ActiveTorrent) {
        torrent.content = .opening
        makeRoomForFile()
        let source = torrent.torrent.content
        let discardsFirst = torrent.hasUnreadableFile
        torrent.hasUnreadableFile = false
        outsideLoop(
            {
                if discardsFirst { await source.discard() }
                return try await source.open()
            }, then: { self.opened($0, torrent) })
    }

    private func opened(_ result: Result<ContentFile, any Error>, _ torrent: ActiveTorrent) {
        do {
            let file = try result.get()
            let expected = torrent.torrent.layout.totalLength
            guard file.size == expected else { throw ContentError.wrongSize(expected: expected, found: file.size) }
            torrent.content = .open(file)
            for peer in torrent.peers.values { peer.serve() }
        } catch {
            unavailable(torrent, error)
        }
    }

    /// A read went wrong: the file is opened anew by the next request, which lets its source rebuild it. When that
    /// does not help, requests are refused for a while.
    func readFailed(_ error: ContentError, of torrent: ActiveTorrent) {
        torrent.readFailures += 1
        torrent.hasUnreadableFile = true
        if torrent.readFailures >= Self.readFailuresAllowed {
            torrent.readFailures = 0
            unavailable(torrent, error)
        } else if torrent.file != nil {
            torrent.content = .closed
            logger.warning("content unreadable", metadata: metadata(torrent, error))
        }
    }

    private func unavailable(_ torrent: ActiveTorrent, _ error: any Error) {
        torrent.content = .failed(retryAt: .now + limits.contentRetryDelay)
        logger.error("content unavailable", metadata: metadata(torrent, error))
        for peer in torrent.peers.values { peer.refuseRequests() }
    }

    private func metadata(_ torrent: ActiveTorrent, _ error: any Error) -> Logger.Metadata {
        ["hash": "\(torrent.torrent.infoHash)", "error": "\(error)"]
    }

    /// Closes the file that nobody read from for longest when there are as many as allowed.
    private func makeRoomForFile() {
        let open = active.values.filter { $0.file != nil }
        guard open.count >= limits.openFiles else { return }
        open.min { $0.usedAt < $1.usedAt }?.content = .closed
    }

    /// A batch has been written.
    func sent(bytes: Int, blocks: Int, of torrent: ActiveTorrent?) {
        torrent?.readFailures = 0
        torrent?.download?.sent(bytes)
        metrics.sent(bytes: bytes, blocks: blocks)
    }

    /// Loads the `info` bytes for the first peer; they stay while the torrent is active.
    func loadInfo(of torrent: ActiveTorrent) {
        guard case .unasked = torrent.info else { return }
        torrent.info = .loading
        let load = torrent.torrent.loadInfoBytes
        let hashes = [torrent.torrent.infoHash] + torrent.torrent.aliases
        outsideLoop(
            {
                let bytes = try await load()
                return Self.matches(bytes, hashes) ? bytes : nil
            }, then: { self.loaded($0, torrent) })
    }

    private func loaded(_ result: Result<[UInt8]?, any Error>, _ torrent: ActiveTorrent) {
        switch result {
        case .success(.some(let bytes)): torrent.info = .loaded(bytes)
        case .success(.none):
            torrent.info = .failed
            logger.error("info bytes do not match", metadata: ["hash": "\(torrent.torrent.infoHash)"])
        case .failure(let error):
            torrent.info = .failed
            logger.error("info bytes unavailable", metadata: metadata(torrent, error))
        }
        for peer in torrent.peers.values {
            peer.sendExtensionHandshake()
            peer.answerMetadata()
            peer.flush()
        }
    }

    /// True when one of the hashes is the SHA-1 of the bytes (BEP 3) or begins their SHA-256 (BEP 52).
    private static func matches(_ bytes: [UInt8], _ hashes: [InfoHash]) -> Bool {
        let digests = [Digest.sha1(bytes), Array(Digest.sha256(bytes).prefix(InfoHash.byteCount))]
        return hashes.contains { digests.contains($0.bytes) }
    }
}
