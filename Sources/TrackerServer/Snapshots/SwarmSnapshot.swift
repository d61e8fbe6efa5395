import ByteCoding

/// The bytes of a snapshot: a swarm's peers, 23 bytes for an IPv4 address and 35 for an IPv6 one.
///
/// ```text
/// version 1     1 byte
/// heads         2 bytes: how many; 8 bytes each
/// peers         1 byte marks (128: IPv6), 4 or 16 address, 2 port, 2 silence in seconds, 4 peer tag, 4 key tag,
///               4 uploaded, downloaded and progress, 2 which head, from one; 0 for none
/// check         4 bytes: FNV-1a of all before
/// ```
/// Integers are in network order. A swarm without peers has no bytes at all.
enum SwarmSnapshot {
    private static let version: UInt8 = 1
    /// Says that an address is of IPv6; no mark that is kept.
    private static let familyBit = PeerMarks.unusable.rawValue
    private static let maximumHeads = 4096
    /// More than two full tables never are in one.
    private static let maximumPeers = 2_000_000

    static func encode(_ peers: [SnapshotPeer]) -> [UInt8] {
        guard !peers.isEmpty else { return [] }
        var heads: [UInt64: UInt16] = [:]
        var order: [UInt64] = []
        for peer in peers where peer.head != 0 && heads[peer.head] == nil && order.count < maximumHeads {
            order.append(peer.head)
            heads[peer.head] = UInt16(order.count)
        }
        var out: [UInt8] = []
        out.reserveCapacity(8 + 8 * order.count + peers.count * 36)
        out.append(version)
        out.append(bigEndian: UInt16(order.count))
        for head in order { out.append(bigEndian: head) }
        for peer in peers { append(peer, head: heads[peer.head] ?? 0, to: &out) }
        out.append(bigEndian: check(out[...]))
        return out
    }

    /// The peers; nil for bytes that are no snapshot, whatever they are.
    static func decode(_ bytes: [UInt8]) -> [SnapshotPeer]? {
        guard !bytes.isEmpty else { return [] }
        guard bytes.count > 4 else { return nil }
        let body = bytes.dropLast(4)
        guard bytes.suffix(4).reduce(0, { $0 << 8 | UInt32($1) }) == check(body) else { return nil }
        return try? decode(body: body.span)
    }

    private static func decode(body: Span<UInt8>) throws(ByteReaderError) -> [SnapshotPeer] {
        var reader = ByteReader(body)
        guard try reader.read(UInt8.self) == version else { throw .endOfBytes }
        var heads: [UInt64] = []
        for _ in 0..<Int(try reader.read(UInt16.self)) { heads.append(try reader.read()) }
        var peers: [SnapshotPeer] = []
        while reader.remaining > 0, peers.count < maximumPeers { peers.append(try peer(&reader, heads)) }
        return peers
    }

    private static func append(_ peer: SnapshotPeer, head: UInt16, to out: inout [UInt8]) {
        let marks = peer.marks.intersection(SnapshotPeer.kept).rawValue
        out.append(peer.address.isIPv4 ? marks : marks | familyBit)
        peer.address.append(to: &out)
        out.append(bigEndian: peer.port)
        out.append(bigEndian: peer.silence)
        out.append(bigEndian: peer.peerTag)
        out.append(bigEndian: peer.keyTag)
        out.append(bigEndian: UInt32(peer.uploaded) << 20 | UInt32(peer.downloaded) << 8 | UInt32(peer.progress))
        out.append(bigEndian: head)
    }

    private static func peer(_ reader: inout ByteReader, _ heads: [UInt64]) throws(ByteReaderError) -> SnapshotPeer {
        let first: UInt8 = try reader.read()
        let address: IPAddress
        if first & familyBit == 0 {
            address = IPAddress(v4: try reader.read())
        } else {
            let high: UInt64 = try reader.read()
            address = IPAddress(high: high, low: try reader.read())
        }
        let port: UInt16 = try reader.read()
        let silence: UInt16 = try reader.read()
        let peerTag: UInt32 = try reader.read()
        let keyTag: UInt32 = try reader.read()
        let traffic: UInt32 = try reader.read()
        let head = Int(try reader.read(UInt16.self))
        return SnapshotPeer(
            address: address, port: port, silence: silence, peerTag: peerTag, keyTag: keyTag,
            marks: PeerMarks(rawValue: first).intersection(SnapshotPeer.kept),
            uploaded: UInt16(traffic >> 20), downloaded: UInt16(traffic >> 8 & 4095),
            progress: UInt8(truncatingIfNeeded: traffic), head: heads.indices.contains(head - 1) ? heads[head - 1] : 0)
    }

    private static func check(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
