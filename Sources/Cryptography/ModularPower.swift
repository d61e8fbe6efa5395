import CLibCrypto

/// Powers modulo a fixed odd number, as Diffie-Hellman needs them (OpenSSL's BN, Montgomery's method in constant time).
///
/// Making one does the work that depends on the modulus alone; one may be used from several threads at once.
public final class ModularPower: @unchecked Sendable {
    // Neither changes after the initialiser, and the calls only read them.
    private let modulus: OpaquePointer
    private let montgomery: OpaquePointer

    /// The length of the modulus, and so of every result, in bytes.
    public let byteCount: Int

    /// A modulus as a big-endian number; nil unless it is odd and greater than 1.
    public init?(modulus bytes: [UInt8]) {
        guard let modulus = BN_bin2bn(bytes, CInt(clamping: bytes.count), nil) else { return nil }
        guard BN_is_odd(modulus) == 1, BN_is_one(modulus) == 0, let montgomery = BN_MONT_CTX_new() else {
            BN_free(modulus)
            return nil
        }
        self.modulus = modulus
        self.montgomery = montgomery
        byteCount = Int(BN_num_bits(modulus) + 7) / 8
        let context = BN_CTX_new()
        defer { BN_CTX_free(context) }
        guard BN_MONT_CTX_set(montgomery, modulus, context) == 1 else { return nil }
    }

    deinit {
        BN_MONT_CTX_free(montgomery)
        BN_free(modulus)
    }

    /// `base` to the power of `exponent`, both big-endian, as `byteCount` bytes; nil when the base is not in
    /// 2...(modulus - 2), where the power of an honest peer never lies, or memory is out.
    public func raise(_ base: [UInt8], to exponent: SecretBytes) -> SecretBytes? {
        guard base.count <= byteCount, let base = BN_bin2bn(base, CInt(clamping: base.count), nil) else { return nil }
        defer { BN_free(base) }
        guard isInRange(base) else { return nil }
        let power = exponent.withBytes { bytes in
            BN_bin2bn(bytes.bindMemory(to: UInt8.self).baseAddress, CInt(clamping: bytes.count), nil)
        }
        guard let power else { return nil }
        defer { BN_clear_free(power) }
        return raise(base, to: power)
    }

    private func raise(_ base: OpaquePointer, to power: OpaquePointer) -> SecretBytes? {
        guard let context = BN_CTX_new(), let result = BN_new() else { return nil }
        defer {
            BN_clear_free(result)
            BN_CTX_free(context)
        }
        guard BN_mod_exp_mont_consttime(result, base, power, modulus, context, montgomery) == 1 else { return nil }
        let secret = SecretBytes(count: byteCount)
        let written = secret.withMutableBytes { bytes in
            BN_bn2binpad(result, bytes.bindMemory(to: UInt8.self).baseAddress, CInt(clamping: bytes.count))
        }
        return written == CInt(clamping: byteCount) ? secret : nil
    }

    private func isInRange(_ base: OpaquePointer) -> Bool {
        guard BN_is_zero(base) == 0, BN_is_one(base) == 0, let most = BN_dup(modulus) else { return false }
        defer { BN_free(most) }
        return BN_sub_word(most, 2) == 1 && BN_cmp(base, most) <= 0
    }
}
