public import HTTPTypes

/// The head of one part of a form (RFC 7578, 4.2).
public struct MultipartPart: Sendable, Equatable {
    /// The field's name.
    public let name: String
    /// The file's name as the client sent it: text to show, never a path to use. Nil when the part is no file.
    public let fileName: String?
    /// The media type the client claims.
    public let contentType: String?
    /// All header fields of the part.
    public let headers: HTTPFields

    /// Reads a part's header section: its lines, each with CRLF, without the empty line.
    init(_ section: ArraySlice<UInt8>) throws(MultipartError) {
        var headers = HTTPFields()
        var disposition: ParameterizedValue?
        var rest = section
        while let feed = rest.firstIndex(of: Octet.lineFeed) {
            guard feed > rest.startIndex, rest[feed - 1] == Octet.carriageReturn else { throw .malformed }
            let line = rest[..<(feed - 1)]
            rest = rest[(feed + 1)...]
            let field = try Self.field(line)
            headers.append(field.field)
            guard field.field.name == .contentDisposition else { continue }
            guard disposition == nil, let parsed = ParameterizedValue(field.value) else { throw .malformed }
            disposition = parsed
        }
        guard rest.isEmpty, let disposition, disposition.value == "form-data", let name = disposition["name"] else {
            throw .malformed
        }
        self.name = name
        self.fileName = disposition["filename"]
        self.contentType = headers[.contentType]
        self.headers = headers
    }

    private static func field(
        _ line: ArraySlice<UInt8>
    ) throws(MultipartError) -> (field: HTTPField, value: [UInt8]) {
        guard let colon = line.firstIndex(of: Octet.colon), colon > line.startIndex,
            line[..<colon].allSatisfy(Octet.isToken), line[colon...].allSatisfy(Octet.isFieldContent),
            let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
        else { throw .malformed }
        let value = String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingBlanks()
        return (HTTPField(name: name, value: value), Array(value.utf8))
    }
}
