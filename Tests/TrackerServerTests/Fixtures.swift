import ByteCoding
import Logging
import Metainfo
import Synchronization
import TrackerWire

@testable import TrackerServer

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time = Atomic<UInt32>(5_000_000)

    var clock: TrackerClock { TrackerClock { self.time.load(ordering: .relaxed) } }
    var now: UInt32 { time.load(ordering: .relaxed) }

    func advance(_ seconds: UInt32) { time.add(seconds, ordering: .relaxed) }
}

extension InfoHash {
    /// Twenty bytes of one value.
    static func of(_ byte: UInt8) -> InfoHash {
        InfoHash(bytes: [UInt8](repeating: byte, count: 20)) ?? InfoHash(hex: String(repeating: "0", count: 40))!
    }
}

extension PeerID {
    /// An id that differs by number.
    static func of(_ number: Int) -> PeerID {
        let digits = String(number)
        return PeerID(bytes: Array(("-XX0001-" + String(repeating: "0", count: 12 - digits.count) + digits).utf8))!
    }
}

func address(_ text: String) -> IPAddress { IPAddress(text)! }

/// One announce of one peer, as short as tests like it.
struct Peer {
    var id: Int
    var ip: String
    var port: UInt16 = 6881
    var left: UInt64 = 100
    var event: AnnounceEvent = .none
    var numWant: Int?
    var key: UInt32?
    var hash = InfoHash.of(1)

    var request: AnnounceRequest {
        AnnounceRequest(
            infoHash: hash, peerID: .of(id), port: port, left: left, event: event, numWant: numWant, key: key)
    }
}

func makeTracker(
    _ configuration: TrackerConfiguration = TrackerConfiguration(hosts: ["127.0.0.1"]), clock: TestClock = TestClock()
) -> Tracker {
    let tracker = Tracker(configuration: configuration, clock: clock.clock, logger: Logger(label: "test"))
    tracker.allow(.of(1))
    return tracker
}

extension Tracker {
    /// Announces a peer; over HTTP to 127.0.0.1 unless said otherwise.
    @discardableResult
    func announce(
        _ peer: Peer, over transport: TrackerTransport = .http, at local: String = "127.0.0.1"
    ) -> Result<AnnounceAnswer, TrackerFailure> {
        announce(
            peer.request, from: Endpoint(address: address(peer.ip), port: 50_000), localAddress: address(local),
            transport: transport)
    }

    /// The endpoints an announce is answered with, as text; nil when it is refused.
    func peers(
        for peer: Peer, over transport: TrackerTransport = .http, at local: String = "127.0.0.1"
    ) -> Set<String>? {
        (try? announce(peer, over: transport, at: local).get()).map { Set($0.peers.map(\.description)) }
    }

    /// Runs as many expiry steps as any swarm of these tests needs.
    func expireAll() { for _ in 0..<20 { expire() } }
}
