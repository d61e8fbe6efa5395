import HTTPTypes

/// What the Connection header says about this connection (RFC 9110, 7.6.1).
struct ConnectionOptions {
    private(set) var hasClose = false
    private(set) var hasKeepAlive = false

    init(_ fields: HTTPFields) {
        guard let value = fields[.connection] else { return }
        for option in value.utf8.split(separator: UInt8(ascii: ",")) {
            let word = option.drop { Octet.isBlank($0) }
            let isClose = Self.matches(word, "close")
            hasClose = hasClose || isClose
            hasKeepAlive = hasKeepAlive || (!isClose && Self.matches(word, "keep-alive"))
        }
    }

    /// Whether the word is that option, with nothing but blanks after it.
    private static func matches(_ word: Substring.UTF8View, _ option: String) -> Bool {
        var rest = word[...]
        for expected in option.utf8 {
            guard let byte = rest.popFirst(), Octet.lowercased(byte) == expected else { return false }
        }
        return rest.allSatisfy { Octet.isBlank($0) }
    }
}
