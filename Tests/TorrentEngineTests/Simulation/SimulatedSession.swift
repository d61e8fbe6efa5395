import Metainfo
import PeerWire

@testable import TorrentEngine

/// One end of a connection.
final class SimulatedSession {
    /// What travels: a message, or a block with what stands for its bytes.
    enum Parcel {
        case message(PeerMessage)
        case block(BlockRequest, token: UInt64)
    }

    let number: PeerNumber
    let remote: SimulatedNode
    var connection: PeerConnection
    /// The other end.
    weak var twin: SimulatedSession?
    let openedAt: ContinuousClock.Instant
    /// Requests that we sent and that were not answered, cancelled or forgotten by a choke.
    var open: Set<BlockRequest> = []
    /// Messages that wait behind a block on its way out.
    var waiting: [PeerMessage] = []
    /// When the last parcel sent to it arrives: none overtakes another.
    var lastArrival: Duration = .zero
    var isSnubbing = false
    var isClosed = false
    /// Bytes since the slots were dealt last.
    var sentInRound = 0
    var receivedInRound = 0
    var formerReceived = 0

    init(number: PeerNumber, remote: SimulatedNode, connection: PeerConnection, now: ContinuousClock.Instant) {
        self.number = number
        self.remote = remote
        self.connection = connection
        openedAt = now
    }
}
