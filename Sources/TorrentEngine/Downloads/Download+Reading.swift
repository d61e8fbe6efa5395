import Metainfo

/// Bytes for those who read along.
extension Download {
    func read(_ reading: ByteReading) {
        if case .failed(let reason) = state { return reading.fail(.failed(reason: reason)) }
        if reading.withdrawal.isMade { return reading.fail(.cancelled) }
        readers.append(reading)
        if scheduler != nil {
            wantedChanged()
            wakeReaders()
        }
    }

    /// Lets go of those who wait no longer; what only they wanted is wanted no longer.
    func dismissReaders() {
        let before = readers.count
        readers.removeAll { reader in
            guard reader.withdrawal.isMade else { return false }
            reader.fail(.cancelled)
            return true
        }
        if scheduler != nil, readers.count < before { wantedChanged() }
    }

    /// Serves the readers whose pieces are there.
    func wakeReaders() {
        guard let layout = info?.layout, let storage, !readers.isEmpty else { return }
        let have = have
        var served = false
        readers.removeAll { reader in
            guard reader.range.lowerBound >= 0, reader.range.upperBound <= layout.totalLength else {
                reader.fail(.outOfRange)
                return true
            }
            guard isThere(reader.range, layout, have) else { return false }
            served = true
            let (range, continuation) = (reader.range, reader.continuation)
            onHashers(
                {
                    do throws(StorageError) {
                        continuation.resume(returning: .success(try storage.read(range)))
                    } catch {
                        continuation.resume(returning: .failure(.failed(reason: "\(error)")))
                    }
                }, then: { _ in })
            return true
        }
        if served { scheduler?.want(readers.reduce(wanted) { $0.first($1.range) }, now: .now) }
    }

    /// Bytes of the pieces with any of these bytes that are not there; nil while that is not known.
    func missingBytes(in ranges: [Range<Int64>]) -> Int64? {
        guard let scheduler, let layout = info?.layout else { return nil }
        var pieces: Set<PieceIndex> = []
        for run in WantedBytes(ranges: ranges).pieces(in: layout) {
            for number in run.lowerBound.rawValue...run.upperBound.rawValue where !scheduler.have[PieceIndex(number)] {
                pieces.insert(PieceIndex(number))
            }
        }
        return pieces.reduce(0) { $0 + Int64(layout.length(of: $1) ?? 0) }
    }

    private func isThere(_ range: Range<Int64>, _ layout: PieceLayout, _ have: Bitfield) -> Bool {
        guard let pieces = layout.pieces(covering: range) else { return true }
        return (pieces.lowerBound.rawValue...pieces.upperBound.rawValue).allSatisfy { have[PieceIndex($0)] }
    }
}
