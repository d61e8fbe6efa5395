/// Hands bytes from one writer to one reader, who are never apart by more than one part: a slow reader stops the
/// writer.
actor Handoff: ByteFlow {
    private enum Side: Hashable { case writer, reader }

    private var held: [UInt8]?
    private var end: Result<Void, any Error>?
    private var waiting: [Side: CheckedContinuation<Void, any Error>] = [:]

    /// Returns when the reader has taken the bytes.
    func put(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        held = bytes
        wake(.reader)
        while held != nil { try await wait(.writer) }
    }

    /// Says that nothing follows; with an error, that what came is not whole.
    func finish(_ result: Result<Void, any Error>) {
        end = end ?? result
        wake(.reader)
    }

    func bytes(at offset: Int64) async throws -> [UInt8]? {
        while held == nil {
            if let end {
                try end.get()
                return nil
            }
            try await wait(.reader)
        }
        defer {
            held = nil
            wake(.writer)
        }
        return held
    }

    private func wait(_ side: Side) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (place: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    place.resume(throwing: CancellationError())
                } else {
                    waiting[side] = place
                }
            }
        } onCancel: {
            Task { await self.giveUp(side) }
        }
    }

    private func wake(_ side: Side) { waiting.removeValue(forKey: side)?.resume() }

    private func giveUp(_ side: Side) {
        waiting.removeValue(forKey: side)?.resume(throwing: CancellationError())
    }
}
