import Bencode
import ByteCoding
import TestSupport
import Testing

@Suite struct BencodeDocumentTests {
    static func read(_ text: String, _ strictness: BencodeStrictness = .strict) throws -> BencodeDocument {
        try BencodeDocument(decoding: Array(text.utf8), strictness: strictness)
    }

    @Test func readsEveryKindOfValue() throws {
        let root = try Self.read("d1:ai-42e1:bl4:spami0ed1:xi1eee1:c0:e").root
        #expect(root["a"]?.integer == -42)
        #expect(root["c"]?.string == "")
        let list = try #require(root["b"]?.list.map(Array.init))
        #expect(list.count == 3)
        #expect(list[0].string == "spam")
        #expect(list[1].integer == 0)
        #expect(list[2]["x"]?.integer == 1)
        #expect(root["d"] == nil)
        #expect(root.dictionary.map { $0.map { String(decoding: $0.key, as: UTF8.self) } } == ["a", "b", "c"])
    }

    @Test func aValueKnowsItsExactBytes() throws {
        let root = try Self.read("d4:infod6:lengthi5e4:name1:xe1:zi1ee").root
        #expect(root["info"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "d6:lengthi5e4:name1:xe")
        #expect(root["info"]?.range == 7..<29)
        #expect(root.range == 0..<36)
    }

    @Test(arguments: ["i9223372036854775807e", "i-9223372036854775808e", "i0e", "i-1e", "i10e"])
    func readsIntegersOfEverySize(text: String) throws {
        let value = try #require(try Self.read(text).root.integer)
        #expect("i\(value)e" == text)
    }

    @Test(arguments: [
        ("i-0e", BencodeError.leadingZero(offset: 0)), ("i03e", .leadingZero(offset: 1)),
        ("i9223372036854775808e", .numberOutOfRange(offset: 0)),
        ("i-9223372036854775809e", .numberOutOfRange(offset: 0)),
        ("i1", .endOfBytes(offset: 2)), ("ie", .unexpectedByte(offset: 1)), ("i-e", .unexpectedByte(offset: 2)),
        ("i+1e", .unexpectedByte(offset: 1)), ("03:abc", .leadingZero(offset: 0)), ("4:abc", .endOfBytes(offset: 2)),
        ("99999999999999999999:", .numberOutOfRange(offset: 0)), ("5", .endOfBytes(offset: 1)),
        ("d1:b0:1:a0:e", .unsortedKey(offset: 6)), ("d1:a0:1:a0:e", .duplicateKey(offset: 6)),
        ("d0:0:0:0:e", .duplicateKey(offset: 5)), ("d1:ae", .unexpectedByte(offset: 4)),
        ("di1e1:ae", .unexpectedByte(offset: 1)), ("i1ei2e", .trailingBytes(offset: 3)),
        ("e", .unexpectedByte(offset: 0)), ("", .endOfBytes(offset: 0)), ("l", .endOfBytes(offset: 1)),
        ("x", .unexpectedByte(offset: 0)),
    ])
    func refuses(text: String, error: BencodeError) {
        #expect(throws: error) { try Self.read(text) }
    }

    @Test func aLenientReaderIgnoresTheOrderOfKeys() throws {
        let root = try Self.read("d1:bi1e1:ai2e1:ai3ee", .lenient).root
        #expect(root["b"]?.integer == 1)
        #expect(root["a"]?.integer == 2)
    }

    @Test func keepsItsLimits() throws {
        func read(_ text: String, _ limits: BencodeLimits) throws {
            _ = try BencodeDocument(decoding: Array(text.utf8), limits: limits)
        }
        try read("ll1:aee", BencodeLimits(bytes: 7, depth: 2, tokens: 3))
        #expect(throws: BencodeError.limitExceeded(offset: 0)) {
            try read("ll1:aee", BencodeLimits(bytes: 6, depth: 2, tokens: 3))
        }
        #expect(throws: BencodeError.limitExceeded(offset: 1)) {
            try read("ll1:aee", BencodeLimits(bytes: 7, depth: 1, tokens: 3))
        }
        #expect(throws: BencodeError.limitExceeded(offset: 2)) {
            try read("ll1:aee", BencodeLimits(bytes: 7, depth: 2, tokens: 2))
        }
    }

    @Test func hundredThousandListsDoNotOverflowAStack() {
        let deep = [UInt8](repeating: UInt8(ascii: "l"), count: 100_000)
        #expect(throws: BencodeError.limitExceeded(offset: 100)) { try BencodeDocument(decoding: deep) }
        let limits = BencodeLimits(bytes: 1 << 20, depth: .max, tokens: .max)
        #expect(throws: BencodeError.endOfBytes(offset: 100_000)) {
            try BencodeDocument(decoding: deep, limits: limits)
        }
    }

    @Test func readsAPrefixAndLeavesTheRest() throws {
        let document = try BencodeDocument(prefixOf: Array("d1:ai1eeDATA".utf8))
        #expect(document.byteCount == 8)
        #expect(document.root["a"]?.integer == 1)
    }

    @Test func noTruncationAndNoMutationTraps() throws {
        let good = Array("d8:announce3:url4:infod5:filesld6:lengthi7e4:pathl1:a1:beee4:name1:nee".utf8)
        for length in 0..<good.count {
            #expect(throws: BencodeError.self) { try BencodeDocument(decoding: Array(good[..<length])) }
        }
        var random = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            var bad = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let document = try? BencodeDocument(decoding: bad) else { continue }
            #expect(Self.reencoded(document.root).encoded() == bad)
        }
    }

    static func reencoded(_ value: BencodeValue) -> BencodeTree {
        if let integer = value.integer { return .integer(integer) }
        if let bytes = value.bytes { return .bytes(Array(bytes)) }
        if let list = value.list { return .list(list.map(reencoded)) }
        let entries = value.dictionary.map { $0.map { (Array($0.key), reencoded($0.value)) } } ?? []
        return .dictionary(Dictionary(entries, uniquingKeysWith: { first, _ in first }))
    }

    @Test func encodesWithSortedKeys() {
        let tree = BencodeTree.dictionary([
            "b": .integer(-1), "a": .list([.string("é"), .bytes([])]), "none": nil,
            "B": .encoded(Array("i7e".utf8)),
        ])
        #expect(String(decoding: tree.encoded(), as: UTF8.self) == "d1:Bi7e1:al2:é0:e1:bi-1ee")
    }

    @Test func agreesWithTheCasesOfOtherReaders() throws {
        for row in try Conformance.rows("bencode-cases") {
            guard let name = row["name"], let want = row["want"], !name.hasPrefix("path_") else { continue }
            var bytes = row["hex"].flatMap { Hex.decode($0) } ?? []
            if name == "depth_100000_lists" { bytes = [UInt8](repeating: UInt8(ascii: "l"), count: 100_000) }
            let isGood = (try? BencodeDocument(decoding: bytes)) != nil
            // Other readers nest deeper, and one reads a value in front of more bytes; both are refused here.
            let isStricter = name.hasPrefix("depth_") || want.hasPrefix("ok prefix")
            #expect(isGood == (want.hasPrefix("ok") && !isStricter), "\(name): \(want)")
        }
    }
}
