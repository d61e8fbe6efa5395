/// The time at which a peer was last handed out, in one byte: steps of 16 s, which come round again after 68 minutes.
enum HandOutTime {
    static let step: UInt32 = 16
    /// The peer was never handed out.
    static let never: UInt8 = 0

    /// The code of a time, 1...255.
    static func code(_ now: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: now / step % 255 + 1) }

    /// Steps from `handed` to `now`, 0...254; 255 for `never`.
    static func rest(since handed: UInt8, at now: UInt8) -> UInt8 {
        guard handed != never else { return 255 }
        return now >= handed ? now - handed : 255 - (handed - now)
    }
}
