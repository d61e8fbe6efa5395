import HTTPTypes

/// The names that nearly every request has, found without making a string.
enum KnownFieldName {
    static func name(_ range: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> HTTPField.Name {
        if let known = known(range, of: input) { return known }
        guard let name = HTTPField.Name(input.text(range)) else { throw RequestError.fieldLine }
        return name
    }

    private static func known(_ range: Range<Int>, of input: Span<UInt8>) -> HTTPField.Name? {
        switch range.count {
        case 4 where input.equalsIgnoringCase("host", in: range): HTTPField.Name("host")
        case 6 where input.equalsIgnoringCase("accept", in: range): .accept
        case 6 where input.equalsIgnoringCase("cookie", in: range): .cookie
        case 5 where input.equalsIgnoringCase("range", in: range): .range
        case 7 where input.equalsIgnoringCase("referer", in: range): .referer
        case 10 where input.equalsIgnoringCase("user-agent", in: range): .userAgent
        case 10 where input.equalsIgnoringCase("connection", in: range): .connection
        case 12 where input.equalsIgnoringCase("content-type", in: range): .contentType
        case 14 where input.equalsIgnoringCase("content-length", in: range): .contentLength
        case 15 where input.equalsIgnoringCase("accept-encoding", in: range): .acceptEncoding
        case 15 where input.equalsIgnoringCase("accept-language", in: range): .acceptLanguage
        default: nil
        }
    }
}
