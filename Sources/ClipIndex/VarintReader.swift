/// Reads what a `VarintWriter` wrote, from bytes that may be anything.
public struct VarintReader: Sendable {
    private let bytes: [UInt8]
    private var position: Int

    /// A reader at the start of `bytes`.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.position = 0
    }

    /// How many bytes have not been read.
    public var remaining: Int { bytes.count - position }

    /// The next byte. Throws `wrongLength` at the end.
    public mutating func readByte() throws(FilmIndexError) -> UInt8 {
        guard position < bytes.count else { throw .wrongLength }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next number. Throws `invalidValue` when it does not fit 64 bits or is longer than it needs to be.
    public mutating func read() throws(FilmIndexError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            let bits = UInt64(byte & 0x7f)
            guard shift < 63 || bits <= 1 else { throw .invalidValue }
            value |= bits << shift
            if byte & 0x80 == 0 {
                guard byte != 0 || shift == 0 else { throw .invalidValue }
                return value
            }
            shift += 7
            guard shift <= 63 else { throw .invalidValue }
        }
    }

    /// The next signed number (zigzag).
    public mutating func readSigned() throws(FilmIndexError) -> Int64 {
        let value = try read()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// The next count of things that take at least `bytesEach` bytes each: never more than the bytes left can hold.
    public mutating func readCount(upTo limit: Int, bytesEach: Int) throws(FilmIndexError) -> Int {
        let value = try read()
        guard value <= UInt64(limit) else { throw .tooLarge }
        guard value <= UInt64(remaining / bytesEach) else { throw .wrongLength }
        return Int(value)
    }

    /// The next counted bytes. Throws `tooLarge` over `limit`.
    public mutating func readCounted(upTo limit: Int) throws(FilmIndexError) -> [UInt8] {
        let count = try readCount(upTo: limit, bytesEach: 1)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}
