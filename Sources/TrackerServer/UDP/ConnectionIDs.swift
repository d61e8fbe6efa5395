import ByteCoding
import Cryptography

/// Connection ids that prove a source address without being remembered (BEP 15): 16 bits of time and 48 bits of a keyed
/// code over the whole time and the address. The key is new with every start.
struct ConnectionIDs: Sendable {
    /// How long an id is taken, in seconds; clients use it for half of that.
    static let lifetime: UInt16 = 120

    private let code = SipHash()

    /// The id for a source address at a time in seconds.
    func id(for address: IPAddress, at time: UInt32) -> UInt64 {
        let (high, low) = address.v6Halves
        return UInt64(time & 0xffff) << 48 | code.code(UInt64(time), high, low) >> 16
    }

    /// Whether an id was given to this address within the last two minutes; an id from the future never was.
    func isValid(_ id: UInt64, for address: IPAddress, now: UInt32) -> Bool {
        let age = UInt16(truncatingIfNeeded: now) &- UInt16(truncatingIfNeeded: id >> 48)
        guard age <= Self.lifetime else { return false }
        return constantTimeEqual(self.id(for: address, at: now &- UInt32(age)), id)
    }
}
