import Glibc

extension MediaWorkerClient {
    /// Cuts [start, end) out of a film without encoding anything anew, into a file that must not exist yet.
    ///
    /// It holds everything from the key frame at or before `start` to the last packet before `end`. MP4 and MOV tell
    /// players to begin at `start`; other containers begin at the key frame, and the result says so. The file appears
    /// when it is whole; nothing stays of a cut that fails or is cancelled.
    ///
    /// - Parameters:
    ///   - path: the film.
    ///   - start: seconds from the film's beginning.
    ///   - end: seconds from the film's beginning, after `start`; one behind the film's end is that end.
    ///   - output: the new file; the ending of its name says the container, as the film's own where it says nothing.
    public func cut(
        file path: String, start: Double, end: Double, to output: String
    ) async throws(CutError) -> CutFacts {
        let target = try CutTarget(output)
        let format = CutFormat(fileName: output)
        let facts = try await cut(file: path, start: start, end: end, as: format, into: target.raw)
        try target.finish()
        return facts
    }

    /// The same into an open, empty, regular file.
    ///
    /// - Parameters:
    ///   - format: what is written; as the film is when nil.
    ///   - descriptor: open for reading and writing; it stays open. What it holds after an error is of no use.
    ///   - byteLimit: the most bytes to write; twice the film and 64 MiB when nil.
    public func cut(
        file path: String, start: Double, end: Double, as format: CutFormat?, into descriptor: CInt,
        byteLimit: UInt64? = nil
    ) async throws(CutError) -> CutFacts {
        let limit: UInt64
        do throws(MediaError) {
            if let byteLimit { limit = byteLimit } else { limit = try Self.mostBytes(ofCutFrom: path) }
        } catch {
            throw CutError(error)
        }
        guard let order = CutOrder(start: start, end: end, format: format, byteLimit: limit) else {
            throw CutError.badInterval
        }
        let report = try await report(on: order, about: path, into: descriptor)
        switch report {
        case .made(let made):
            guard Self.size(of: descriptor) == made.bytes else {
                throw CutError(MediaError(.workerFailed, detail: "output of another length"))
            }
            return CutFacts(made, of: order)
        case .beyondEnd(let end): throw .beyondEnd(end)
        case .unfit(let streams, let format): throw .unfit(streams, format)
        case .noTimes:
            throw CutError(
                .notCuttable, "This film's packets have no times, so it can only be cut by encoding it anew.")
        case .nothing: throw CutError(.notCuttable, "This film has nothing that could go into such a file.")
        case .outputFailed(let number): throw .output(number)
        }
    }

    private func report(
        on order: CutOrder, about path: String, into descriptor: CInt
    ) async throws(CutError) -> CutReport {
        do throws(MediaError) {
            guard let bytes = try await process.answer(to: .cut(order), about: path, writing: descriptor) else {
                throw MediaError(.workerFailed, detail: "no report")
            }
            do {
                return try CutReport(decoding: bytes)
            } catch {
                throw MediaError(.workerFailed, detail: "report: \(error)")
            }
        } catch {
            throw CutError(error)
        }
    }

    private static func mostBytes(ofCutFrom path: String) throws(MediaError) -> UInt64 {
        let source = try SourceDescriptor.open(path)
        return (size(of: source.raw) ?? 0) * 2 + 64 << 20
    }

    private static func size(of descriptor: CInt) -> UInt64? {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_size >= 0, facts.st_size < 1 << 48 else { return nil }
        return UInt64(facts.st_size)
    }
}

extension CutFacts {
    fileprivate init(_ made: CutReport.Made, of order: CutOrder) {
        let begin = made.format.beginsAnywhere ? order.start : made.actualStart
        self.init(
            start: Double(order.start) / 1_000_000, end: Double(order.end) / 1_000_000,
            actualStart: Double(made.actualStart) / 1_000_000, beginsAsAsked: made.format.beginsAnywhere,
            duration: Double(max(0, made.actualEnd - begin)) / 1_000_000, bytes: made.bytes,
            container: made.format.container.rawValue, fileExtension: made.format.fileExtension,
            leftOut: made.leftOut.map { LeftOut(kind: $0.kind, codec: $0.codec) }, losesRotation: made.losesRotation)
    }
}
