import ByteCoding
import Testing

@testable import Site

@Suite struct ClientNameTests {
    @Test(arguments: [
        ("-TR3000-", "Transmission 3.00"), ("-TR2940-", "Transmission 2.94"), ("-TR4060-", "Transmission 4.0.6"),
        ("-TR4100-", "Transmission 4.1.0"), ("-TR300Z-", "Transmission 3.00"),
        ("-LT2010-", "libtorrent 2.0.1"), ("-LT20B0-", "libtorrent 2.0.11"), ("-lt0D80-", "rTorrent 0.13.8"),
        ("-qB4630-", "qBittorrent 4.6.3"), ("-qB5010-", "qBittorrent 5.0.1"), ("-qB33A0-", "qBittorrent 3.3.10"),
        ("-UT355W-", "µTorrent 3.5.5"), ("-DE203s-", "Deluge 2.0.3"), ("-DE2110-", "Deluge 2.1.1"),
        ("A2-1-36-", "aria2 1.36"), ("A2-1-36-0-abcdefghij", "aria2 1.36.0"), ("-A21360-", "aria2 1.3.6"),
        ("-AZ5750-", "Vuze 5.7.5"), ("-BI3600-", "BiglyBT 3.6"), ("-WW0102-", "WebTorrent 1.2"),
        ("-BC0196-", "BitComet 1.96"), ("-KT5190-", "KTorrent 5.1.9"), ("-RS0100-", "Reelswarm 0.1"),
        ("M7-10-5-", "BitTorrent 7.10.5"), ("-TR3000-abcdefghijkl", "Transmission 3.00"),
    ])
    func knownHeadsHaveNames(_ head: String, _ name: String) { #expect(ClientName.words(head) == name) }

    @Test(arguments: [
        ("", "Unknown client"), ("   ", "Unknown client"), ("-XX0000-", "-XX0000-"), ("-TR", "-TR"),
        ("Transmission 3.00", "Transmission 3.00"), ("qBittorrent/4.6.3", "qBittorrent/4.6.3"),
        ("-TR....-", "Transmission"), ("A2-x-y-z", "A2-x-y-z"), ("M------x", "M------x"), ("Mallory!", "Mallory!"),
        ("a\u{0}b\nc", "a b c"), (String(repeating: "x", count: 500), String(repeating: "x", count: 60)),
        ("-é0000-", "-é0000-"),
    ])
    func unknownHeadsStayText(_ head: String, _ shown: String) { #expect(ClientName.words(head) == shown) }

    /// No head of eight bytes may trap or come out empty.
    @Test func anyHeadHasAName() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random) : "-0A2TRM".utf8.randomElement() ?? 0
            }
            #expect(!ClientName.words(String(decoding: bytes, as: UTF8.self)).isEmpty)
        }
    }

    @Test(arguments: [
        ("198.51.100.7:6881", "198.51.…", "198.51.100.7:6881"),
        ("[2001:db8:1::5]:6881", "2001:db8:…", "[2001:db8:1::5]:6881"), ("[fe80::1]:1", "fe80:0:…", "[fe80::1]:1"),
        ("192.168.1.9:5000", "192.168.…", "192.168.1.9:5000"), ("127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1:5000"),
        ("[::1]:5000", "[::1]:5000", "[::1]:5000"), ("[::ffff:198.51.100.7]:9", "198.51.…", "198.51.100.7:9"),
    ])
    func addressesAreShortened(_ text: String, _ short: String, _ whole: String) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(AddressWords(isWhole: false).words(endpoint) == short)
        #expect(AddressWords(isWhole: true).words(endpoint) == whole)
    }

    @Test func agesAreSaid() {
        #expect(AgeWords.ago(nil) == "never" && AgeWords.ago(0) == "just now" && AgeWords.ago(-5) == "just now")
        #expect(AgeWords.ago(2) == "2 seconds ago" && AgeWords.ago(60) == "1 minute ago")
        #expect(AgeWords.ago(7199) == "1 hour ago" && AgeWords.ago(.max).hasSuffix("days ago"))
        #expect(
            AgeWords.ahead(nil) == "not planned" && AgeWords.ahead(0) == "now" && AgeWords.ahead(90) == "in 1 minute")
        #expect(PercentWords.of(0.999) == "99 %" && PercentWords.of(7) == "100 %" && PercentWords.of(.nan) == nil)
        #expect(PercentWords.of(-.infinity) == "0 %" && PercentWords.of(nil) == nil)
    }
}
