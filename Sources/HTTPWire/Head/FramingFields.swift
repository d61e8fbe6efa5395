/// Content-Length, Transfer-Encoding and what they say together (RFC 9112, 6).
struct FramingFields: Sendable {
    private var length: Int64?
    private var codings: [Coding] = []

    enum Coding: Sendable {
        case chunked, foreign
    }

    /// Takes note of a header line that concerns framing.
    mutating func note(_ name: Range<Int>, _ value: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        if name.count == 14, input.equalsIgnoringCase("content-length", in: name) {
            // A second one, even of the same value, is a framing doubt.
            guard length == nil else { throw RequestError.contentLength }
            length = try Self.length(value, of: input)
        } else if name.count == 17, input.equalsIgnoringCase("transfer-encoding", in: name) {
            try noteCodings(value, of: input)
        }
    }

    /// Digits only, at most nineteen of them, within 64 bits.
    private static func length(_ value: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> Int64 {
        guard !value.isEmpty, value.count <= 19 else { throw RequestError.contentLength }
        var total: Int64 = 0
        for index in value {
            guard Octet.isDigit(input[index]) else { throw RequestError.contentLength }
            let (product, overflow) = total.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(input[index] - 0x30))
            guard !overflow, !carry else { throw RequestError.contentLength }
            total = sum
        }
        return total
    }

    private mutating func noteCodings(_ value: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        var start = value.lowerBound
        while start <= value.upperBound {
            let comma = input.firstIndex(of: UInt8(ascii: ","), from: start) ?? value.upperBound
            let end = min(comma, value.upperBound)
            codings.append(try Self.coding(input.trimmed(start..<end), of: input))
            guard codings.count <= 4 else { throw RequestError.transferEncoding }
            start = end + 1
        }
    }

    private static func coding(_ range: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> Coding {
        if input.equalsIgnoringCase("chunked", in: range) { return .chunked }
        let registered: [StaticString] = ["gzip", "x-gzip", "deflate", "compress", "x-compress", "identity"]
        for name in registered where input.equalsIgnoringCase(name, in: range) { return .foreign }
        throw RequestError.transferEncoding
    }

    /// The framing. `chunked` must be last and once; both fields together are refused, not reconciled.
    func decide(version: HTTPVersion) throws(RequestError) -> (framing: BodyFraming, hasForeignCoding: Bool) {
        guard let last = codings.last else {
            let count = length ?? 0
            return (count > 0 ? .length(count) : .none, false)
        }
        guard version == .http11, length == nil else { throw RequestError.transferEncoding }
        for coding in codings.dropLast() {
            if case .chunked = coding { throw RequestError.transferEncoding }
        }
        guard case .chunked = last else { throw RequestError.foreignCoding }
        return (.chunked, codings.count > 1)
    }
}
