/// Writes one answer's streamed body through its connection.
struct StreamWriter: BodyWriter {
    let link: ConnectionLink
    let number: UInt64

    func write(_ bytes: [UInt8]) async throws {
        if bytes.isEmpty { return }
        let (link, number) = (link, number)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                link.perform { $0.writeStream(number, bytes, continuation) }
            }
        } onCancel: {
            link.perform { $0.endStream(number, isWhole: false) }
        }
    }
}
