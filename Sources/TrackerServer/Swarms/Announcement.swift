import ByteCoding

/// What an announce says, checked and reduced to what a swarm needs.
struct Announcement {
    /// What the client is doing.
    enum Role { case leeching, partialSeeding, seeding, leaving }

    let address: IPAddress
    let port: UInt16
    let scope: AddressScope
    let peerTag: UInt32
    let keyTag: UInt32
    /// The number of its peer id's head in `ClientHeads`.
    var client: UInt16 = 0
    var role: Role
    /// Whether it may be that of a partial seed, which has no word for it: UDP has no `paused` (BEP 15, BEP 21).
    var mayBePaused = false
    /// Bytes still missing.
    var left: UInt64 = 1
    /// What it says it has uploaded and downloaded, codes of `CoarseCount`.
    var uploaded: UInt16 = 0
    var downloaded: UInt16 = 0
    /// Whether it says that it has just finished downloading.
    let hasCompleted: Bool
    /// Whether it leaves with everything: aria2 says `stopped` with `left=0` at the end of a quick download, and never
    /// `completed`.
    let leavesComplete: Bool
    /// How many peers it may get.
    let wanted: Int
    /// Whether peers of both address families may be in the answer: over UDP it has room for one.
    let takesBothFamilies: Bool
    /// Where the announce arrived.
    let localAddress: IPAddress

    /// Whether it may still be without the metadata: clients that come with a magnet link, such as aria2, say `left=0`
    /// in their first announce because they do not know the size. They need seeders.
    let mayLackMetadata: Bool

    /// Whether it wants no data, and so no peers that want none either.
    var wantsNoData: Bool { (role == .seeding || role == .partialSeeding) && !mayLackMetadata }

    var marks: PeerMarks {
        switch role {
        case .seeding: PeerMarks(scope: scope).union(.seeder)
        case .partialSeeding: PeerMarks(scope: scope).union(.partialSeed)
        case .leeching, .leaving: PeerMarks(scope: scope)
        }
    }

    /// Whether an address of a scope may be handed to this asker: loopback ones only to loopback askers, private ones
    /// only to private askers.
    func mayGet(_ other: AddressScope) -> Bool {
        switch other {
        case .public: true
        case .loopback: scope == .loopback
        case .private: scope == .private
        case .unusable: false
        }
    }
}
