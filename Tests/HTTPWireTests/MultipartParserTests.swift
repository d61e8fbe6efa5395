import Foundation
import HTTPWire
import TestSupport
import Testing

@Suite struct MultipartParserTests {
    struct Part: Equatable {
        var head: MultipartPart
        var data: [UInt8] = []
    }

    /// Parses a body that arrives in those pieces.
    static func parts(_ pieces: [[UInt8]], boundary: String, limits: MultipartLimits = .init()) throws -> [Part] {
        let bytes = try #require(MultipartBoundary(Array(boundary.utf8)))
        var parser = MultipartParser(boundary: bytes, limits: limits)
        var parts: [Part] = []
        for piece in pieces {
            parser.push(piece)
            while let event = try step(&parser) {
                switch event {
                case .part(let head): parts.append(Part(head: head))
                case .data(let data): parts[parts.count - 1].data += data
                default: break
                }
            }
        }
        try parser.finish()
        return parts
    }

    private static func step(_ parser: inout MultipartParser) throws -> MultipartParser.Event? {
        let event = try parser.next()
        return event == .needsMore || event == .end ? nil : event
    }

    static func parts(_ text: String, boundary: String = "b", limits: MultipartLimits = .init()) throws -> [Part] {
        try parts([Array(text.utf8)], boundary: boundary, limits: limits)
    }

    static func form(_ data: String, head: String = "Content-Disposition: form-data; name=\"a\"") -> String {
        "--b\r\n\(head)\r\n\r\n\(data)\r\n--b--"
    }

    @Test func keepsDataThatLooksLikeABoundary() throws {
        for data in [
            "", "\r\n", "\r\n--", "\r\n--bx", "\r\n--b-", "\r\n--b-x", "--b--", "\r\r\n--\r\n--c", "\r\n--b \u{1}",
        ] {
            #expect(try Self.parts(Self.form(data)).first?.data == Array(data.utf8), "\(data.debugDescription)")
        }
    }

    @Test(arguments: [
        "", "--b", "--b\r\n", "x--b\r\n", "--bx\r\n", "--b-x", Self.form("a", head: "X: y"),
        Self.form("a", head: ": y"),
        Self.form("a", head: "Content-Disposition: attachment; name=a"),
        Self.form("a", head: "Content-Disposition: form-data"),
        Self.form("a", head: "Content-Disposition: form-data; name=\"a"), Self.form("a", head: "A b: c"),
        Self.form("a", head: "Content-Disposition: form-data; name=a; name=b"), String(Self.form("a").dropLast(2)),
        Self.form("a", head: "Content-Disposition: form-data; name=\"a\0\""), "--b\r\n\r\n\r\n--b--",
    ])
    func refuses(body: String) {
        #expect(throws: MultipartError.self) { try Self.parts(body) }
    }

