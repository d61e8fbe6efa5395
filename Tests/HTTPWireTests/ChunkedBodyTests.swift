import HTTPWire
import Testing

@Suite struct ChunkedBodyTests {
    static func post(_ body: String) -> RequestReading {
        RequestReading("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    }

    @Test func readsChunks() {
        let reading = Self.post(
            "5\r\nhello\r\n6;a;b=c;d=\"e;\\\"f\"\r\n world\r\n000\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        #expect(reading.error == nil)
        #expect(reading.messages.first?.body == Array("hello world".utf8))
        #expect(reading.messages.count == 2)
    }

    /// H06.
    @Test(arguments: [
        "ffffffffffffffff\r\n", "11111111111111111\r\n", "-1\r\n", "0x1\r\na\r\n", "1_0\r\n", "\r\n", " 1\r\na\r\n",
        "1\na\r\n", "1 \r\na\r\n", "1\r\nab", "1\r\na\n", "1;\r\na\r\n", "1;=a\r\n", "1;a=\"b\r\n", "1;a=\r\n",
        "1a;b c\r\n",
        "g\r\n", "1;a\u{1}\r\n",
    ])
    func refusesBrokenChunks(body: String) {
        let reading = Self.post(body)
        #expect(reading.error?.status == 400 && reading.messages.isEmpty)
    }

    @Test func refusesLongExtensionsBeforeTheyAreWhole() {
        #expect(Self.post("1;" + String(repeating: "a", count: 1100)).error?.status == 400)
        let many = String(repeating: "1;\(String(repeating: "a", count: 1000))\r\nx\r\n", count: 70)
        #expect(Self.post(many).error?.status == 400)
    }

    /// H07: trailers are never merged into the headers.
    @Test(arguments: ["Content-Length: 5", "Host: evil", "Transfer-Encoding: chunked", "Authorization: x"])
    func dropsTrailers(trailer: String) {
        let reading = Self.post("1\r\na\r\n0\r\n\(trailer)\r\n\r\n")
        #expect(reading.messages.first?.fields == ["host: x", "transfer-encoding: chunked"])
        #expect(reading.messages.first?.body == [UInt8(ascii: "a")])
    }

    @Test func refusesBrokenOrLongTrailers() {
        #expect(Self.post("0\r\nX y: z\r\n\r\n").error?.status == 400)
        #expect(Self.post("0\r\n: z\r\n\r\n").error?.status == 400)
        #expect(Self.post("0\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n").error?.status == 400)
    }

    @Test func writesChunks() {
        let wire = ChunkedEncoding.prefix(26) + Array("x".utf8) + ChunkedEncoding.suffix + ChunkedEncoding.end
        #expect(String(decoding: wire, as: UTF8.self) == "1a\r\nx\r\n0\r\n\r\n")
    }
}
