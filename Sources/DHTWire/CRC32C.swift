/// The Castagnoli checksum (RFC 3720, appendix B.4), which BEP 42 binds node ids to addresses by.
enum CRC32C {
    /// The checksum of a few bytes; bit by bit, since only 4 or 8 bytes are ever asked for.
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
        }
        return ~sum
    }
}