    /// U04 and U10.
    @Test func holdsTheLimits() throws {
        #expect(MultipartBoundary(contentType: "multipart/form-data") == nil)
        #expect(MultipartBoundary(contentType: "text/plain; boundary=x") == nil)
        #expect(MultipartBoundary([UInt8](repeating: 97, count: 71)) == nil)
        #expect(
            MultipartBoundary(contentType: "Multipart/Form-Data; charset=x; boundary=\"a b\"")?.bytes
                == Array("a b".utf8))
        let many = String(repeating: "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", count: 101) + "--b--"
        #expect(throws: MultipartError.tooManyParts) { try Self.parts(many) }
        let long = "Content-Disposition: form-data; name=\"\(String(repeating: "a", count: 8192))\""
        #expect(throws: MultipartError.headersTooLarge) { try Self.parts(Self.form("", head: long)) }
        #expect(throws: MultipartError.headersTooLarge) {
            try Self.parts("--b\r\n" + String(repeating: "a", count: 9000))
        }
    }

    @Test(arguments: [
        ("\"x.mp4\"", "x.mp4"), ("x.mp4", "x.mp4"), ("\"a\\\"b\"", "a\"b"),
        ("\"C:\\films\\x.avi\"", "C:\\films\\x.avi"),
        ("\"a;b=c\"", "a;b=c"), ("\"ä.mp4\"", "ä.mp4"), ("\"\"", ""),
    ])
    func readsFileNames(written: String, name: String) throws {
        let head = "Content-Disposition: form-data; name=\"f\"; filename=\(written)\r\nContent-Type: video/mp4"
        let part = try #require(try Self.parts(Self.form("x", head: head)).first)
        #expect(part.head.fileName == name && part.head.contentType == "video/mp4" && part.head.name == "f")
    }

    @Test func isTheSameForEverySplitOfRandomData() throws {
        let alphabet = Array("\r\n-b a".utf8)
        for _ in 0..<300 {
            let data = (0..<Int.random(in: 0...60)).map { _ in alphabet.randomElement() ?? 0 }
            let body =
                Array("--b-a\r\nContent-Disposition: form-data; name=x\r\n\r\n".utf8) + data + Array("\r\n--b-a--".utf8)
            let whole = try? Self.parts([body], boundary: "b-a")
            #expect((try? Self.parts(body.map { [$0] }, boundary: "b-a")) == whole)
            let split = Int.random(in: body.indices)
            #expect((try? Self.parts([Array(body[..<split]), Array(body[split...])], boundary: "b-a")) == whole)
        }
    }

    static let pythonRows = (try? Conformance.rows("multipart-python")) ?? []

    @Test(arguments: pythonRows) func agreesWithPythonMultipart(row: [String: String]) throws {
        let folder = try #require(Conformance.folder("multipart-python"))
        let body = Array(try Data(contentsOf: folder.appending(path: "bodies/\(row["file"] ?? "")")))
        // This body is made with another boundary than its row says.
        let boundary = row["file"] == "single_field_blocks.http" ? "boundary" : row["boundary"] ?? ""
        let whole = try? Self.parts([body], boundary: boundary)
        #expect((whole != nil) == (row["outcome"] == "accept"))
        #expect((try? Self.parts(body.map { [$0] }, boundary: boundary)) == whole)
        guard let whole else { return }
        #expect(whole.map(\.head.name) == Self.list(row["part_names"]))
        #expect(whole.compactMap(\.head.fileName).count == Self.list(row["file_names"]).count)
    }

    private static func list(_ cell: String?) -> [String] {
        (cell ?? "").split(separator: ",").map(String.init)
    }

    @Test(arguments: [
        ("firefox3-2png1txt", "---------------------------186454651713519341951581030105"),
        ("firefox3-2pnglongtext", "---------------------------14904044739787191031754711748"),
        ("opera8-2png1txt", "----------zEO9jQKmLc2Cq88c23Dx19"),
        ("webkit3-2png1txt", "----WebKitFormBoundaryjdSFhcARk8fyGNy6"),
        ("ie6-2png1txt", "---------------------------7d91b03a20128"),
    ])
    func agreesWithBrowsers(name: String, boundary: String) throws {
        guard let folder = Conformance.folder("multipart-werkzeug")?.appending(path: name) else { return }
        let body = Array(try Data(contentsOf: folder.appending(path: "request.http")))
        for pieces in [[body], body.map { [$0] }] {
            let parts = try Self.parts(pieces, boundary: boundary)
            #expect(parts.count == 3)
            let files = ["file1.png", "file2.png", "text.txt"]
            for (part, file) in zip(parts, files) {
                let expected = Array(try Data(contentsOf: folder.appending(path: file)))
                // The text files have got line ends of their own.
                let isText = file.hasSuffix(".txt")
                #expect(part.data.filter { !isText || $0 > 13 } == expected.filter { !isText || $0 > 13 }, "\(file)")
            }
        }
    }
}
