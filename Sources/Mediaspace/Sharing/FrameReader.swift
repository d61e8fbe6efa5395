import ByteCoding

/// Cuts a byte stream between processes into frames: four bytes of length in network order, then so many bytes.
struct FrameReader: Sendable {
    /// The longest frame, in bytes.
    static let limit = 16 << 20

    /// A frame longer than the limit was announced.
    struct TooLong: Error, Equatable {}

    private var bytes: [UInt8] = []
    private var start = 0

    /// Takes bytes as they come.
    mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

    /// The next whole frame; nil when it has not come yet.
    mutating func next() throws(TooLong) -> [UInt8]? {
        guard bytes.count - start >= 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.limit else { throw TooLong() }
        guard bytes.count - start - 4 >= length else { return nil }
        let frame = Array(bytes[start + 4..<start + 4 + length])
        start += 4 + length
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 64 << 10 {
            bytes.removeFirst(start)
            start = 0
        }
        return frame
    }

    /// A frame around bytes; nil when they are too many.
    static func frame(_ payload: [UInt8]) -> [UInt8]? {
        guard payload.count <= limit else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(payload.count + 4)
        out.append(bigEndian: UInt32(payload.count))
        return out + payload
    }
}
