import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// Recounts everything the scheduler keeps incrementally, and compares.
enum SchedulerInvariants {
    static func check(_ scheduler: PieceScheduler, at location: SourceLocation = #_sourceLocation) {
        checkPieces(scheduler, at: location)
        checkOrder(scheduler.rarity, of: scheduler.unbegun, at: location)
        checkPartials(scheduler, at: location)
        checkRequests(scheduler, at: location)
        checkPeers(scheduler, at: location)
    }

    private static func checkPieces(_ scheduler: PieceScheduler, at location: SourceLocation) {
        var wantedLeft: Int64 = 0
        var left: Int64 = 0
        for piece in 0..<scheduler.layout.pieceCount {
            let isBegun = scheduler.partials.place(of: piece) != nil
            let bytes = Int64(scheduler.length(of: piece))
            if !scheduler.have[piece] { left += bytes }
            if scheduler.missing[piece] { wantedLeft += bytes }
            expect(
                scheduler.missing[piece] == (scheduler.wantedPieces[piece] && !scheduler.have[piece]),
                "missing \(piece)", location)
            expect(scheduler.unbegun[piece] == (scheduler.missing[piece] && !isBegun), "unbegun \(piece)", location)
            expect(!(isBegun && scheduler.have[piece]), "verified and begun \(piece)", location)
        }
        expect(scheduler.wantedLeft == wantedLeft, "wantedLeft", location)
        expect(scheduler.left == left, "left", location)
    }

    static func checkOrder(
        _ rarity: RarityOrder, of pieces: PieceSet, at location: SourceLocation = #_sourceLocation
    ) {
        expect(rarity.order.count == pieces.setCount, "order has every unbegun piece", location)
        for level in 0..<rarity.bucketCount {
            for index in rarity.bucket(level) {
                let piece = Int(rarity.order[index])
                expect(pieces[piece] && rarity.contains(piece), "\(piece) in order", location)
                expect(Int(rarity.availability[piece]) == level, "\(piece) in bucket \(level)", location)
            }
        }
        expect(rarity.bucket(rarity.bucketCount - 1).upperBound == rarity.order.count, "buckets end", location)
        for (level, count) in rarity.levels.enumerated() {
            expect(rarity.availability.count { Int($0) == level } == count, "level \(level)", location)
        }
    }

    private static func checkPartials(_ scheduler: PieceScheduler, at location: SourceLocation) {
        let partials = scheduler.partials
        var unfilled: Set<Int> = []
        for place in partials.partials.indices where partials[place].piece != PartialPieces.none {
            let state = partials[place]
            let blocks = partials.blocks[place * partials.stride..<place * partials.stride + state.blockCount]
            expect(partials.place(of: state.piece) == place, "place of \(state.piece)", location)
            expect(state.free == blocks.count(where: \.isFree), "free blocks of \(state.piece)", location)
            expect(state.stored == blocks.count(where: \.isStored), "stored blocks of \(state.piece)", location)
            expect(
                blocks.prefix(state.hint).allSatisfy { !$0.isFree }, "no free block before the hint", location)
            expect(state.isWanted == scheduler.missing[state.piece], "\(state.piece) is wanted", location)
            if state.free > 0, state.isWanted { unfilled.insert(place) }
            for block in blocks where block.isStored {
                expect(block.first == OpenRequests.none, "a block that is there is asked of nobody", location)
            }
        }
        expect(Set(partials.unfilled) == unfilled && partials.unfilled.count == unfilled.count, "unfilled", location)
    }

    private static func checkRequests(_ scheduler: PieceScheduler, at location: SourceLocation) {
        var total = 0
        for place in scheduler.peers.indices {
            let peer = scheduler.peers[place]
            var blocks: Set<Int> = []
            var next = scheduler.requests.first(of: peer.requests)
            while let index = next {
                let item = scheduler.requests[index]
                let block = scheduler.partials.blocks[item.block]
                expect(item.peer == place, "request's peer", location)
                expect(block.first == index || block.second == index, "request known to its block", location)
                expect(blocks.insert(item.block).inserted, "a block once of each peer", location)
                next = scheduler.requests.next(after: index)
            }
            expect(blocks.count == peer.requests.count, "requests of peer", location)
            if peer.number == nil { expect(blocks.isEmpty, "requests of nobody", location) }
            total += blocks.count
        }
        expect(scheduler.requests.count == total, "requests", location)
        let linked = scheduler.partials.blocks.reduce(0) {
            $0 + ($1.first != OpenRequests.none ? 1 : 0) + ($1.second != OpenRequests.none ? 1 : 0)
        }
        expect(linked == total, "blocks know \(linked) of \(total) requests", location)
    }

    private static func checkPeers(_ scheduler: PieceScheduler, at location: SourceLocation) {
        let here = scheduler.peers.filter { $0.number != nil }
        expect(scheduler.seeds == here.count(where: \.ownsAll), "seeds", location)
        let counted = here.filter { !$0.ownsAll }
        for piece in 0..<scheduler.layout.pieceCount {
            let owners = counted.count { $0.pieces[piece] }
            expect(Int(scheduler.rarity.availability[piece]) == owners, "owners of \(piece)", location)
        }
        for peer in counted {
            let interesting = scheduler.missing.commonCount(with: peer.pieces)
            expect(peer.interesting == interesting, "interesting pieces", location)
        }
    }

    /// Quicker than a macro in loops of millions.
    private static func expect(_ holds: Bool, _ what: @autoclosure () -> String, _ location: SourceLocation) {
        if !holds { Issue.record(Comment(rawValue: what()), sourceLocation: location) }
    }
}
