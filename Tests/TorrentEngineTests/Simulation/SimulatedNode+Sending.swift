import Metainfo
import PeerWire

@testable import TorrentEngine

extension SimulatedNode {
    /// Sends a message; it waits while a block for the same peer is on its way out.
    func send(_ message: PeerMessage, in session: SimulatedSession) {
        guard !session.isClosed else { return }
        session.connection.lastSent = swarm.now
        if sending === session { session.waiting.append(message) } else { deliver(.message(message), in: session) }
    }

    /// Sends the next block, to each peer in turn.
    func pump() {
        guard sending == nil, conduct != .mute, conduct != .rejecting, !sessions.isEmpty else { return }
        var batch: [QueuedBlock] = []
        for offset in sessions.indices {
            let session = sessions[(turn + offset) % sessions.count]
            guard !session.isClosed, !session.connection.requests.isEmpty else { continue }
            session.connection.takeBatch(into: &batch, bytes: 1)
            guard let block = batch.first else { continue }
            turn = (turn + offset + 1) % sessions.count
            return send(block.request, in: session)
        }
    }

    private func send(_ request: BlockRequest, in session: SimulatedSession) {
        if session.connection.isChoked { swarm.violation("served while choked") }
        guard let token = token(for: request) else { return swarm.violation("served what is not there") }
        sending = session
        session.sentInRound += Int(request.length)
        swarm.plan(after: .seconds(Double(request.length) / line.up)) { [weak self] in
            guard let self, sending === session else { return }
            sending = nil
            deliver(.block(request, token: token), in: session)
            for message in session.waiting { deliver(.message(message), in: session) }
            session.waiting.removeAll()
            pump()
        }
    }

    /// What stands for the bytes of a block; only a verified piece may be given.
    private func token(for request: BlockRequest) -> UInt64? {
        guard scheduler.have[request.piece], let tokens = content[Int(request.piece.rawValue)] else { return nil }
        let index = Int(request.begin) >> 14
        if case .lying(let share) = conduct, Double(random.index(below: 1000)) < share * 1000 {
            return random.next() | 1
        }
        return tokens[index]
    }

    /// Arrives at the other end after the way there and, for blocks, through its line; nothing overtakes.
    private func deliver(_ parcel: SimulatedSession.Parcel, in session: SimulatedSession) {
        let remote = session.remote
        var arrival = swarm.elapsed + line.latency + remote.line.latency
        if case .block(let request, _) = parcel {
            arrival = max(arrival, remote.freeAt) + .seconds(Double(request.length) / remote.line.down)
            remote.freeAt = arrival
        }
        arrival = max(arrival, session.lastArrival)
        session.lastArrival = arrival
        swarm.plan(after: arrival - swarm.elapsed) { [weak session] in
            guard let session, let twin = session.twin, !twin.isClosed else { return }
            remote.receive(parcel, in: twin)
        }
    }
}
