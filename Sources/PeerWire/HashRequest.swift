import ByteCoding

/// A run of hashes in a file's Merkle tree, with the proof that leads to its root (BEP 52).
public struct HashRequest: Hashable, Sendable {
    /// The file's root, 32 bytes.
    public var piecesRoot: [UInt8]
    /// The layer: 0 is that of the 16 KiB leaves.
    public var baseLayer: UInt32
    /// The first hash, counted in that layer.
    public var index: UInt32
    /// How many hashes.
    public var length: UInt32
    /// How many layers of uncles are wanted as proof.
    public var proofLayers: UInt32

    /// The length on the wire, in bytes.
    static let byteCount = 48

    /// A request by its fields; nil when the root is not 32 bytes.
    public init?(piecesRoot: [UInt8], baseLayer: UInt32, index: UInt32, length: UInt32, proofLayers: UInt32) {
        guard piecesRoot.count == 32 else { return nil }
        self.piecesRoot = piecesRoot
        self.baseLayer = baseLayer
        self.index = index
        self.length = length
        self.proofLayers = proofLayers
    }

    init(from reader: inout ByteReader) throws(ByteReaderError) {
        piecesRoot = try reader.readBytes(32)
        baseLayer = try reader.read()
        index = try reader.read()
        length = try reader.read()
        proofLayers = try reader.read()
    }

    func append(to out: inout [UInt8]) {
        out += piecesRoot
        for field in [baseLayer, index, length, proofLayers] { out.append(bigEndian: field) }
    }
}
