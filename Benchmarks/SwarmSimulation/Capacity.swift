/// What a peer's line carries, in bytes a second.
struct Capacity: Equatable {
    let down: Double
    let up: Double

    init(downKilobits: Double, upKilobits: Double) {
        down = downKilobits * 125
        up = upKilobits * 125
    }

    /// The mix of access lines of Bharambe, Herley, Padmanabhan, "Analyzing and Improving a BitTorrent Network's
    /// Performance Mechanisms" (2006), after measurements of Gnutella's peers.
    static func draw(_ random: inout SeededRandom) -> Capacity {
        switch random.fraction() {
        case ..<0.20: Capacity(downKilobits: 784, upKilobits: 128)
        case ..<0.60: Capacity(downKilobits: 1_500, upKilobits: 384)
        case ..<0.85: Capacity(downKilobits: 3_000, upKilobits: 1_000)
        default: Capacity(downKilobits: 10_000, upKilobits: 5_000)
        }
    }

    /// Uploads under way at one time, as the mainline client 4 set them by the rate.
    var uploadSlots: Int {
        let rate = up / 1_000
        switch rate {
        case ..<9: return 2
        case ..<15: return 3
        case ..<42: return 4
        default: return Int((rate * 0.6).squareRoot())
        }
    }
}

extension Capacity {
    var withoutUpload: Capacity { Capacity(downKilobits: down / 125, upKilobits: 0) }
}
