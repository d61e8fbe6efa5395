import ByteCoding

/// What is remembered of one address of one client: 20 bytes for IPv4, 32 for IPv6.
struct PeerEntry<Address: PeerAddress>: Sendable {
    let address: Address
    let port: UInt16
    /// The last announce: seconds, modulo 65,536.
    var seen: UInt16
    /// A hash of the peer id: equal for all addresses of a client.
    let peerTag: UInt32
    /// A hash of the announce key (BEP 7); zero without one.
    let keyTag: UInt32
    var marks: PeerMarks

    var endpoint: Endpoint { Endpoint(address: address.address, port: port) }

    /// Seconds since the last announce.
    func silence(at now: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: now) &- seen }

    func isSameClient(peerTag: UInt32, keyTag: UInt32) -> Bool {
        self.peerTag == peerTag || (keyTag != 0 && self.keyTag == keyTag)
    }
}

/// What is true of a peer.
struct PeerMarks: OptionSet, Sendable {
    let rawValue: UInt8

    static let seeder = PeerMarks(rawValue: 1)
    static let partialSeed = PeerMarks(rawValue: 2)
    /// This entry stands for its client in the counts; the client's other entries do not.
    static let counted = PeerMarks(rawValue: 4)
    /// The client has, or had, other entries.
    static let paired = PeerMarks(rawValue: 8)
    /// Its completion has been counted.
    static let completed = PeerMarks(rawValue: 16)
    /// The scope of its address, so that it need not be worked out for every asker.
    static let loopback = PeerMarks(rawValue: 32)
    static let `private` = PeerMarks(rawValue: 64)
    static let unusable = PeerMarks(rawValue: 128)

    static let status: PeerMarks = [.seeder, .partialSeed]
    static let scopes: PeerMarks = [.loopback, .private, .unusable]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(scope: AddressScope) {
        switch scope {
        case .loopback: self = .loopback
        case .private: self = .private
        case .public: self = []
        case .unusable: self = .unusable
        }
    }
}
