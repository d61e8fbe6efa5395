import Cryptography
import Testing

/// Bytes as hex, without help from the module under test.
func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}

@Suite struct DigestTests {
    /// FIPS 180-2 examples.
    static let examples: [(String, String, String)] = [
        (
            "", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        (
            "abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test(arguments: examples) func knownAnswers(message: String, sha1: String, sha256: String) {
        let bytes = Array(message.utf8)
        #expect(hex(Digest.sha1(bytes)) == sha1)
        #expect(hex(Digest.sha256(bytes)) == sha256)
        #expect(Digest.sha1(bytes.span.bytes) == Digest.sha1(bytes))
        #expect(Digest.sha256(bytes.span.bytes) == Digest.sha256(bytes))
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000]) func partsGiveTheSameAsTheWhole(_ cut: Int) {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var sha1 = SHA1Hasher()
        var sha256 = SHA256Hasher()
        // Twice: a hasher starts again after each digest.
        for _ in 0..<2 {
            sha1.update(Array(message[..<cut]))
            sha1.update(Array(message[cut...]))
            sha256.update(message.span.bytes.extracting(0..<cut))
            sha256.update(message.span.bytes.extracting(cut..<1000))
            #expect(sha1.finalize() == Digest.sha1(message))
            var out: [UInt8] = [1, 2, 3]
            sha256.finalize(appendingTo: &out)
            #expect(out == [1, 2, 3] + Digest.sha256(message))
        }
    }

    /// RFC 4231, cases 1, 2 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]) func hmacKnownAnswers(key: [UInt8], message: String, code: String) {
        #expect(hex(HMACSHA256.code(Array(message.utf8), key: key)) == code)
    }

    @Test func hmacWithAnEmptyKeyDoesNotReuseTheLastOne() {
        let first = HMACSHA256.code([1], key: [])
        _ = HMACSHA256.code([1], key: [9, 9])
        #expect(HMACSHA256.code([1], key: []) == first)
        #expect(hex(HMACSHA256.code([], key: [])) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    /// The reference implementation's vectors for 16 and 24 bytes under the key 00 01 .. 0f.
    @Test func sipHashKnownAnswers() {
        let code = SipHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
        let words: [UInt64] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 0x1716_1514_1312_1110]
        #expect(code.code(words[0], words[1]) == 0x3f2a_cc7f_57c2_9bdb)
        #expect(code.code(words[0], words[1], words[2]) == 0xb8ad_50c6_f649_af94)
        #expect(SipHash().code(1, 2) != SipHash().code(1, 2))
    }

    @Test func comparesSecrets() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(constantTimeEqual(UInt64.max, UInt64.max))
        #expect(!constantTimeEqual(UInt64(1) << 63, 0))
        #expect(!constantTimeEqual(UInt64(1), 0))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 32, 1000]) func randomBytesHaveTheAskedLength(_ count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
        if count >= 9 { #expect(SecureRandom.bytes(count) != SecureRandom.bytes(count)) }
    }
}
