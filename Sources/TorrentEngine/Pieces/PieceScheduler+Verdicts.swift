import Metainfo

extension PieceScheduler {
    /// A piece is on disk and right.
    mutating func verified(_ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        guard index < layout.pieceCount, !have[index] else { return }
        endPartial(index)
        have[index] = true
        left -= Int64(length(of: index))
        unbegun[index] = false
        rarity.remove(index)
        guard missing[index] else { return }
        missing[index] = false
        wantedLeft -= Int64(length(of: index))
        countInterest(in: index, by: -1)
        if !lanes.isEmpty { lanes.advance(missing: missing) }
        if missing.isEmpty { wakesAll = true }
    }

    /// A piece did not match. `bad`: where its wrong blocks begin, when that is known; otherwise all are fetched anew,
    /// by one peer alone if possible, so that a liar is known at once.
    mutating func failed(_ piece: PieceIndex, bad: [UInt32]? = nil) {
        guard let place = partials.place(of: Int(piece.rawValue)) else { return }
        let named = (bad ?? []).compactMap { block(piece: piece, begin: $0) }.filter { partials.blocks[$0].isStored }
        let whole = place * partials.stride..<place * partials.stride + partials[place].blockCount
        partials[place].isVerifying = false
        partials[place].isSuspect = named.isEmpty && whole.count > 1
        for block in named.isEmpty ? Array(whole) : named { forget(block) }
        replenish()
    }

    /// The bytes of a piece are gone: it was verified, or some of its blocks had come.
    mutating func lostOnDisk(_ piece: PieceIndex) {
        let index = Int(piece.rawValue)
        if let place = partials.place(of: index) {
            partials[place].isVerifying = false
            let first = place * partials.stride
            for block in first..<first + partials[place].blockCount { forget(block) }
        }
        if have[index] {
            have[index] = false
            left += Int64(length(of: index))
            if wantedPieces[index] {
                missing[index] = true
                wantedLeft += Int64(length(of: index))
                countInterest(in: index, by: 1)
                reopen(index)
            }
        }
        replenish()
    }

    /// Blocks of an unfinished piece that were kept on disk. True: it is complete, to be verified.
    mutating func restore(_ piece: PieceIndex, blocks: Bitfield) -> Bool {
        let index = Int(piece.rawValue)
        guard index < layout.pieceCount, !have[index], partials.place(of: index) == nil, !blocks.isEmpty,
            blocks.count == Self.blockCount(ofBytes: length(of: index))
        else { return false }
        let place = begin(index)
        for index in 0..<blocks.count where blocks[index] {
            let block = place * partials.stride + index
            guard partials.blocks[block].isFree else { continue }
            partials.take(block)
            partials.blocks[block].isStored = true
            partials[place].stored += 1
        }
        partials[place].isVerifying = partials[place].stored == partials[place].blockCount
        return partials[place].isVerifying
    }

    // MARK: Steps

    /// A piece of which nothing is there or asked for goes back among the unbegun ones, when it is missing.
    mutating func reopen(_ piece: Int) {
        guard missing[piece] else { return }
        unbegun[piece] = true
        rarity.insert(piece)
        lanes.reopen(piece)
    }

    /// Begins a piece. Returns its place.
    mutating func begin(_ piece: Int) -> Int {
        unbegun[piece] = false
        rarity.remove(piece)
        let place = partials.begin(piece, bytes: length(of: piece))
        if !padding.isEmpty { skipPadding(in: place) }
        if !missing[piece] {
            partials[place].isWanted = false
            partials.unlist(place)
        }
        return place
    }

    /// Forgets all about a begun piece; what is open for it is cancelled.
    mutating func endPartial(_ piece: Int) {
        guard let place = partials.place(of: piece) else { return }
        let first = place * partials.stride
        for block in first..<first + partials[place].blockCount { cancelRequests(for: block) }
        partials.end(place)
    }

    /// Marks the blocks of a piece just begun that lie in padding.
    private mutating func skipPadding(in place: Int) {
        let start = Int64(partials[place].piece) * Int64(layout.pieceLength)
        let whole = start..<start + Int64(partials[place].bytes)
        var low = padding.startIndex
        var high = padding.endIndex
        while low < high {
            let middle = (low + high) / 2
            if padding[middle].upperBound > whole.lowerBound { high = middle } else { low = middle + 1 }
        }
        var padded: [Int] = []
        for range in padding[low...].prefix(while: { $0.lowerBound < whole.upperBound }) {
            let inside = range.clamped(to: whole)
            let first = (inside.lowerBound - start + Int64(Self.blockLength) - 1) / Int64(Self.blockLength)
            let isLast = inside.upperBound == whole.upperBound
            let end = isLast ? Int64(partials[place].blockCount) : (inside.upperBound - start) / Int64(Self.blockLength)
            if first < end { padded += (Int(first)..<Int(end)) }
        }
        guard padded.count < partials[place].blockCount else { return }
        for index in padded { partials.pad(place * partials.stride + index) }
    }

    private mutating func forget(_ block: Int) {
        guard partials.blocks[block].isStored, !partials.blocks[block].isPadding else { return }
        partials.blocks[block].isStored = false
        partials.blocks[block].peer = nil
        partials[block / partials.stride].stored -= 1
        partials.giveBack(block)
    }

    /// One piece more or fewer that peers have and we want.
    private mutating func countInterest(in piece: Int, by change: Int) {
        for place in peers.indices where peers[place].number != nil {
            guard !peers[place].ownsAll, peers[place].pieces[piece] else { continue }
            peers[place].interesting += change
            if peers[place].interesting == 0 { mark(place) }
        }
    }
}
