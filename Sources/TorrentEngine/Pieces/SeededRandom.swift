/// A small generator whose numbers follow from its seed (SplitMix64): picks are repeatable. Not for secrets.
struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 when there is none. Slightly uneven for huge bounds, which picking forgives.
    mutating func index(below bound: Int) -> Int {
        bound > 0 ? Int(truncatingIfNeeded: (next() >> 1) % UInt64(bound)) : 0
    }
}
