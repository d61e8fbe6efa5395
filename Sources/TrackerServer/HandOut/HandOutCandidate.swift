/// One peer that may be handed out, reduced to what the rule looks at: 8 bytes.
package struct HandOutCandidate: Equatable, Sendable {
    /// Where the peer stands; the rule does not look at it.
    package let slot: UInt32
    /// What it is believed to have uploaded: a code that grows with the bytes.
    package let credit: UInt16
    /// How long ago it was last handed out, in steps of `HandOutTime.step` seconds; 255 when it never was.
    package let rest: UInt8
    /// It says that it has downloaded, and uploaded nothing.
    package let onlyTakes: Bool

    package init(slot: UInt32, credit: UInt16, rest: UInt8, onlyTakes: Bool = false) {
        self.slot = slot
        self.credit = credit
        self.rest = rest
        self.onlyTakes = onlyTakes
    }
}
