import Dialling
import TestSupport
import Testing

@Suite struct ServerURLTests {
    @Test(arguments: [
        ("http://Example.COM", "http://example.com:80/"),
        ("HTTPS://example.com/a?b=c", "https://example.com:443/a?b=c"),
        ("http://example.com:8080?x", "http://example.com:8080/?x"), ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]:80/"), ("http://1.2.3.4/%41", "http://1.2.3.4:80/%41"),
        ("http://a_b.example./x;y", "http://a_b.example.:80/x;y"),
    ]) func readsAndRebuilds(text: String, whole: String) throws {
        let url = try #require(ServerURL(text))
        #expect(url.text == whole)
        #expect(ServerURL(url.text) == url)
    }

    @Test(arguments: [
        "", "http", "http:", "http:/", "http://", "http:///x", "ftp://example.com/", "file:///etc/passwd",
        "gopher://example.com", "http://user@example.com/", "http://user:pw@example.com/", "http://example.com@evil/",
        "http://example.com#x", "http://example.com/#x", "http://example.com:0/", "http://example.com:65536/",
        "http://example.com:+80/", "http://example.com:/", "http://example.com:80:80/", "http://[::1/",
        "http://[::1]x/",
        "http://[1.2.3.4]/", "http://[fe80::1%25eth0]/", "http://ex ample.com/", "http://example.com/a b",
        "http://example.com/\u{e9}", "http://\u{ff11}27.0.0.1/", "http://example\u{3002}com/",
        "http://example.com\\evil/",
        "http://example.com/a\\b", "http://example.com/%4", "http://example.com/%zz", "http://example.com/a\r\nb",
        "http://exa%6dple.com/", "http://a\0b/", "http://\(String(repeating: "a", count: 254))/",
        "http://example.com/\(String(repeating: "a", count: 8_192))", "//example.com/", "javascript:alert(1)",
    ]) func refusesWhatIsNotStrict(text: String) {
        #expect(ServerURL(text) == nil)
    }

    @Test func schemesMayNeedAPort() throws {
        let ports: [String: UInt16?] = ["udp": UInt16?.none]
        #expect(ServerURL("udp://example.com/announce", ports: ports) == nil)
        #expect(ServerURL("udp://example.com:6969/announce", ports: ports)?.port == 6_969)
        #expect(ServerURL("http://example.com/", ports: ports) == nil)
    }

    @Test(
        arguments: [
            ("http://other.example/x", "http://other.example:80/x"), ("https://a.example", "https://a.example:443/"),
            ("//b.example:81/y", "http://b.example:81/y"), ("/z", "http://a.example:8080/z"),
            ("?q=1", "http://a.example:8080/d/e?q=1"), ("f", "http://a.example:8080/d/f"),
            ("/z#part", "http://a.example:8080/z"), ("", "http://a.example:8080/d/e?old"),
            ("/x?u=http://b", "http://a.example:8080/x?u=http://b"),
            ("ftp://b.example/", nil), ("javascript:alert(1)", nil), ("http://user@b.example/", nil), ("/a b", nil),
            ("mailto:a", nil), ("http:evil", nil),
        ] as [(String, String?)]) func followsLocations(location: String, whole: String?) throws
    {
        let url = try #require(ServerURL("http://a.example:8080/d/e?old"))
        #expect(url.following(location: location)?.text == whole)
    }

    @Test func noTextTraps() {
        var random = SplitMix64(seed: 5)
        let pieces = [
            "http", "://", "[", "]", ":", "80", "/", "?", "#", "%", "4", "a", "@", "\\", "\u{e9}", "..", "::1",
        ]
        var read = 0
        for _ in 0..<20_000 {
            let text =
                "http://"
                + (0..<Int.random(in: 0...8, using: &random)).map { _ in
                    pieces[Int.random(in: pieces.indices, using: &random)]
                }.joined()
            guard let url = ServerURL(text) else { continue }
            read += 1
            #expect(ServerURL(url.text) == url)
            _ = url.following(location: String(text.reversed()))
        }
        #expect(read > 100)
    }
}
