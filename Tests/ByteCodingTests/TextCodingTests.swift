import ByteCoding
import TestSupport
import Testing

@Suite struct TextCodingTests {
    @Test(arguments: [("", ""), ("f", "66"), ("foobar", "666f6f626172"), ("\0\u{7f}", "007f")])
    func hex(plain: String, text: String) {
        #expect(Hex.encode(plain.utf8) == text)
        #expect(Hex.decode(text) == Array(plain.utf8))
        #expect(Hex.decode(text.uppercased()) == Array(plain.utf8))
    }

    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
    ])
    func base32(plain: String, padded: String) {
        let bare = String(padded.prefix { $0 != "=" })
        #expect(Base32.encode(plain.utf8) == bare)
        #expect(Base32.decode(padded) == Array(plain.utf8))
        #expect(Base32.decode(bare.lowercased()) == Array(plain.utf8))
    }

    /// RFC 4648 section 10, and the two characters that differ from base64.
    @Test(
        arguments: [
            ([], ""), ([102], "Zg=="), ([102, 111], "Zm8="), ([102, 111, 111], "Zm9v"), ([0xfb, 0xff, 0xfe], "-__-"),
            ([0xff, 0xff], "__8="),
        ] as [([UInt8], String)])
    func base64URL(bytes: [UInt8], padded: String) {
        let bare = String(padded.prefix { $0 != "=" })
        #expect(Base64URL.encode(bytes) == bare)
        #expect(Base64URL.decode(padded) == bytes)
        #expect(Base64URL.decode(bare) == bytes)
    }

    @Test(arguments: ["6", "6g", "0x", " 66", "६६", "66\u{301}"]) func refusesBadHex(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test(arguments: ["M", "MZX", "M1", "MZ", "MY=", "=MY", "MY=====M", "MZXW6Y=B", "MY==============", "É"])
    func refusesBadBase32(text: String) { #expect(Base32.decode(text) == nil) }

    @Test(arguments: ["Z", "Zh", "Zm9", "Zg=", "=Zg=", "Zg==Zg==", "Zm9v====", "+/+/", "Zm 9v"])
    func refusesBadBase64URL(text: String) { #expect(Base64URL.decode(text) == nil) }

    @Test func percentEncodesAllButUnreserved() {
        #expect(PercentEncoding.encode("aZ09-._~ /+%é") == "aZ09-._~%20%2F%2B%25%C3%A9")
        #expect(PercentEncoding.encode([0, 0xff]) == "%00%FF")
        #expect(PercentEncoding.encodePath("a b/ç?#/..") == "a%20b/%C3%A7%3F%23/..")
    }

    @Test func percentDecodes() {
        #expect(PercentEncoding.decode("a%20b+%c3%A9".utf8, plusIsSpace: false) == Array("a b+é".utf8))
        #expect(PercentEncoding.decode("a+b%2B".utf8, plusIsSpace: true) == Array("a b+".utf8))
        for broken in ["%", "%1", "%zz", "a%0", "%%41", "%4g"] {
            #expect(PercentEncoding.decode(broken.utf8, plusIsSpace: true) == nil)
        }
    }

    @Test func allFormsRoundTripAndNoTextTraps() {
        var random = SplitMix64(seed: 2)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(PercentEncoding.decode(PercentEncoding.encode(bytes).utf8, plusIsSpace: true) == bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            let decoded = [Hex.decode(text), Base32.decode(text), Base64URL.decode(text)]
            #expect(decoded.allSatisfy { $0 == nil || $0?.count ?? 0 <= length })
        }
    }
}
