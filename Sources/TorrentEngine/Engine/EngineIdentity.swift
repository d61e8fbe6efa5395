import ByteCoding
import Cryptography
import Dialling
import Metainfo

/// Who we are on the wire, and how we recognise ourselves.
struct EngineIdentity: Sendable {
    let peerID: PeerID
    let clientName: String
    /// The listening port; 0 until the engine listens.
    var port: UInt16 = 0
    /// What stays the same for trackers when our address changes (BEP 7).
    let key = UInt32.random(in: 0...UInt32.max)
    private let addresses: Set<IPAddress>

    init(configuration: EngineConfiguration) {
        peerID = Self.makePeerID(prefix: configuration.peerIDPrefix)
        clientName = configuration.clientName
        addresses = LocalAddresses.current()
    }

    /// True for our own port at an address of this machine.
    func isOurs(_ endpoint: Endpoint) -> Bool {
        guard endpoint.port == port else { return false }
        return endpoint.address.scope == .loopback || addresses.contains(endpoint.address)
    }

    /// The prefix and random bytes after it, 20 together (BEP 20).
    private static func makePeerID(prefix: String) -> PeerID {
        let start = Array(prefix.utf8.prefix(PeerID.byteCount))
        let bytes = start + SecureRandom.bytes(PeerID.byteCount - start.count)
        var reader = ByteReader(unsafe bytes.span.bytes)
        // 20 bytes are always there; the other branch exists for the compiler.
        return (try? PeerID(from: &reader)) ?? makePeerID(prefix: "")
    }
}
