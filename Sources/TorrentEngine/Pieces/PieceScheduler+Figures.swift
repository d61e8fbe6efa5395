import Metainfo

extension PieceScheduler {
    /// Distributed copies: how often the rarest piece is there, and in the fraction how many pieces are there once
    /// more; our own pieces are not counted.
    var availability: Double {
        guard layout.pieceCount > 0, let rarest = rarity.levels.firstIndex(where: { $0 > 0 }) else { return 0 }
        let more = layout.pieceCount - rarity.levels[rarest]
        return Double(seeds + rarest) + Double(more) / Double(layout.pieceCount)
    }

    /// Who sent which block of an unfinished piece; blocks restored from disk are left out.
    func contributors(of piece: PieceIndex) -> [(begin: UInt32, peer: PeerNumber)] {
        guard let place = partials.place(of: Int(piece.rawValue)) else { return [] }
        return (0..<partials[place].blockCount).compactMap { index in
            let block = partials.blocks[place * partials.stride + index]
            guard block.isStored, let peer = block.peer else { return nil }
            return (UInt32(truncatingIfNeeded: index * Self.blockLength), peer)
        }
    }

    /// The pieces begun and not verified of which blocks have come, with these blocks.
    var partialPieces: [(piece: PieceIndex, blocks: Bitfield)] {
        partials.partials.indices.compactMap { place in
            let state = partials[place]
            guard state.piece != PartialPieces.none, state.stored > state.padded else { return nil }
            var blocks = Bitfield(count: state.blockCount)
            for index in 0..<state.blockCount {
                blocks[index] = partials.blocks[place * partials.stride + index].isStored
            }
            return (PieceIndex(UInt32(truncatingIfNeeded: state.piece)), blocks)
        }
    }

    /// What the scheduler knows of a peer.
    struct PeerFigures: Sendable, Hashable {
        /// Bytes a second that come from it.
        var rate: Double
        /// Requests that wait for an answer.
        var openRequests: Int
        /// Requests it should have open at this rate.
        var depth: Int
        var isSnubbing: Bool
        /// Pieces it has that we want and lack.
        var interestingPieces: Int
    }

    /// What a peer is seen to do; nil when it has not joined.
    func figures(of peer: PeerNumber) -> PeerFigures? {
        guard let place = findPlace(of: peer) else { return nil }
        let state = peers[place]
        return PeerFigures(
            rate: state.pipeline.rate, openRequests: state.requests.count, depth: state.pipeline.depth,
            isSnubbing: state.isSnubbing,
            interestingPieces: state.ownsAll ? missing.setCount : state.interesting)
    }
}
