import ByteCoding

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
