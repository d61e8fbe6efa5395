/// How much of a torrent a peer has, in 254 steps; zero when it is not known. Pure.
enum CoarseProgress {
    static let unknown: UInt8 = 0
    static let complete: UInt8 = 255

    /// The step of what is left of a size, rounded down: only nothing left is complete.
    static func encode(left: UInt64, of size: UInt64?) -> UInt8 {
        if left == 0 { return complete }
        guard let size, size > 0 else { return unknown }
        let part = 1 - Double(min(left, size)) / Double(size)
        return 1 + UInt8(min(253, max(0, (part * 254).rounded(.down))))
    }

    /// The share, 0...1; nil when it is not known.
    static func decode(_ step: UInt8) -> Double? {
        step == unknown ? nil : Double(step - 1) / 254
    }
}
