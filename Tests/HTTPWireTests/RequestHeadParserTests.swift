import HTTPTypes
import HTTPWire
import Testing

@Suite struct RequestHeadParserTests {
    static func request(_ lines: String...) -> String {
        lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func readsARequest() throws {
        let reading = RequestReading(Self.request("GET /a?b=c HTTP/1.1", "Host: x:80", "X-Y:  z \t"))
        let message = try #require(reading.messages.first)
        #expect(reading.error == nil)
        #expect(message.method == "GET" && message.target == "/a?b=c" && message.keepAlive)
        #expect(message.fields == ["host: x:80", "x-y: z"])
    }

    /// H04 and H05: any doubt about the length is 400.
    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: +5", "Content-Length: -1", "Content-Length: 0x5", "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5,5", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: ", "Content-Length: 5 5",
        "Content-Length: 12345678901234567890", "Content-Length: 9223372036854775808", "Content-Length: 5;",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chun ked",
        "Transfer-Encoding:", "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked",
        "Transfer\u{b}-Encoding: chunked", "Transfer-Encoding: \u{b}chunked",
    ])
    func refusesDoubtfulFraming(fields: String) {
        let reading = RequestReading(Self.request("POST / HTTP/1.1", "Host: x", fields))
        #expect(reading.error?.status == 400)
    }

    @Test func refusesCodingsItDoesNotKnow() throws {
        #expect(RequestReading(Self.request("POST / HTTP/1.1", "Transfer-Encoding: gzip")).error?.status == 501)
        #expect(RequestReading(Self.request("POST / HTTP/1.0", "Transfer-Encoding: chunked")).error?.status == 400)
        let mixed = RequestReading(Self.request("POST / HTTP/1.1", "Transfer-Encoding: gzip, CHUNKED", "", "0"))
        #expect(mixed.messages.first?.hasForeignCoding == true)
    }

    /// H11.
    @Test(arguments: [
        "X: a\rb", "X: a\nb", "X: a\0b", "X: a\u{1}b", "X: a\u{7f}b", "X\r: a", "X\0: a", "X : a", " X: a", ": a", "X",
        "",
        "X: a\r\n folded", "X: a\r\n\tfolded", "X(: a", "X/: a",
    ])
    func refusesBrokenHeaderLines(line: String) {
        let reading = RequestReading("GET / HTTP/1.1\r\n\(line)\r\nHost: x\r\n\r\n")
        if line.isEmpty {
            #expect(reading.messages.count == 1 && reading.error?.status == 400)
        } else {
            #expect(reading.error?.status == 400 && reading.messages.isEmpty)
        }
    }

    @Test(arguments: [
        ("GET  / HTTP/1.1", 400), ("GET /  HTTP/1.1", 400), ("GET / HTTP/1.1 ", 400), (" GET / HTTP/1.1", 400),
        ("GET /\t HTTP/1.1", 400), ("GET / http/1.1", 400), ("GET / HTTP/1.10", 400), ("GET /", 400), ("GET", 400),
        ("GET / HTTP/2.0", 505), ("PRI * HTTP/2.0", 505), ("FOO / HTTP/1.1", 501), ("get / HTTP/1.1", 501),
        ("CONNECT a:1 HTTP/1.1", 501), ("GET /\u{2} HTTP/1.1", 400), ("G@T / HTTP/1.1", 400), ("GET /ä HTTP/1.1", 400),
        ("EHLO mail.example", 400),
    ])
    func refusesBrokenRequestLines(line: String, status: Int) {
        #expect(RequestReading("\(line)\r\nHost: x\r\n\r\n").error?.status == status)
    }

    /// H24: other protocols are refused by their first byte, before any line end.
    @Test(arguments: [[0x16, 0x03, 0x01], [0x13] + Array("BitTorrent protocol".utf8), [0], [0x0a]])
    func refusesOtherProtocolsAtOnce(bytes: [UInt8]) {
        #expect(RequestReading([bytes]).error?.status == 400)
    }

    /// H10: exactly at the limit is served, one more is not, and nothing is buffered beyond it.
    @Test func holdsTheLimits() {
        func line(_ length: Int) -> String { "GET /" + String(repeating: "a", count: length - 14) + " HTTP/1.1" }
        #expect(RequestReading(Self.request(line(8192), "Host: x")).error == nil)
        #expect(RequestReading(Self.request(line(8193), "Host: x")).error?.status == 414)
        #expect(RequestReading(String(repeating: "G", count: 8194)).error?.status == 414)
        let field = "X: " + String(repeating: "a", count: 32_768 - 5)
        #expect(RequestReading(Self.request("GET / HTTP/1.1", field)).error == nil)
        #expect(RequestReading(Self.request("GET / HTTP/1.1", field + "a")).error?.status == 431)
        #expect(RequestReading("GET / HTTP/1.1\r\n" + String(repeating: "a", count: 32_769)).error?.status == 431)
        let many = [String](repeating: "A: b", count: 100)
        #expect(RequestReading((["GET / HTTP/1.1"] + many).joined(separator: "\r\n") + "\r\n\r\n").error == nil)
        let tooMany = (["GET / HTTP/1.1"] + many + ["A: b"]).joined(separator: "\r\n")
        #expect(RequestReading(tooMany + "\r\n\r\n").error?.status == 431)
    }

    @Test func ignoresAFewEmptyLinesBeforeARequest() {
        #expect(RequestReading("\r\n\r\nGET / HTTP/1.1\r\n\r\n").messages.count == 1)
        #expect(RequestReading(String(repeating: "\r\n", count: 5)).error?.status == 400)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.1", "Connection: a, CLOSE\t", false),
        ("HTTP/1.1", "Connection: closed", true), ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: Keep-Alive", true),
        ("HTTP/1.0", "Connection: keep-alive, close", false),
    ])
    func decidesKeepAlive(version: String, field: String, kept: Bool) {
        let text = "GET / \(version)\r\n" + (field.isEmpty ? "" : field + "\r\n") + "\r\n"
        #expect(RequestReading(text).messages.first?.keepAlive == kept)
    }

    @Test func knowsExpectations() throws {
        var parser = RequestHeadParser()
        let asked = Array(Self.request("POST / HTTP/1.1", "Expect: 100-Continue", "Content-Length: 1").utf8)
        let head = try #require(try parser.parse(asked.span).head)
        #expect(head.expectsContinue && !head.hasUnknownExpectation)
        let odd = Array(Self.request("POST / HTTP/1.1", "Expect: zzz", "Content-Length: 1").utf8)
        #expect(try parser.parse(odd.span).head?.hasUnknownExpectation == true)
    }

    /// Random bytes and mutated requests never trap, and never depend on the split (H25).
    @Test func survivesNoise() {
        var generator = SystemRandomNumberGenerator()
        let valid = Array(
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nT: u\r\n\r\n"
                .utf8)
        for round in 0..<4000 {
            var bytes = valid
            for _ in 0...(round % 4) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let split = Int.random(in: bytes.indices, using: &generator)
            let whole = RequestReading([bytes])
            #expect(RequestReading([Array(bytes[..<split]), Array(bytes[split...])]) == whole, "\(bytes)")
        }
    }
}
