import Metainfo
import NIOCore
import PeerWire

/// Hash requests of peers (BEP 52).
extension EngineCore {
    /// Answers a hash request, when the layers have been read.
    func answer(_ request: HashRequest, of peer: PeerHandler) {
        guard let torrent = peer.torrent else { return }
        switch torrent.layers {
        case .known(let layers): answer(request, of: peer, layers)
        case .none: answer(request, of: peer, nil)
        case .loading(var waiting):
            guard waiting.count < limits.queuedMetadataRequests else { return answer(request, of: peer, nil) }
            waiting.append((peer.number, request))
            torrent.layers = .loading(waiting)
        case .unasked:
            torrent.layers = .loading([(peer.number, request)])
            loadLayers(of: torrent)
        }
    }

    private func loadLayers(of torrent: ActiveTorrent) {
        guard let load = torrent.torrent.loadPieceLayers else { return loaded(nil, of: torrent) }
        let loadInfo = torrent.torrent.loadInfoBytes
        outsideLoop(
            {
                let layers = try await load()
                return PieceLayers(info: try TorrentInfo(decoding: try await loadInfo()), layers: layers)
            }, then: { self.loaded(try? $0.get(), of: torrent) })
    }

    private func loaded(_ layers: PieceLayers?, of torrent: ActiveTorrent) {
        guard case .loading(let waiting) = torrent.layers else { return }
        torrent.layers = layers.map { .known($0) } ?? .none
        for (number, request) in waiting {
            guard let peer = torrent.peers[number] else { continue }
            answer(request, of: peer, layers)
            peer.flush()
        }
    }

    private func answer(_ request: HashRequest, of peer: PeerHandler, _ layers: PieceLayers?) {
        let now = ContinuousClock.now
        var server = peer.hashes ?? HashServer(now: now)
        let answer = server.answer(request, layers: layers, now: now)
        peer.hashes = server
        switch answer {
        case .send(let message): peer.send(message)
        case .run(let job): run(job, for: peer)
        case .wait: break
        }
    }

    private func run(_ job: HashJob, for peer: PeerHandler) {
        guard let torrent = peer.torrent, !isStopping else { return }
        let source = torrent.torrent.content
        outsideLoop(
            {
                let file = try await source.open()
                return await Blocking.run { job.run(file: file) }
            },
            then: { result in
                guard peer.closing == nil else { return }
                peer.send((try? result.get()) ?? .hashReject(job.request))
                peer.flush()
                if let next = peer.hashes?.finished() { self.run(next, for: peer) }
            })
    }
}
