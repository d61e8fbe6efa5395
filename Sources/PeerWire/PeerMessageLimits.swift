/// How long messages may be. Each kind has its own bound, and the longest is computed from these parts.
public struct PeerMessageLimits: Hashable, Sendable {
    /// The most bytes of a bitfield: one for eight pieces.
    public var bitfieldBytes: Int
    /// The most bytes of a block.
    public var blockBytes: Int
    /// The most bytes of an extension message.
    public var extensionBytes: Int

    /// Limits by their parts. The defaults allow 2,097,152 pieces, blocks of 128 KiB, extension messages of 32 KiB.
    public init(bitfieldBytes: Int = 2_097_152 / 8, blockBytes: Int = 128 << 10, extensionBytes: Int = 32 << 10) {
        self.bitfieldBytes = bitfieldBytes
        self.blockBytes = blockBytes
        self.extensionBytes = extensionBytes
    }

    /// For a torrent whose pieces are counted. A seeder receives no blocks and may set `blockBytes` low.
    public init(pieceCount: Int, blockBytes: Int = 128 << 10, extensionBytes: Int = 32 << 10) {
        self.init(bitfieldBytes: max(0, pieceCount) / 8 + 1, blockBytes: blockBytes, extensionBytes: extensionBytes)
    }

    /// For a torrent nothing is known of.
    public static let `default` = PeerMessageLimits()

    /// The longest message of any kind, its id included.
    public var longest: Int { max(1 + bitfieldBytes, 9 + blockBytes, 2 + extensionBytes, Self.hashesLength) }

    /// 512 hashes, as many for the proof, behind the request they answer.
    private static let hashesLength = 1 + HashRequest.byteCount + 1024 * 32

    /// The lengths a message of a kind may have, its id included.
    public func lengths(ofKind id: UInt8) -> ClosedRange<Int> {
        switch id {
        case 0...3, 14, 15: 1...1
        case 4, 13, 17: 5...5
        case 5: 1...1 + max(0, bitfieldBytes)
        case 6, 8, 16: 13...13
        case 7: 9...9 + max(0, blockBytes)
        case 9: 3...3
        case 20: 2...2 + max(0, extensionBytes)
        case 21, 23: 1 + HashRequest.byteCount...1 + HashRequest.byteCount
        case 22: 1 + HashRequest.byteCount...Self.hashesLength
        default: 1...2 + max(0, extensionBytes)
        }
    }
}
