import Subprocess

extension WorkerProcess {
    /// Hears what the worker says, to the end.
    static func listen(
        to words: SubprocessOutputSequence, _ start: AnswerReader, _ listener: WorkerListener
    ) async throws -> AnswerReader {
        var reader = start
        for try await buffer in words {
            for notice in try reader.take(bytes(of: buffer)) {
                if case .progress(let permille) = notice { listener.onProgress?(Double(permille) / 1000) }
                if case .beginning(let beginning) = notice { try await listener.onBegin?(beginning) }
            }
        }
        return reader
    }

    /// Passes on what the worker writes, once it has said what that will be.
    static func pass(
        _ output: SubprocessOutputSequence, after words: SubprocessOutputSequence, _ reader: AnswerReader,
        _ listener: WorkerListener
    ) async throws -> AnswerReader {
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        var told = listener
        told.onBegin = { clip in
            try await listener.onBegin?(clip)
            beginning.finish()
        }
        let hearing = told
        return try await withThrowingTaskGroup(of: AnswerReader?.self) { group in
            group.addTask {
                defer { beginning.finish() }
                return try await listen(to: words, reader, hearing)
            }
            group.addTask {
                for await _ in begun {}
                for try await buffer in output { try await listener.onOutput?(bytes(of: buffer)) }
                return nil
            }
            var ended = reader
            while let finished = try await group.next() { ended = finished ?? ended }
            return ended
        }
    }

    private static func bytes(of buffer: SubprocessOutputSequence.Buffer) -> [UInt8] {
        unsafe buffer.withUnsafeBytes { unsafe Array($0) }
    }
}
