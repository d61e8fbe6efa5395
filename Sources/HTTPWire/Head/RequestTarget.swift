import ByteCoding
public import HTTPTypes

/// A request target taken apart: origin form, absolute form, or `*` for OPTIONS (RFC 9112, 3.2).
public struct RequestTarget: Sendable, Equatable {
    /// The path, decoded and normalised; `*` for OPTIONS of the whole server.
    public let path: String
    /// The path as it came.
    public let rawPath: String
    /// The bytes after `?`, without a fragment.
    public let rawQuery: [UInt8]
    /// The decoded segments of the path.
    public let segments: [String]
    /// The authority of an absolute target, which outranks Host.
    public let authority: Authority?

    /// Takes a target apart.
    ///
    /// - Throws: `RequestError` (400) where the form does not suit the method, an escape is broken, or the path is not
    ///   UTF-8 or holds control characters.
    public init(_ target: Span<UInt8>, method: HTTPRequest.Method) throws(RequestError) {
        var rest = 0..<target.count
        var authority: Authority?
        if target.count == 1, target[0] == UInt8(ascii: "*") {
            guard method == .options else { throw RequestError.target }
            self.init(path: "*", rawPath: "*", rawQuery: [], segments: ["*"], authority: nil)
            return
        }
        if target.count > 0, target[0] != UInt8(ascii: "/") {
            let end = try Self.authorityEnd(target)
            authority = try Authority(target.copy(end.start..<end.end))
            rest = end.end..<target.count
        }
        let pathEnd = Self.firstIndex(of: [UInt8(ascii: "?"), UInt8(ascii: "#")], in: target, rest)
        let queryEnd = Self.firstIndex(of: [UInt8(ascii: "#")], in: target, pathEnd..<target.count)
        let rawPath = pathEnd > rest.lowerBound ? rest.lowerBound..<pathEnd : nil
        let normal = try rawPath.map { range throws(RequestError) in try NormalPath(target, range) }
        self.init(
            path: normal?.text ?? "/", rawPath: rawPath.map { target.text($0) } ?? "/",
            rawQuery: pathEnd + 1 < queryEnd ? target.copy((pathEnd + 1)..<queryEnd) : [],
            segments: normal?.segments ?? [""], authority: authority)
    }

    private init(path: String, rawPath: String, rawQuery: [UInt8], segments: [String], authority: Authority?) {
        self.path = path
        self.rawPath = rawPath
        self.rawQuery = rawQuery
        self.segments = segments
        self.authority = authority
    }

    private static func authorityEnd(_ target: Span<UInt8>) throws(RequestError) -> (start: Int, end: Int) {
        let start: Int
        if target.count > 7, target.equalsIgnoringCase("http://", in: 0..<7) {
            start = 7
        } else if target.count > 8, target.equalsIgnoringCase("https://", in: 0..<8) {
            start = 8
        } else {
            throw RequestError.target
        }
        let stops = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
        return (start, firstIndex(of: stops, in: target, start..<target.count))
    }

    private static func firstIndex(of stops: [UInt8], in target: Span<UInt8>, _ range: Range<Int>) -> Int {
        for index in range where stops.contains(target[index]) { return index }
        return range.upperBound
    }
}
