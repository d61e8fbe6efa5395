import Testing

@testable import Accounts

@Suite struct NameAndPasswordTests {
    /// HAZARDS S08.
    @Test(arguments: [(7, false), (8, true), (64, true), (1024, true), (1025, false)])
    func countsBytes(count: Int, isAllowed: Bool) {
        let bytes = try? PasswordRule.bytes(of: String(repeating: "x", count: count))
        #expect((bytes != nil) == isAllowed)
    }

    @Test func takesExactBytes() throws {
        let composed = try PasswordRule.bytes(of: "caf\u{E9} secret")
        let decomposed = try PasswordRule.bytes(of: "cafe\u{301} secret")
        #expect(composed != decomposed)
        #expect(try PasswordRule.bytes(of: "nul\0inside").contains(0))
        #expect(try PasswordRule.bytes(of: "\r\n\r\n\r\n\r\n").count == 8)
    }

    /// HAZARDS S22.
    @Test(arguments: [
        ("ren\u{E9}", "rene\u{301}"), ("admin", "\u{430}dmin"), ("Admin", "aDMIN"), ("\u{3BF}lga", "olga"),
    ]) func looksAlike(one: String, other: String) {
        #expect(NameLook(one) == NameLook(other))
    }

    @Test(arguments: [("rene", "ren\u{E9}"), ("ann", "anne"), ("иван", "петр")])
    func looksDifferent(one: String, other: String) {
        #expect(NameLook(one) != NameLook(other))
    }
}
