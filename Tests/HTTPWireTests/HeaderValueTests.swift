import HTTPTypes
import HTTPWire
import Testing

@Suite struct HeaderValueTests {
    /// H16, on 1,000 bytes.
    @Test(
        arguments: [
            ("bytes=0-8", .partial([0..<9])), ("bytes=-10", .partial([990..<1000])),
            ("bytes=990-1990", .partial([990..<1000])),
            ("bytes=1000-", .unsatisfiable), ("bytes=5-2", .whole), ("abc", .whole),
            ("bytes=9223372036854775807-", .unsatisfiable),
            ("bytes=0-18446744073709551615", .partial([0..<1000])),
            ("bytes=-18446744073709551616", .partial([0..<1000])),
            ("bytes=-0", .unsatisfiable), ("bytes=", .whole), ("bytes=,", .whole), ("Bytes=1-1", .partial([1..<2])),
            ("bytes=0-0, 5-9 ,-1", .partial([0..<1, 5..<10, 999..<1000])), ("bytes=0-0,2000-", .partial([0..<1])),
            ("bytes=0-999,0-0", .whole), ("bytes=1-2;", .whole), ("bytes=+1-2", .whole), ("items=0-1", .whole),
            ("bytes=0-1-2", .whole),
            ("bytes=" + [String](repeating: "0-0", count: 10_000).joined(separator: ","), .whole),
        ] as [(String, ByteRanges)])
    func readsRanges(header: String, ranges: ByteRanges) {
        #expect(ByteRanges(header, size: 1000) == ranges)
    }

    @Test func readsRangesOfNothing() {
        #expect(ByteRanges(nil, size: 0) == .whole)
        #expect(ByteRanges("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRanges("bytes=-5", size: 0) == .unsatisfiable)
    }

    @Test func readsAndWritesDates() {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.parse("Sunday, 06-Nov-94 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.parse("Sun Nov  6 08:49:37 1994") == 784_111_777)
        #expect(HTTPDate.format(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
        for bad in [
            "", "x", "Sun, 06 Nov 1994 08:49:37", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:99999 GMT",
        ] {
            #expect(HTTPDate.parse(bad) == nil)
        }
        for time in stride(from: Int64(0), to: 250_000_000_000, by: 98_765_432) {
            #expect(HTTPDate.parse(HTTPDate.format(time)) == time)
        }
    }

    /// H17.
    @Test(
        arguments: [
            (["If-None-Match": "\"a\""], .notModified), (["If-None-Match": "W/\"a\", \"b\""], .notModified),
            (["If-None-Match": "\"b\""], .proceed(honoursRange: true)), (["If-None-Match": "*"], .notModified),
            (["If-None-Match": "a"], .proceed(honoursRange: true)),
            (["If-Match": "\"a\""], .proceed(honoursRange: true)),
            (["If-Match": "W/\"a\""], .failed), (["If-Match": "\"b\""], .failed),
            (["If-Match": "*"], .proceed(honoursRange: true)),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], .notModified),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], .proceed(honoursRange: true)),
            (["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], .failed),
            (["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], .proceed(honoursRange: true)),
            (
                ["If-None-Match": "\"b\"", "If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"],
                .proceed(honoursRange: true)
            ),
            (["If-Range": "\"a\""], .proceed(honoursRange: true)),
            (["If-Range": "W/\"a\""], .proceed(honoursRange: false)),
            (["If-Range": "\"b\""], .proceed(honoursRange: false)),
            (["If-Range": "Sun, 06 Nov 1994 08:49:37 GMT"], .proceed(honoursRange: true)),
            (["If-Range": "Sun, 06 Nov 1994 08:49:38 GMT"], .proceed(honoursRange: false)),
            (["If-Range": "x"], .proceed(honoursRange: false)),
        ] as [([String: String], Preconditions)])
    func evaluatesConditions(fields: [String: String], outcome: Preconditions) {
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(HTTPField(name: HTTPField.Name(name) ?? .via, value: value)) }
        #expect(Preconditions(headers, method: .get, etag: EntityTag("a"), lastModified: 784_111_777) == outcome)
    }

    @Test func failsConditionsOfWrites() {
        let headers: HTTPFields = [.ifNoneMatch: "*"]
        #expect(Preconditions(headers, method: .put, etag: EntityTag("a"), lastModified: nil) == .failed)
    }

    /// H20: whatever a title holds, one header line comes out.
    @Test(arguments: ["a\r\nX: y", "a\";x=\"b", "ä € 😀.mp4", "\0", "a\\b", "100%.mp4", "\u{202e}gpj.exe"])
    func writesNoSecondLine(name: String) {
        let values = [
            ContentDisposition(.attachment, fileName: name).formatted, HeaderText.uriReference(name),
            SetCookie(name: name, value: name, path: name, isSecure: true).formatted,
        ]
        for value in values {
            #expect(value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(value)")
        }
        var head: [UInt8] = []
        ResponseHeadEncoder.append(status: .ok, fields: [.location: name, .contentDisposition: name], to: &head)
        #expect(String(decoding: head, as: UTF8.self).utf8.count { $0 == 10 } == 3)
    }

    @Test func writesDispositions() {
        #expect(ContentDisposition(.attachment, fileName: "a b.mp4").formatted == "attachment; filename=\"a b.mp4\"")
        #expect(
            ContentDisposition(.inline, fileName: "ä.mp4").formatted
                == "inline; filename=\"_.mp4\"; filename*=UTF-8''%C3%A4.mp4")
        #expect(ContentDisposition(.inline).formatted == "inline")
    }

    @Test func readsAndWritesCookies() {
        let cookies = Cookies(["a=b; sid=\"x y\" ;c", "sid=second; =z"])
        #expect(cookies["a"] == "b" && cookies["sid"] == "x y" && cookies["c"] == nil && cookies.count(of: "sid") == 2)
        let cookie = SetCookie(name: "sid", value: "a;b", maxAge: 5, isSecure: true, sameSite: .strict)
        #expect(cookie.formatted == "sid=ab; Path=/; Max-Age=5; Secure; HttpOnly; SameSite=Strict")
    }

    @Test func readsAcceptEncoding() {
        #expect(AcceptEncoding("gzip, br;q=0.5").accepts("br"))
        #expect(!AcceptEncoding("gzip, br;q=0").accepts("br"))
        #expect(AcceptEncoding("*, br;q=0.000").accepts("gzip") && !AcceptEncoding("*, br;q=0").accepts("br"))
        #expect(!AcceptEncoding(nil).accepts("gzip"))
    }
}
