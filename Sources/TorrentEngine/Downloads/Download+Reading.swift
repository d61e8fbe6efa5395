import Metainfo

/// Bytes for those who read along.
extension Download {
    func read(_ reading: ByteReading) {
        if case .failed(let reason) = state { return reading.fail(.failed(reason: reason)) }
        readers.append(reading)
        if scheduler != nil {
            wantedChanged()
            wakeReaders()
        }
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

    private func isThere(_ range: Range<Int64>, _ layout: PieceLayout, _ have: Bitfield) -> Bool {
        guard let pieces = layout.pieces(covering: range) else { return true }
        return (pieces.lowerBound.rawValue...pieces.upperBound.rawValue).allSatisfy { have[PieceIndex($0)] }
    }
}
