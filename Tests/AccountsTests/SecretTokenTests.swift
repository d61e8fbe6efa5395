import Cryptography
import Testing

@testable import Accounts

@Suite struct SecretTokenTests {
    /// RFC 4648 section 10, in the URL alphabet and without padding.
    @Test(
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg"), ([0xFB, 0xFF, 0xBF], "-_-_"),
        ] as [([UInt8], String)]) func encodesBase64URL(bytes: [UInt8], text: String)
    {
        #expect(SecretToken.base64URL(bytes) == text)
    }

    @Test func tokensHave256BitsAndDiffer() {
        let tokens = (0..<100).map { _ in SecretToken().text }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == SecretToken.textLength })
    }

    @Test func comesBackEqual() throws {
        let token = SecretToken()
        let again = try #require(SecretToken(presented: token.text))
        #expect(again.hash == token.hash)
        #expect(again.csrf == token.csrf)
        #expect(token.hash.count == 32)
        #expect(token.csrf != token.text)
    }

    @Test(arguments: [
        "", "short", String(repeating: "a", count: 42), String(repeating: "a", count: 44),
        String(repeating: "é", count: 43), String(repeating: "a", count: 42) + "=",
        String(repeating: "a", count: 42) + "\0", String(repeating: "a", count: 100_000),
    ]) func refusesWhatCannotBeOurs(text: String) {
        #expect(SecretToken(presented: text) == nil)
        #expect(SecretToken(bearer: text) == nil)
        #expect(SecretToken(bearer: "rs_" + text) == nil)
    }
}
