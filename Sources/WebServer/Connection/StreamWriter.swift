/// Writes one answer's streamed body through its connection.
struct StreamWriter: BodyWriter {
    let link: ConnectionLink
    let number: UInt64

    func write(_ bytes: [UInt8]) async throws {
        if bytes.isEmpty { return }
        let number = number
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            link.perform { $0.writeStream(number, bytes, continuation) }
        }
    }
}
