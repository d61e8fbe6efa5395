/// How much of what one peer came to hold was given to it by others: a pure count of bytes.
///
/// Blocks of unfinished pieces are sent before the peer tells to hold them, so the difference falls now and then; only a
/// new height counts.
struct ExchangeMeter: Equatable, Sendable {
    private var height: Int64 = 0

    /// Notes, both in bytes since the connection began, what the peer came to hold by its own word and what it was sent.
    ///
    /// - Returns: the bytes from others since the last call.
    mutating func note(gained: Int64, sent: Int64) -> UInt64 {
        let (fromOthers, overflow) = gained.subtractingReportingOverflow(sent)
        guard !overflow, fromOthers > height else { return 0 }
        defer { height = fromOthers }
        return UInt64(fromOthers - height)
    }
}
