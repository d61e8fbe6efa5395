/// What a shard keeps for choosing peers: chance, and space for the candidates of one answer, used again for the next.
struct HandOutDesk: Sendable {
    var random: FastRandom
    var mix = HandOutMix.standard
    var candidates: [HandOutCandidate] = []

    init(seed: UInt64) {
        random = FastRandom(seed: seed)
        candidates.reserveCapacity(HandOutWindow.largest)
    }
}
