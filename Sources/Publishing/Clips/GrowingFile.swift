/// A file without a name that one writes and any number read at the same time, each at their own pace.
actor GrowingFile: ByteFlow {
    private static let partLength: Int64 = 256 << 10

    nonisolated let spool: SpoolFile
    private(set) var size: Int64 = 0
    private var end: Result<Void, any Error>?
    private var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    private var nextNumber: UInt64 = 0

    init(_ spool: SpoolFile) { self.spool = spool }

    /// Adds bytes; readers see them when they are written.
    func append(_ bytes: [UInt8]) async throws(FileError) {
        let (spool, offset) = (spool, size)
        try await BlockingWork.run { () throws(FileError) in try spool.write(bytes, at: offset) }
        size += Int64(bytes.count)
        wake()
    }

    /// Says that nothing follows; with an error, that what is there is not whole.
    func finish(_ result: Result<Void, any Error>) {
        end = end ?? result
        wake()
    }

    func bytes(at offset: Int64) async throws -> [UInt8]? {
        while offset >= size {
            if let end {
                try end.get()
                return nil
            }
            try await wait()
        }
        let (spool, count) = (spool, Int(min(Self.partLength, size - offset)))
        return try await BlockingWork.run { () throws(FileError) in try spool.read(at: offset, count: count) }
    }

    private func wait() async throws {
        nextNumber += 1
        let number = nextNumber
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (place: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    place.resume(throwing: CancellationError())
                } else {
                    waiting[number] = place
                }
            }
        } onCancel: {
            Task { await self.giveUp(number) }
        }
    }

    private func giveUp(_ number: UInt64) {
        waiting.removeValue(forKey: number)?.resume(throwing: CancellationError())
    }

    private func wake() {
        let woken = waiting.values
        waiting = [:]
        for place in woken { place.resume() }
    }
}
