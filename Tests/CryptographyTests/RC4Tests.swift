import ByteCoding
import Cryptography
import Testing

@Suite struct RC4Tests {
    private func cipher(_ key: [UInt8], discarding: Int = 0) -> RC4 {
        RC4(key: SecretBytes(copying: key), discarding: discarding)
    }

    /// RFC 6229, section 2: 40-bit, 128-bit and 256-bit keys, at the offsets it lists.
    @Test(arguments: [
        ("0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8"),
        ("0102030405", 1024, "30abbcc7c20b01609f23ee2d5f6bb7df"),
        ("0102030405060708090a0b0c0d0e0f10", 0, "9ac7cc9a609d1ef7b2932899cde41b97"),
        ("0102030405060708090a0b0c0d0e0f10", 1024, "bdf0324e6083dcc6d3cedd3ca8c53c16"),
        ("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 0, "eaa6bd25880bf93d3f5d1e4ca2611d91"),
    ]) func agreesWithTheStandardsVectors(key: String, offset: Int, stream: String) throws {
        let key = try #require(Hex.decode(key))
        #expect(Hex.encode(cipher(key, discarding: offset).keyStream(16)) == stream)
    }

    @Test func encryptsInPlaceAndBack() {
        let text = Array("Plaintext".utf8)
        var bytes = text
        cipher(Array("Key".utf8)).apply(to: &bytes)
        #expect(Hex.encode(bytes) == "bbf316e8d940af0ad3")
        cipher(Array("Key".utf8)).apply(to: &bytes)
        #expect(bytes == text)
    }

    @Test func theStreamGoesOnOverSeveralCalls() {
        let whole = cipher([1, 2, 3]).keyStream(1_000)
        let parts = cipher([1, 2, 3])
        let first = parts.keyStream(333)
        parts.skip(67)
        #expect(first == Array(whole.prefix(333)))
        #expect(parts.keyStream(600) == Array(whole.suffix(600)))
        #expect(parts.keyStream(0).isEmpty)
    }

    @Test func aSpanIsEncryptedInPart() {
        let stream = cipher([7]).keyStream(10)
        var bytes = [UInt8](repeating: 0, count: 10)
        let parts = cipher([7])
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        parts.apply(toFirst: 4, of: &raw)
        #expect(bytes == Array(stream.prefix(4)) + [0, 0, 0, 0, 0, 0])
        var all = [UInt8](repeating: 0, count: 6)
        var allSpan = all.mutableSpan
        var allRaw = allSpan.mutableBytes
        parts.apply(toFirst: 100, of: &allRaw)
        #expect(all == Array(stream.suffix(6)))
    }

    @Test func theStateIsWiped() {
        let cipher = cipher([1, 2, 3])
        #expect(!cipher.isWiped)
        cipher.wipe()
        #expect(cipher.isWiped)
    }

    @Test func secretsAreWiped() {
        let secret = SecretBytes.random(64)
        #expect(!secret.isZero)
        #expect(secret.copy().count == 64)
        secret.wipe()
        #expect(secret.isZero)
        #expect(SecretBytes(count: -1).count == 0)
    }

    @Test func aDigestCanBeKeptSecret() {
        var hasher = SHA1Hasher()
        hasher.update(SecretBytes(copying: Array("abc".utf8)))
        #expect(hasher.finalizeSecret().copy() == Digest.sha1(Array("abc".utf8)))
        #expect(hasher.finalize() == Digest.sha1([]))
    }
}
