/// The table of one stream: buckets in strictly rising order of time, with `low` and `high` never falling.
///
/// A stream that has packets has one bucket per video key frame, at least one per half second that holds packets (at
/// the earliest of them), and a last one after all packets, whose `low` and `high` are both the stream's end.
public struct StreamIndex: Sendable, Equatable {
    /// What the stream carries.
    public var kind: StreamKind
    /// The buckets, earliest first.
    public var buckets: [Bucket]

    /// A table from its parts; the caller keeps the order.
    public init(kind: StreamKind, buckets: [Bucket]) {
        self.kind = kind
        self.buckets = buckets
    }
}
