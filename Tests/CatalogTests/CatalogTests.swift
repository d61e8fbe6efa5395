import Testing

@testable import Catalog

@Suite struct CatalogTests {
    /// D12
    @Test(arguments: [
        "0", "-1", "", "1;", "1e3", "+1", "01", " 1", "9223372036854775808",
        "99999999999999999999", "½", "a-b",
    ])
    func idsThatAreNone(text: String) { #expect(VideoID(text) == nil) }

    @Test(arguments: ["1", "2147483648", "9223372036854775807"])
    func idsAreTheirDigits(text: String) { #expect(VideoID(text)?.description == text) }

    @Test(arguments: [
        ("My Holiday 2024!", "my-holiday-2024"), ("  --Ünïcode Straße-- ", "uenicode-strasse"), ("日本", "video"),
        ("../../etc/passwd", "etc-passwd"), ("a'b", "ab"), ("e\u{301}a", "ea"),
    ]) func slugsFromTitles(title: String, slug: String) { #expect(Slug.from(title: title).rawValue == slug) }

    @Test func longSlugsKeepRoomForASuffix() {
        let slug = Slug.from(title: String(repeating: "ab ", count: 200))
        #expect(slug.rawValue.count <= 60)
        #expect(slug.appending(suffix: "abcdef12").rawValue.hasSuffix("-abcdef12"))
        let full = Slug(String(repeating: "a", count: 80))
        #expect(full?.appending(suffix: "2").rawValue.count == 80)
    }

    @Test(arguments: ["", "A", "a b", "a.b", "ä", String(repeating: "a", count: 81)])
    func slugsThatAreNone(text: String) { #expect(Slug(text) == nil) }

    @Test(arguments: ["", "   ", "a\nb", "a\u{0}", "a\u{202E}b", String(repeating: "x", count: 201)])
    func titlesThatAreNone(text: String) { #expect(throws: CatalogError.self) { try Title(text) } }

    @Test func textIsTrimmedAndItsLinesUnified() throws {
        #expect(try Title("  Ein Film 🎬 ").rawValue == "Ein Film 🎬")
        #expect(try Description("one\r\ntwo\rthree\n").rawValue == "one\ntwo\nthree")
        #expect(throws: CatalogError.self) { try Description("a\u{1B}[31m") }
    }

    @Test func tagsAreLoweredAndSingle() throws {
        #expect(try Tag.parse(commaSeparated: " Film, music ,, FILM,\u{20}").map(\.rawValue) == ["film", "music"])
        #expect(throws: CatalogError.self) { try Tag.list((0...20).map { "tag\($0)" }) }
        #expect(throws: CatalogError.self) { try Tag("a,b") }
    }

    @Test(
        arguments: [
            "", "a b", "a/b", "a\u{0}", "<script>", String(repeating: "x", count: 41), ".", "..", "-", "_a", "\u{301}a",
        ])
    func userNamesThatAreNone(text: String) { #expect(throws: CatalogError.self) { try UserName(text) } }

    @Test(arguments: ["admin", "Jörg.M-2", "名前", "7", "a.."])
    func userNames(text: String) throws { #expect(try UserName(text).rawValue == text) }

    @Test func rolesAreOrdered() {
        #expect(Role.viewer < .publisher && .publisher < .admin)
    }

    @Test func queriesHaveLimits() throws {
        #expect(throws: CatalogError.self) { try LibraryQuery(search: String(repeating: "x", count: 257)) }
        #expect(throws: CatalogError.self) { try LibraryQuery(page: 0) }
        #expect(throws: CatalogError.self) { try LibraryQuery(page: .max) }
        #expect(throws: CatalogError.self) { try LibraryQuery(perPage: -1) }
        #expect(throws: CatalogError.self) { try LibraryQuery(search: "a\u{0}") }
        #expect(try LibraryQuery(search: "  ", tag: " ").search == nil)
    }

    @Test(arguments: [
        "udp://tracker.example:6969/announce", "https://t.example/announce.php?passkey=1",
        "http://[2001:db8::1]:80/a",
        "http://127.0.0.1:6969/announce", "udp://[::1]:6969",
    ]) func trackerURLs(text: String) throws { #expect(try TrackerURL(text).rawValue == text) }

    @Test(arguments: [
        "", "ftp://a/b", "udp://tracker.example/announce", "http://", "http:///announce", "http://a:0/",
        "http://a:65536/",
        "http://a:1x/", "http://user@a/announce", "http://a/announce#x", "http://a/announce?info_hash=x",
        "http://a/?a=1&Event=stopped", "http://localhost:6969/tracker", "http://127.1.2.3/x", "http://a b/",
        "http://ä/",
        "http://a\"b/", "javascript:alert(1)", "http://[::1/announce", "http://" + String(repeating: "a", count: 500),
    ]) func trackerURLsThatAreRefused(text: String) { #expect(throws: CatalogError.self) { try TrackerURL(text) } }

    @Test func tiersAreLinesAndEmptyLines() throws {
        let text = "udp://a:1\r\nudp://b:1\r\n\r\n\r\nHTTP://c/announce\nudp://a:1\n"
        let tiers = try TrackerTiers(text: text)
        #expect(tiers.tiers == [["udp://a:1", "udp://b:1"], ["http://c/announce"]])
        #expect(try TrackerTiers(text: tiers.text) == tiers)
        #expect(try TrackerTiers(text: " \n ").isEmpty)
    }

    @Test func settingsAreChecked() throws {
        #expect(throws: CatalogError.self) { try SettingsChanges(uploadLimit: 0) }
        #expect(throws: CatalogError.self) { try SettingsChanges(siteName: " ") }
        let changed = try SettingsChanges(bittorrentEnabled: false, siteName: " My site ").applied(to: SiteSettings())
        #expect(changed == SiteSettings(bittorrentEnabled: false, siteName: "My site"))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_795_231_500, "2026-11-21T03:25:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] as [(Int64, String)]) func timesInUTC(seconds: Int64, text: String)
    {
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test func extremeTimesDoNotTrap() {
        #expect(!Timestamp(microseconds: .min).description.isEmpty)
        #expect(!Timestamp(seconds: .max).description.isEmpty)
    }

    @Test func pagesCount() {
        let page = Page(items: [1], number: 3, perPage: 10, total: 21)
        #expect(page.pageCount == 3 && !page.hasNext && page.hasPrevious)
        #expect(Page<Int>(items: [], number: 1, perPage: 10, total: 0).pageCount == 1)
    }
}
