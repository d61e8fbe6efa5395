import CLibCrypto

/// Whether two secrets are equal, in a time that depends only on their lengths.
public func constantTimeEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return CRYPTO_memcmp(first, second, first.count) == 0
}

/// Whether two secrets are equal, in a time that does not depend on them.
public func constantTimeEqual(_ first: UInt64, _ second: UInt64) -> Bool {
    var difference = first ^ second
    // Folding keeps the compiler from comparing halves one after the other on narrower machines.
    difference |= difference >> 32
    return UInt32(truncatingIfNeeded: difference) == 0
}
