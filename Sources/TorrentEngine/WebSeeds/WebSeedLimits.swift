import Dialling

/// What is put up with from web seeds.
struct WebSeedLimits: Sendable {
    /// The most bytes asked for at once.
    var spanBytes = 4 << 20
    /// The most fetches of one URL under way at once.
    var fetchesAtOnce = 2
    /// The most bytes read past to reach those wanted, where a server does not take ranges.
    var skippedBytes: Int64 = 8 << 20
    /// The most bytes read past altogether, before such a server is given up.
    var skippedBytesInTotal: Int64 = 64 << 20
    /// How long a server rests after its first failure; twice as long after each further one.
    var firstRest = Duration.seconds(2)
    /// The longest it rests, also where it asks for longer itself.
    var longestRest = Duration.seconds(30 * 60)
    /// How long it may take to answer and be silent.
    var terms = StreamTerms()
}
