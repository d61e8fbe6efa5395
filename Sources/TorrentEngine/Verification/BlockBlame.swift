import Metainfo

/// Finds out who sends bad data, block by block, so that nobody is banned for what others sent.
///
/// A bad piece from one sender blames it at once, and so do blocks whose own hash is known. Otherwise the digests of
/// the blocks are kept with their senders until the piece is good: whoever sent another block than the good one lied.
struct BlockBlame: Sendable {
    /// Who sent a block, by its number in the piece.
    typealias Senders = [Int: PeerNumber]

    private struct Failure {
        let digests: BlockDigests
        let senders: Senders
    }

    private var failures: [PieceIndex: [Failure]] = [:]
    /// The remembered pieces, the one that failed first in front.
    private var order: [PieceIndex] = []
    private let piecesKept: Int
    private let failuresKept: Int

    /// Remembers at most `piecesKept` bad pieces and of each the last `failuresKept` failures.
    init(piecesKept: Int = 256, failuresKept: Int = 8) {
        self.piecesKept = max(1, piecesKept)
        self.failuresKept = max(1, failuresKept)
    }

    /// A piece was bad. Returns those who are known to have sent bad blocks of it.
    mutating func failed(_ piece: PieceIndex, _ bad: BadPiece, senders: Senders) -> Set<PeerNumber> {
        if let blocks = bad.blocks { return Set(blocks.compactMap { senders[$0] }) }
        let everybody = Set(senders.values)
        // Blocks without a sender were left by an earlier run: then nobody is alone.
        if everybody.count == 1, senders.count >= bad.digests.count { return everybody }
        remember(Failure(digests: bad.digests, senders: senders), of: piece)
        return []
    }

    /// Whether the digests of a piece's blocks are wanted when it is good.
    func wantsDigests(of piece: PieceIndex) -> Bool { failures[piece] != nil }

    /// Who may have sent bad blocks of a piece: it is better asked from one peer alone.
    func suspects(of piece: PieceIndex) -> Set<PeerNumber> {
        (failures[piece] ?? []).reduce(into: []) { $0.formUnion($1.senders.values) }
    }

    /// A piece is good, with the digests of its blocks. Returns those who sent other blocks before.
    mutating func verified(_ piece: PieceIndex, digests: BlockDigests?) -> Set<PeerNumber> {
        guard let failed = failures.removeValue(forKey: piece) else { return [] }
        order.removeAll { $0 == piece }
        guard let digests else { return [] }
        return failed.reduce(into: []) { $0.formUnion(Self.liars(in: $1, truth: digests)) }
    }

    /// The hashes of a piece's blocks became known (BEP 52). Returns those who sent other blocks before.
    mutating func learned(leaves: [UInt8], of piece: PieceIndex) -> Set<PeerNumber> {
        verified(piece, digests: BlockDigests(digestLength: 32, bytes: leaves))
    }

    private mutating func remember(_ failure: Failure, of piece: PieceIndex) {
        if failures[piece] == nil {
            if order.count >= piecesKept { failures[order.removeFirst()] = nil }
            order.append(piece)
        }
        failures[piece, default: []].append(failure)
        if failures[piece, default: []].count > failuresKept { failures[piece]?.removeFirst() }
    }

    private static func liars(in failure: Failure, truth: BlockDigests) -> [PeerNumber] {
        guard failure.digests.digestLength == truth.digestLength else { return [] }
        return failure.senders.compactMap { block, sender in
            guard let sent = failure.digests[block], let good = truth[block] else { return nil }
            return sent == good ? nil : sender
        }
    }
}
