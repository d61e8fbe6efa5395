import ByteCoding

/// A Content-Disposition for downloads (RFC 6266): the name in ASCII for old clients, and in UTF-8 for the others.
public struct ContentDisposition: Sendable, Equatable {
    /// Whether the browser shows or saves the content.
    public enum Kind: String, Sendable {
        /// Shown in the page.
        case inline
        /// Saved as a file.
        case attachment
    }

    /// Whether the browser shows or saves the content.
    public var kind: Kind
    /// The suggested file name; nil for none.
    public var fileName: String?

    /// A disposition of these parts.
    public init(_ kind: Kind, fileName: String? = nil) {
        self.kind = kind
        self.fileName = fileName
    }

    /// The field value. Whatever the name holds, the value is one line of ASCII.
    public var formatted: String {
        guard let fileName else { return kind.rawValue }
        let ascii = fileName.unicodeScalars.map { Self.isPlain($0) ? Character($0) : "_" }
        let plain = String(ascii)
        let value = "\(kind.rawValue); filename=\"\(plain)\""
        return plain == fileName ? value : value + "; filename*=UTF-8''" + PercentEncoding.encode(fileName.utf8)
    }

    /// Quotes, backslashes and percent signs are read differently by different browsers, so they are left out of the
    /// ASCII form.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value < 0x7f && scalar != "\"" && scalar != "\\" && scalar != "%"
    }
}
