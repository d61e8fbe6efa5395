import ByteCoding

/// The parameters of a raw query, in order and still encoded. A parameter without `=` has an empty value.
struct QueryParameters: Sequence {
    let query: ArraySlice<UInt8>

    func makeIterator() -> Iterator { Iterator(rest: query) }

    struct Iterator: IteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
            guard !rest.isEmpty else { return nil }
            let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
            let parameter = rest[..<end]
            rest = end < rest.endIndex ? rest[(end + 1)...] : []
            guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")) else { return (parameter, []) }
            return (parameter[..<equals], parameter[(equals + 1)...])
        }
    }

    /// The longest query that is read, in bytes.
    static let maximumLength = 64 << 10

    /// A decimal number without sign; nil for anything else and beyond the type.
    static func number<T: FixedWidthInteger>(_ digits: ArraySlice<UInt8>, as type: T.Type) -> T? {
        guard !digits.isEmpty else { return nil }
        var number: T = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(T(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        return number
    }

    /// The 20 bytes of an encoded hash or id; nil for any other count and for a broken escape. Allocates nothing.
    static func twentyBytes(_ value: ArraySlice<UInt8>) -> InlineArray<20, UInt8>? {
        var bytes = InlineArray<20, UInt8>(repeating: 0)
        var count = 0
        var index = value.startIndex
        while index < value.endIndex {
            guard count < 20 else { return nil }
            // A plus stays a plus: clients escape bytes as in a path, not as in a form.
            var byte = value[index]
            if byte == UInt8(ascii: "%") {
                guard value.endIndex - index > 2, let high = Hex.value(of: value[index + 1]),
                    let low = Hex.value(of: value[index + 2])
                else { return nil }
                byte = high << 4 | low
                index += 2
            }
            bytes[count] = byte
            count += 1
            index += 1
        }
        return count == 20 ? bytes : nil
    }
}
