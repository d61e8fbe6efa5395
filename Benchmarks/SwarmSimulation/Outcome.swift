/// What came out of one run: completion times in seconds.
struct Outcome: Sendable {
    var all: [Double] = []
    /// Only those of peers that upload.
    var givers: [Double] = []
}
