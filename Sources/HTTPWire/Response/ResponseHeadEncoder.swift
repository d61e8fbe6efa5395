public import HTTPTypes

/// Writes response heads.
public enum ResponseHeadEncoder {
    /// Appends a status line and header lines, without the empty line. `HTTPField` cannot hold CR, LF or NUL, so no
    /// value can begin another line; fields that frame the message are the server's own and are left out here.
    public static func append(status: HTTPResponse.Status, fields: HTTPFields, to out: inout [UInt8]) {
        out.append(contentsOf: "HTTP/1.1 ".utf8)
        appendDecimal(Int64(status.code), to: &out)
        out.append(Octet.space)
        out.append(contentsOf: status.reasonPhrase.utf8.lazy.filter(Octet.isFieldContent))
        out.append(13)
        out.append(10)
        for field in fields where !isOwn(field.name) {
            append(field.name.rawName, field.value, to: &out)
        }
    }

    /// Appends one header line.
    public static func append(_ name: String, _ value: String, to out: inout [UInt8]) {
        out.append(contentsOf: name.utf8)
        out.append(Octet.colon)
        out.append(Octet.space)
        // HTTPField cleans its values; this holds for the server's own strings as well.
        for byte in value.utf8 { out.append(Octet.isFieldContent(byte) ? byte : Octet.space) }
        out.append(13)
        out.append(10)
    }

    /// Appends `Content-Length`.
    public static func append(contentLength: Int64, to out: inout [UInt8]) {
        out.append(contentsOf: "Content-Length: ".utf8)
        appendDecimal(contentLength, to: &out)
        out.append(13)
        out.append(10)
    }

    private static func appendDecimal(_ value: Int64, to out: inout [UInt8]) {
        out.append(contentsOf: String(value).utf8)
    }

    private static func isOwn(_ name: HTTPField.Name) -> Bool {
        switch name {
        case .contentLength, .transferEncoding, .connection, .date, .trailer, .upgrade: true
        default: false
        }
    }
}
