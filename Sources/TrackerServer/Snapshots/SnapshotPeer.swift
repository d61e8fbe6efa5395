import ByteCoding

/// One address of a client as a snapshot holds it.
struct SnapshotPeer: Equatable, Sendable {
    var address: IPAddress
    var port: UInt16
    /// Seconds of silence when the snapshot was taken.
    var silence: UInt16
    var peerTag: UInt32
    var keyTag: UInt32
    /// Of them only `kept`.
    var marks: PeerMarks
    /// Codes of `CoarseCount`, and a step of `CoarseProgress`.
    var uploaded: UInt16
    var downloaded: UInt16
    var progress: UInt8
    /// The first eight bytes of the peer id; 0 when unknown.
    var head: UInt64

    /// The marks that are no consequence of the rest.
    static let kept: PeerMarks = [.seeder, .partialSeed, .counted, .completed]
}

extension SnapshotPeer {
    init<A>(_ entry: PeerEntry<A>, now: UInt32, heads: ClientHeads) {
        self.init(
            address: entry.address.address, port: entry.port, silence: entry.silence(at: now), peerTag: entry.peerTag,
            keyTag: entry.keyTag, marks: entry.marks.intersection(Self.kept), uploaded: entry.uploaded,
            downloaded: entry.downloaded, progress: entry.progress, head: heads.head(entry.client))
    }
}
