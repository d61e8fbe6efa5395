/// Gives a worker the bytes it asks for.
struct SourceServer: Sendable {
    let source: any MediaByteSource
    let socket: LocalSocket

    /// Answers until the worker closes its end. Throws `unreadable` with the source's sentence when that has failed,
    /// `workerFailed` when the worker asks for what it must not, and when cancelled.
    func run() async throws {
        while let bytes = try await socket.receive(SourceAsk.length) {
            guard let ask = SourceAsk(decoding: bytes, of: source.size) else {
                throw MediaError(.workerFailed, detail: "asked for bytes outside the film")
            }
            guard try await socket.send(SourceAsk.answer(try await answer(to: ask))) else { return }
        }
    }

    private func answer(to ask: SourceAsk) async throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try await source.bytes(at: ask.offset, upTo: ask.count)
        } catch let error as MediaError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw MediaError(.unreadable, detail: "\(error)")
        }
        guard (1...ask.count).contains(bytes.count) else {
            throw MediaError(.unreadable, detail: "the source answered \(bytes.count) of \(ask.count) bytes")
        }
        return bytes
    }
}
