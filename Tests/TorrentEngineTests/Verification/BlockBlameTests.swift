import Metainfo
import Testing

@testable import TorrentEngine

/// Who is banned for bad data, and who is not (P05).
@Suite struct BlockBlameTests {
    private let piece = PieceIndex(3)
    private let liar = PeerNumber(rawValue: 1)
    private let honest = PeerNumber(rawValue: 2)
    private let third = PeerNumber(rawValue: 3)

    private func digests(_ blocks: [UInt8], length: Int = 20) -> BlockDigests {
        BlockDigests(digestLength: length, bytes: blocks.flatMap { [UInt8](repeating: $0, count: length) })
    }

    private func bad(_ blocks: [UInt8], known: [Int]? = nil) -> BadPiece {
        BadPiece(digests: digests(blocks), blocks: known)
    }

    @Test func aSingleSenderIsBlamedAtOnce() {
        var blame = BlockBlame()
        #expect(blame.failed(piece, bad([1, 2]), senders: [0: liar, 1: liar]) == [liar])
        #expect(!blame.wantsDigests(of: piece))
    }

    /// Blocks of an earlier run have no sender: the peer may be innocent.
    @Test func aSenderBesideUnknownOnesIsNotBlamed() {
        var blame = BlockBlame()
        #expect(blame.failed(piece, bad([1, 2]), senders: [0: liar]).isEmpty)
        #expect(blame.failed(piece, bad([1, 2]), senders: [:]).isEmpty)
    }

    @Test func knownBadBlocksNameTheirSenders() {
        var blame = BlockBlame()
        let senders: BlockBlame.Senders = [0: honest, 1: liar, 2: honest]
        #expect(blame.failed(piece, bad([1, 9, 1], known: [1]), senders: senders) == [liar])
        #expect(!blame.wantsDigests(of: piece))
    }

    @Test func theGoodPieceNamesWhoSentOtherBlocks() {
        var blame = BlockBlame()
        #expect(blame.failed(piece, bad([1, 9, 3]), senders: [0: honest, 1: liar, 2: third]).isEmpty)
        #expect(blame.wantsDigests(of: piece))
        #expect(blame.suspects(of: piece) == [honest, liar, third])
        #expect(blame.verified(piece, digests: digests([1, 2, 3])) == [liar])
        #expect(!blame.wantsDigests(of: piece))
        #expect(blame.suspects(of: piece).isEmpty)
        #expect(blame.verified(piece, digests: digests([7, 7, 7])).isEmpty)
    }

    @Test func severalFailuresNameSeveralLiars() {
        var blame = BlockBlame()
        #expect(blame.failed(piece, bad([9, 2]), senders: [0: liar, 1: honest]).isEmpty)
        #expect(blame.failed(piece, bad([1, 9]), senders: [0: honest, 1: third]).isEmpty)
        #expect(blame.verified(piece, digests: digests([1, 2])) == [liar, third])
    }

    @Test func leavesThatBecomeKnownNameTheLiars() {
        var blame = BlockBlame()
        let failure = BadPiece(digests: digests([1, 9], length: 32), blocks: nil)
        #expect(blame.failed(piece, failure, senders: [0: honest, 1: liar]).isEmpty)
        #expect(blame.learned(leaves: digests([1, 2], length: 32).bytes, of: piece) == [liar])
    }

    @Test func digestsOfAnotherKindOrNoneBlameNobody() {
        var blame = BlockBlame()
        #expect(blame.failed(piece, bad([1, 9]), senders: [0: honest, 1: liar]).isEmpty)
        #expect(blame.verified(piece, digests: digests([1, 2], length: 32)).isEmpty)
        #expect(blame.failed(piece, bad([1, 9]), senders: [0: honest, 1: liar]).isEmpty)
        #expect(blame.verified(piece, digests: nil).isEmpty)
    }

    @Test func onlySoMuchIsRemembered() {
        var blame = BlockBlame(piecesKept: 2, failuresKept: 2)
        for number in 0..<3 as Range<UInt32> {
            _ = blame.failed(PieceIndex(number), bad([1, 9]), senders: [0: honest, 1: liar])
        }
        #expect(!blame.wantsDigests(of: PieceIndex(0)))
        #expect(blame.wantsDigests(of: PieceIndex(1)))
        #expect(blame.wantsDigests(of: PieceIndex(2)))
        for number in 10..<15 as Range<UInt64> {
            _ = blame.failed(
                PieceIndex(2), bad([9, 2]), senders: [0: PeerNumber(rawValue: number), 1: honest])
        }
        #expect(blame.verified(PieceIndex(2), digests: digests([1, 2])).count == 2)
    }

    @Test func digestsOutsideThePieceAreNone() {
        let two = digests([1, 2])
        #expect(two.count == 2)
        #expect(two[-1] == nil)
        #expect(two[2] == nil)
        #expect(BlockDigests(digestLength: 0, bytes: []).count == 0)
    }
}
