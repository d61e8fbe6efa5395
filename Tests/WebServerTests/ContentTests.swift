import ByteCoding
import Foundation
import HTTPTypes
import HTTPWire
import Testing
import WebServer

/// Files, ranges, assets and forms.
@Suite(.timeLimit(.minutes(1))) struct ContentTests {
    /// A file with bytes that tell their position, removed at the end.
    static func withFile<Result>(size: Int, _ body: (OpenFile, [UInt8]) async throws -> Result) async throws -> Result {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8) ^ ($0 >> 16)) }
        let path = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
        try Data(bytes).write(to: path)
        let file = try OpenFile(path: path.path())
        // The open descriptor is all that is needed; nothing stays behind.
        try FileManager.default.removeItem(at: path)
        return try await body(file, bytes)
    }

    static func content(_ file: OpenFile, _ isFile: Bool) -> RangedContent {
        let source: RangedContent.Source =
            isFile
            ? .file(file)
            : .reader { range, writer in
                var position = range.lowerBound
                while position < range.upperBound {
                    let bytes = try file.read(at: position, count: Int(min(70_000, range.upperBound - position)))
                    try await writer.write(bytes)
                    position += Int64(bytes.count)
                }
            }
        return RangedContent(
            size: file.size, etag: "\"tag\"", lastModified: 784_111_777, contentType: "video/mp4",
            disposition: ContentDisposition(.inline, fileName: "x.mp4").formatted, source: source)
    }

    static func router(_ file: OpenFile) -> Router {
        LiveServer.router { router in
            router.on(.get, "/film") { content(file, true).respond(to: $0) }
            router.on(.get, "/rows") { content(file, false).respond(to: $0) }
            router.direct(.get, "/direct") { content(file, true).respond(to: $0) }
        }
    }

    static func get(_ path: String, _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(more)\r\n"
    }

    /// H16 over the wire.
    @Test func sendsRanges() async throws {
        try await Self.withFile(size: 1000) { file, bytes in
            try await LiveServer.run(Self.router(file)) { live in
                for path in ["/film", "/rows", "/direct"] {
                    for (range, expected) in [
                        ("0-8", 0..<9), ("-10", 990..<1000), ("990-1990", 990..<1000),
                        ("0-18446744073709551615", 0..<1000),
                    ] {
                        let response = try #require(try await live.request(Self.get(path, "Range: bytes=\(range)\r\n")))
                        #expect(response.status == 206 && response.body == Array(bytes[expected]))
                        #expect(
                            response.headers["content-range"]
                                == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/1000")
                    }
                    for range in [
                        "5-2", "abc",
                        [String](repeating: "0-0", count: 10_000).joined(separator: ",").prefix(30_000).description,
                    ] {
                        let response = try #require(try await live.request(Self.get(path, "Range: bytes=\(range)\r\n")))
                        #expect(response.status == 200 && response.body == bytes)
                        #expect(response.headers["accept-ranges"] == "bytes" && response.headers["etag"] == "\"tag\"")
                    }
                    for range in ["1000-", "9223372036854775807-"] {
                        let response = try #require(try await live.request(Self.get(path, "Range: bytes=\(range)\r\n")))
                        #expect(response.status == 416 && response.headers["content-range"] == "bytes */1000")
                    }
                }
            }
        }
    }

    @Test func sendsSeveralRanges() async throws {
        try await Self.withFile(size: 1000) { file, bytes in
            try await LiveServer.run(Self.router(file)) { live in
                for path in ["/film", "/rows"] {
                    let response = try #require(
                        try await live.request(Self.get(path, "Range: bytes=0-9,500-509, -1\r\n")))
                    let boundary = try #require(response.headers["content-type"]?.split(separator: "=").last)
                    let parts = response.text.components(separatedBy: "--\(boundary)")
                    try #require(response.status == 206 && parts.count == 5)
                    #expect(response.headers["content-length"] == "\(response.body.count)")
                    let ranges = [0..<10, 500..<510, 999..<1000]
                    for (part, range) in zip(parts.dropFirst(), ranges) {
                        #expect(
                            part.hasPrefix(
                                "\r\nContent-Type: video/mp4\r\nContent-Range: bytes "
                                    + "\(range.lowerBound)-\(range.upperBound - 1)/1000\r\n\r\n"
                            ))
                    }
                    #expect(response.body.firstRange(of: Array(bytes[500..<510]) + [13, 10]) != nil)
                    #expect(parts.last == "--\r\n")
                }
            }
        }
    }

    /// H17 over the wire.
    @Test func evaluatesConditions() async throws {
        try await Self.withFile(size: 1000) { file, _ in
            try await LiveServer.run(Self.router(file)) { live in
                for (fields, status) in [
                    ("If-None-Match: \"tag\"\r\n", 304), ("If-None-Match: \"x\"\r\n", 200),
                    ("If-Match: \"x\"\r\n", 412),
                    ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 304),
                    ("Range: bytes=0-1\r\nIf-Range: \"tag\"\r\n", 206),
                    ("Range: bytes=0-1\r\nIf-Range: \"x\"\r\n", 200), ("Range: bytes=0-1\r\nRange: bytes=3-4\r\n", 200),
                ] {
                    let response = try #require(try await live.request(Self.get("/film", fields)))
                    #expect(response.status == status, "\(fields)")
                    if status == 304 { #expect(response.body.isEmpty && response.headers["etag"] == "\"tag\"") }
                }
                let client = try live.client()
                try await client.send(
                    "HEAD /film HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n" + Self.get("/healthz"))
                let head = RawResponse.all(in: try await client.receiveAll(), heads: [0])
                #expect(
                    head.map(\.status) == [200, 200] && head.first?.headers["content-length"] == "1000"
                        && head.last?.text == "ok")
            }
        }
    }

    /// Many windows, several connections of one open file, pipelined, and a client that leaves in the middle.
    @Test func sendsLargeFiles() async throws {
        try await Self.withFile(size: 7_340_033) { file, bytes in
            try await LiveServer.run(Self.router(file)) { live in
                var leaving: RawClient? = try live.client(receiveBuffer: 4096)
                try await leaving?.send(Self.get("/film"))
                _ = try await leaving?.receive()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            let client = try live.client()
                            try await client.send(
                                "GET /film HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get("/film", "Range: bytes=1000001-\r\n")
                            )
                            let responses = RawResponse.all(in: try await client.receiveAll())
                            #expect(responses.map(\.status) == [200, 206])
                            #expect(
                                responses.first?.body == bytes && responses.last?.body == Array(bytes[1_000_001...]))
                        }
                    }
                    try await group.waitForAll()
                }
                leaving = nil
                #expect(try await live.isAlive())
            }
        }
    }

    /// A file that shrank is cut off; it must not keep the event loop busy, nor be filled up with anything.
    @Test func cutsAFileThatShrank() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(repeating: 1, count: 3_000_000).write(to: path)
        let file = try OpenFile(path: path.path())
        try await LiveServer.run(Self.router(file)) { live in
            #expect(truncate(path.path(), 1_500_000) == 0)
            let response = try await live.request(Self.get("/film"))
            #expect(response?.headers["content-length"] == "3000000" && (response?.body.count ?? 0) <= 1_500_000)
            #expect(try await live.isAlive())
        }
    }

    @Test func servesAFileThatSomeoneElseHasOpen() throws {
        let descriptor = open(#filePath, O_RDONLY)
        defer { close(descriptor) }
        let bytes = try OpenFile(duplicating: descriptor).read(at: 0, count: 6)
        #expect(bytes == Array("import".utf8))
        #expect(fcntl(descriptor, F_GETFD) >= 0)
        #expect(throws: OpenFileError.self) { try OpenFile(duplicating: -1) }
    }

    @Test func refusesWhatIsNoFile() {
        #expect(throws: OpenFileError.self) { try OpenFile(path: "/") }
        #expect(throws: OpenFileError.self) { try OpenFile(path: "/nonexistent") }
    }

    @Test func servesAssets() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "js"), withIntermediateDirectories: true)
        for (name, text) in [("site.css", "body{}"), ("site.css.br", "BR"), ("js/app.js", "let a"), (".hidden", "no")] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let assets = try StaticAssets(directory: folder.path()) { bytes in Hex.encode(bytes.prefix(4)) }
        #expect(assets.path(for: "site.css") == "/assets/site.626f6479.css")
        #expect(assets.path(for: "js/app.js") == "/assets/js/app.6c657420.js")
        let router = LiveServer.router { assets.mount(on: &$0) }
        try await LiveServer.run(router) { live in
            let plain = try #require(try await live.request(Self.get("/assets/site.626f6479.css")))
            #expect(plain.text == "body{}" && plain.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(
                plain.headers["content-type"] == "text/css; charset=utf-8" && plain.headers["vary"] == "Accept-Encoding"
            )
            let small = try #require(
                try await live.request(Self.get("/assets/site.626f6479.css", "Accept-Encoding: gzip, br\r\n")))
            #expect(small.text == "BR" && small.headers["content-encoding"] == "br")
            let named = try #require(try await live.request(Self.get("/assets/js/app.js")))
            #expect(named.text == "let a" && named.headers["cache-control"] == "no-cache")
            let known = try #require(
                try await live.request(Self.get("/assets/js/app.js", "If-None-Match: \"6c657420\"\r\n")))
            #expect(known.status == 304)
            for path in [
                "/assets/.hidden", "/assets/site.css.br", "/assets/../../etc/passwd", "/assets/js",
                "/assets/js/app.00000000.js",
            ] {
                #expect(try await live.request(Self.get(path))?.status == 404)
            }
        }
    }

    @Test func readsUrlencodedForms() async throws {
        let router = LiveServer.router { router in
            router.on(.post, "/form") { .text(try await $0.form().all("a").joined(separator: "|")) }
        }
        let body = "a=b+c&x=y&a=%C3%A4"
        let request =
            "POST /form HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await LiveServer.run(router) { live in
            let read = try await live.request(request)
            #expect(read?.text == "b c|ä")
        }
    }
}
