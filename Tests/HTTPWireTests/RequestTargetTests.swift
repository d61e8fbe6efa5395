import HTTPTypes
import HTTPWire
import Testing

@Suite struct RequestTargetTests {
    static func target(_ text: String, _ method: HTTPRequest.Method = .get) throws -> RequestTarget {
        try RequestTarget(Array(text.utf8).span, method: method)
    }

    /// H15.
    @Test(arguments: [
        "/%", "/%1", "/%zz", "/a%00b", "/a%0ab", "/%ff", "*", "a/b", "ftp://x/", "http://", "http:///a",
        "http://u:p@h/",
    ])
    func refuses(text: String) {
        #expect(throws: RequestError.self) { try Self.target(text) }
    }

    @Test(arguments: [
        ("/", "/"), ("//", "/"), ("/./..//", "/"), ("/a//b", "/a/b"), ("/a/../b/", "/b/"), ("/%61/%2E%2e/c", "/c"),
        ("/a/.", "/a/"), ("/../../etc/passwd", "/etc/passwd"), ("/%C3%A4", "/ä"), ("/a?b#c", "/a"), ("/a#b?c", "/a"),
        ("http://h", "/"), ("http://h?x", "/"), ("HTTP://h:1/a%20b", "/a b"),
    ])
    func normalises(text: String, path: String) throws {
        #expect(try Self.target(text).path == path)
    }

    @Test func keepsTheParts() throws {
        let target = try Self.target("http://Host.Example:8080/a%2Fb/c?x=%41&y#z")
        #expect(target.authority == Authority(name: "host.example", port: 8080))
        #expect(target.segments == ["a/b", "c"])
        #expect(target.rawPath == "/a%2Fb/c")
        #expect(String(decoding: target.rawQuery, as: UTF8.self) == "x=%41&y")
        #expect(try Self.target("*", .options).path == "*")
    }

    /// H08.
    @Test(arguments: [
        "", "a b", "a@b", "a:x", "a:65536", "a:1:2", "[::1", "[::g]", "[1.2.3.4]", "::1", "a/b", "ä", "a,b", "[::1]x",
        ":80",
    ])
    func refusesHosts(text: String) {
        #expect(throws: RequestError.self) { try Authority(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            ("Example.COM", "example.com", nil), ("a:", "a", nil), ("1.2.3.4:80", "1.2.3.4", 80),
            ("[::1]:65535", "[::1]", 65535),
            ("[0:0::1]", "[::1]", nil),
        ] as [(String, String, Int?)])
    func readsHosts(text: String, name: String, port: Int?) throws {
        #expect(try Authority(Array(text.utf8)) == Authority(name: name, port: port))
    }
}
