import Metainfo
import PeerWire

/// What is wanted is asked for.
extension Download {
    /// Does what the scheduler, the metadata fetch and the hash fetch want now. To be called after each batch of events.
    func settle() {
        guard isRunning else { return }
        let now = ContinuousClock.now
        if fetch != nil { askMetadata(now: now) }
        if hashFetch != nil { askHashes(now: now) }
        scheduler?.drain(into: &commands)
        guard !commands.isEmpty else { return }
        perform()
    }

    private func perform() {
        // A write may end a connection at once, and that wants things done too: they get a list of their own.
        var batch: [SchedulerCommand] = []
        swap(&batch, &commands)
        var last: PeerHandler?
        for command in batch {
            switch command {
            case .request(let number, let request):
                guard let peer = peer(number, &last) else { continue }
                if let message = peer.connection?.ask(request) { peer.send(message) }
            case .cancel(let number, let request):
                peer(number, &last)?.send(.cancel(request))
            case .interest(let number, let isOn):
                guard let peer = peer(number, &last) else { continue }
                if let message = peer.connection?.want(isOn) { peer.send(message) }
            case .snubbed(let number, let isOn): peer(number, &last)?.taking.isSnubbing = isOn
            case .fetchSpan(let number, let span): webSeeds[number]?.fetch(span)
            case .cancelSpan(let number): webSeeds[number]?.cancel()
            }
        }
        last?.flush()
        batch.removeAll(keepingCapacity: true)
        if commands.isEmpty { swap(&batch, &commands) }
    }

    /// The connected peer of a command; the one before it is done and flushed.
    private func peer(_ number: PeerNumber, _ last: inout PeerHandler?) -> PeerHandler? {
        if let last, last.number == number { return last }
        last?.flush()
        last = active.peers[number]
        return last
    }
}
