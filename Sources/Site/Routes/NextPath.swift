import ByteCoding
import WebServer

/// Where to go after logging in: a path of this site, never another site.
enum NextPath {
    /// The path when it is one; `/` for everything else (`//host`, `/\host`, `https:…`, control characters).
    static func safe(_ text: String?) -> String {
        guard let text, text.utf8.count <= 2000, text.utf8.first == UInt8(ascii: "/") else { return "/" }
        let bytes = Array(text.utf8)
        let isPlain = bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, bytes.dropFirst().first != UInt8(ascii: "/") else { return "/" }
        return text
    }

    /// The address of a request, ready for a query.
    static func encoded(_ request: Request) -> String {
        let query = String(decoding: request.rawQuery, as: UTF8.self)
        return PercentEncoding.encode(request.rawPath + (query.isEmpty ? "" : "?" + query))
    }
}
