/// One value of a document: a number, a byte string, a list or a dictionary.
public struct BencodeValue: Sendable {
    let document: BencodeDocument
    let index: Int

    private var token: BencodeToken { document.tokens[index] }

    /// Where the value stands in the text, its first and last byte included.
    public var range: Range<Int> { Int(token.start)..<Int(token.end) }

    /// The value exactly as it stands in the text.
    public var rawBytes: ArraySlice<UInt8> { document.bytes[range] }

    /// The number; nil for other values.
    public var integer: Int64? {
        guard token.kind == .integer else { return nil }
        var value: Int64 = 0
        // Subtracting covers -2^63, whose magnitude no Int64 holds; the reader has checked the range.
        for byte in rawBytes where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
            value = value &* 10 &- Int64(byte - UInt8(ascii: "0"))
        }
        return document.bytes[Int(token.start) + 1] == UInt8(ascii: "-") ? value : 0 &- value
    }

    /// The byte string; nil for other values.
    public var bytes: ArraySlice<UInt8>? {
        guard token.kind == .bytes else { return nil }
        return document.bytes[Int(token.start) + Int(token.headerLength)..<Int(token.end)]
    }

    /// The byte string as text; nil for other values and where it is not UTF-8.
    public var string: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

    /// The values of a list, in order; nil for other values.
    public var list: BencodeList? { token.kind == .list ? BencodeList(value: self) : nil }

    /// The entries of a dictionary; nil for other values.
    public var dictionary: BencodeDictionary? { token.kind == .dictionary ? BencodeDictionary(value: self) : nil }

    /// The value of a key, when this is a dictionary that has it.
    public subscript(key: String) -> BencodeValue? { dictionary?[key] }

    var childIndices: Range<Int> { index + 1..<Int(token.next) }
    func indexAfter(_ child: Int) -> Int { Int(document.tokens[child].next) }
    func child(_ index: Int) -> BencodeValue { BencodeValue(document: document, index: index) }
}

/// The values of a list, in order.
public struct BencodeList: Sequence, Sendable {
    let value: BencodeValue

    /// Steps through the values.
    public func makeIterator() -> some IteratorProtocol<BencodeValue> {
        let indices = value.childIndices
        return sequence(state: indices.lowerBound) { next -> BencodeValue? in
            guard next < indices.upperBound else { return nil }
            defer { next = value.indexAfter(next) }
            return value.child(next)
        }
    }
}

/// The entries of a dictionary, in the order of the text.
public struct BencodeDictionary: Sequence, Sendable {
    /// A key, which is any bytes, with its value.
    public typealias Element = (key: ArraySlice<UInt8>, value: BencodeValue)
    let value: BencodeValue

    /// The value of a key; of equal keys the first.
    public subscript(key: String) -> BencodeValue? {
        first { $0.key.elementsEqual(key.utf8) }?.value
    }

    /// Steps through the entries.
    public func makeIterator() -> some IteratorProtocol<Element> {
        let indices = value.childIndices
        return sequence(state: indices.lowerBound) { next -> Element? in
            guard next + 1 < indices.upperBound, let key = value.child(next).bytes else { return nil }
            defer { next = value.indexAfter(next + 1) }
            return (key, value.child(next + 1))
        }
    }
}
