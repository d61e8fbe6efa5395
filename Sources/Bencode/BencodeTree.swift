/// A value to be encoded (BEP 3).
public enum BencodeTree: Hashable, Sendable {
    /// A number.
    case integer(Int64)
    /// A byte string.
    case bytes([UInt8])
    /// A list.
    case list([BencodeTree])
    /// A dictionary; its keys are written in the order of their bytes.
    case dictionary([[UInt8]: BencodeTree])
    /// A value that is already bencoded and is written as it is.
    case encoded([UInt8])

    /// A text as a byte string.
    public static func string(_ text: some StringProtocol) -> BencodeTree { .bytes(Array(text.utf8)) }

    /// A dictionary by textual keys; nil values are left out.
    public static func dictionary(_ entries: [String: BencodeTree?]) -> BencodeTree {
        var keyed: [[UInt8]: BencodeTree] = [:]
        for case (let key, let value?) in entries { keyed[Array(key.utf8)] = value }
        return .dictionary(keyed)
    }

    /// The encoded value.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        append(to: &out)
        return out
    }

    /// Appends the encoded value.
    public func append(to out: inout [UInt8]) {
        switch self {
        case .integer(let value): out.append(bencoded: value)
        case .bytes(let bytes): out.append(bencoded: bytes)
        case .list(let values):
            out.append(UInt8(ascii: "l"))
            for value in values { value.append(to: &out) }
            out.append(UInt8(ascii: "e"))
        case .dictionary(let entries):
            out.append(UInt8(ascii: "d"))
            for (key, value) in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                out.append(bencoded: key)
                value.append(to: &out)
            }
            out.append(UInt8(ascii: "e"))
        case .encoded(let bytes): out += bytes
        }
    }
}

extension [UInt8] {
    /// Appends a number: `i42e`.
    public mutating func append(bencoded value: some BinaryInteger) {
        append(UInt8(ascii: "i"))
        append(contentsOf: String(value).utf8)
        append(UInt8(ascii: "e"))
    }

    /// Appends a byte string: `4:spam`.
    public mutating func append(bencoded bytes: some Collection<UInt8>) {
        append(contentsOf: String(bytes.count).utf8)
        append(UInt8(ascii: ":"))
        append(contentsOf: bytes)
    }

    /// Appends the UTF-8 of a text as a byte string.
    public mutating func append(bencoded text: String) { append(bencoded: text.utf8) }
}
