import Cryptography
import Metainfo
import PeerWire

/// Fetches a torrent's `info` from peers (BEP 9), for magnet links: a pure rule without clock or sockets.
///
/// The blocks come from several peers at once. When the whole is wrong nobody knows whose block it was, so from then on
/// all blocks of one attempt come from one peer, and the peer of a wrong whole is named. Peers that tell different
/// lengths do not meet: the length most of them tell goes first.
struct MetadataFetch: Sendable {
    /// What became of a block.
    enum Outcome: Equatable, Sendable {
        /// More is needed.
        case incomplete
        /// The `info` bytes, which have the torrent's hash.
        case complete([UInt8])
        /// The whole did not have the torrent's hash. `liar` sent all of it, when that is known.
        case wrong(liar: PeerNumber?)
    }

    /// A request to be sent.
    struct Request: Equatable, Sendable {
        let peer: PeerNumber
        let piece: Int
    }

    /// Requests one peer has at a time.
    static let requestsPerPeer = 4
    /// A block that has not come by then is asked of another.
    static let patience: Duration = .seconds(8)
    /// A peer that said no, or nothing, is asked again after this long.
    static let rest: Duration = .seconds(15)

    private struct Peer: Sendable {
        var size: Int
        var asked: [Int: ContinuousClock.Instant] = [:]
        var restsUntil: ContinuousClock.Instant?
    }

    private let version1: InfoHash?
    private let version2: InfoHashV2?
    private let truncated: InfoHash?
    private var peers: [PeerNumber: Peer] = [:]
    private var blocks: [Int: [UInt8]] = [:]
    private var senders: Set<PeerNumber> = []
    /// How long the `info` is that is being put together; nil between attempts.
    private var size: Int?
    /// The only peer asked, after an attempt that went wrong.
    private var only: PeerNumber?
    private var asksOneOnly = false

    /// For the `info` that has one of these hashes: a truncated one is that of a version 2 torrent of which no more
    /// is known.
    init(version1: InfoHash?, version2: InfoHashV2?) {
        self.version1 = version1
        self.version2 = version2
        truncated = version2 == nil ? version1 : nil
    }

    /// Share of the blocks that is there, 0...1.
    var progress: Double { size.map { Double(blocks.count) / Double(Self.blockCount($0)) } ?? 0 }

    // MARK: Peers

    /// The peer takes metadata requests and tells this length, 1 byte to 4 MiB.
    mutating func join(_ peer: PeerNumber, size: Int) {
        guard (1...ExtensionHandshake.maximumMetadataSize).contains(size) else { return }
        if let known = peers[peer] {
            guard known.size != size else { return }
            leave(peer)
        }
        peers[peer] = Peer(size: size)
    }

    /// The peer is gone, or is not to be asked again.
    mutating func leave(_ peer: PeerNumber) {
        peers[peer] = nil
        if only == peer { reset() }
        if let size, !peers.values.contains(where: { $0.size == size }) { reset() }
    }

    // MARK: Asking

    /// The requests to send now.
    mutating func next(now: ContinuousClock.Instant) -> [Request] {
        expire(now: now)
        chooseSize(now: now)
        guard let size else { return [] }
        if asksOneOnly, only == nil { only = able(size, now: now).min() }
        var asked = Set(peers.values.flatMap { $0.size == size ? Array($0.asked.keys) : [] })
        asked.formUnion(blocks.keys)
        var requests: [Request] = []
        for piece in 0..<Self.blockCount(size) where !asked.contains(piece) {
            let free = able(size, now: now).filter {
                (only == nil || only == $0) && (peers[$0]?.asked.count ?? 0) < Self.requestsPerPeer
            }
            let chosen = free.min { (peers[$0]?.asked.count ?? 0, $0) < (peers[$1]?.asked.count ?? 0, $1) }
            guard let chosen else { break }
            peers[chosen]?.asked[piece] = now
            requests.append(Request(peer: chosen, piece: piece))
        }
        return requests
    }

    private func able(_ size: Int, now: ContinuousClock.Instant) -> [PeerNumber] {
        peers.filter { $1.size == size && ($1.restsUntil ?? now) <= now }.map(\.key)
    }

    /// The length most of the peers tell that can be asked; of equals the smaller. When all that told it keep silent,
    /// those who tell another get their turn.
    private mutating func chooseSize(now: ContinuousClock.Instant) {
        let votes = peers.values.filter { ($0.restsUntil ?? now) <= now }
            .reduce(into: [Int: Int]()) { $0[$1.size, default: 0] += 1 }
        if let size, votes[size] == nil, !votes.isEmpty,
            !peers.values.contains(where: { $0.size == size && !$0.asked.isEmpty })
        {
            reset()
        }
        guard size == nil else { return }
        size = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    }

    private mutating func expire(now: ContinuousClock.Instant) {
        for (number, peer) in peers where peer.asked.values.contains(where: { now - $0 >= Self.patience }) {
            peers[number]?.asked = [:]
            peers[number]?.restsUntil = now + Self.rest
            if only == number { reset() }
        }
    }

    // MARK: Answers

    /// The peer will not send this block.
    mutating func rejected(_ peer: PeerNumber, piece: Int, now: ContinuousClock.Instant) {
        guard peers[peer]?.asked.removeValue(forKey: piece) != nil else { return }
        peers[peer]?.restsUntil = now + Self.rest
        if only == peer { reset() }
    }

    /// A block has come. One that was not asked of this peer is left out; one of another length than it must have ends
    /// our business with the peer, which would be asked for it again and again.
    mutating func received(_ peer: PeerNumber, piece: Int, totalSize: Int, block: [UInt8]) -> Outcome {
        guard peers[peer]?.asked.removeValue(forKey: piece) != nil else { return .incomplete }
        guard let size, totalSize == size, peers[peer]?.size == size,
            block.count == Self.length(of: piece, in: size), blocks[piece] == nil
        else {
            leave(peer)
            return .incomplete
        }
        blocks[piece] = block
        senders.insert(peer)
        guard blocks.count == Self.blockCount(size) else { return .incomplete }
        let whole = (0..<Self.blockCount(size)).flatMap { blocks[$0] ?? [] }
        if matches(whole) { return .complete(whole) }
        let liar = senders.count == 1 ? senders.first : nil
        reset()
        asksOneOnly = true
        if let liar { peers[liar] = nil }
        return .wrong(liar: liar)
    }

    private func matches(_ bytes: [UInt8]) -> Bool {
        if let version2 { return InfoHashV2(bytes: Digest.sha256(bytes)) == version2 }
        if InfoHash(bytes: Digest.sha1(bytes)) == version1 { return true }
        return truncated != nil && InfoHash(bytes: Digest.sha256(bytes).prefix(InfoHash.byteCount)) == truncated
    }

    /// Begins anew: nothing of a former attempt is used.
    private mutating func reset() {
        blocks = [:]
        senders = []
        size = nil
        only = nil
        for number in peers.keys { peers[number]?.asked = [:] }
    }

    private static func blockCount(_ size: Int) -> Int { (size - 1) / MetadataMessage.blockLength + 1 }

    private static func length(of piece: Int, in size: Int) -> Int {
        min(MetadataMessage.blockLength, size - piece * MetadataMessage.blockLength)
    }
}
