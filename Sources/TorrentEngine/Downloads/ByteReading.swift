/// Somebody who waits for bytes of a torrent.
struct ByteReading {
    let range: Range<Int64>
    let continuation: CheckedContinuation<Result<[UInt8], EngineError>, Never>

    func fail(_ error: EngineError) { continuation.resume(returning: .failure(error)) }
}
