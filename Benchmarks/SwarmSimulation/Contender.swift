import TrackerServer

/// A way of handing out in the comparison.
struct Contender: Sendable {
    let name: String
    /// Nil for uniformly random peers, which the simulation draws from all: what the others are measured against.
    let rule: HandOutRule?
    var mix = HandOutMix.standard

    static let uniform = Contender(name: "uniformly random", rule: nil)

    /// The tracker's rules; of `mixed` as many as there are mixes, or the one the tracker uses.
    static func rules(_ mixes: [HandOutMix]) -> [Contender] {
        guard mixes.isEmpty else {
            return mixes.map { Contender(name: "mixed \($0.uploaders)/\($0.rested)", rule: .mixed, mix: $0) }
        }
        return HandOutRule.allCases.map { Contender(name: $0.rawValue, rule: $0) }
    }
}
