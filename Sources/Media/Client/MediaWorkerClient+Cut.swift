import Glibc

extension MediaWorkerClient {
    /// Cuts [start, end) out of a film, into a file that must not exist yet.
    ///
    /// A copy holds everything from the key frame at or before `start` to the last packet before `end`. MP4 and MOV tell
    /// players to begin at `start`; other containers begin at the key frame, and the result says so. The file appears
    /// when it is whole; nothing stays of a cut that fails or is cancelled.
    ///
    /// - Parameters:
    ///   - path: the film.
    ///   - request: the interval, and how it is cut. Without a format the ending of the output's name says it, or the
    ///     film's own container is taken.
    ///   - output: the new file.
    ///   - progress: told the share that is done, 0...1, where that takes long.
    public func cut(
        file path: String, _ request: CutRequest, to output: String, progress: (@Sendable (Double) -> Void)? = nil
    ) async throws(CutError) -> CutFacts {
        try await cut(.file(path), request, to: output, progress)
    }

    /// The same of bytes from elsewhere, which are asked for as the cut goes on. With a guide from an index the source is
    /// a `SplicedSource`, and only what its plan names is read.
    public func cut(
        _ source: any MediaByteSource, _ request: CutRequest, to output: String,
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws(CutError) -> CutFacts {
        try await cut(.source(source), request, to: output, progress)
    }

    /// The same into an open, empty, regular file.
    ///
    /// - Parameter descriptor: open for reading and writing; it stays open. What it holds after an error is of no use.
    public func cut(
        file path: String, _ request: CutRequest, into descriptor: CInt,
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws(CutError) -> CutFacts {
        try await cut(.file(path), request, into: descriptor, progress)
    }

    /// The same of bytes from elsewhere into an open, empty, regular file.
    public func cut(
        _ source: any MediaByteSource, _ request: CutRequest, into descriptor: CInt,
        progress: (@Sendable (Double) -> Void)? = nil
    ) async throws(CutError) -> CutFacts {
        try await cut(.source(source), request, into: descriptor, progress)
    }

    /// A copy of [start, end), in seconds, as the ending of the output's name says.
    public func cut(
        file path: String, start: Double, end: Double, to output: String
    ) async throws(CutError) -> CutFacts {
        try await cut(file: path, CutRequest(start: start, end: end), to: output)
    }

    /// A copy of [start, end), in seconds, into an open, empty, regular file.
    public func cut(
        file path: String, start: Double, end: Double, as format: CutFormat?, into descriptor: CInt,
        byteLimit: UInt64? = nil
    ) async throws(CutError) -> CutFacts {
        let request = CutRequest(start: start, end: end, format: format, byteLimit: byteLimit)
        return try await cut(file: path, request, into: descriptor)
    }

    private func cut(
        _ film: WorkerFilm, _ request: CutRequest, to output: String, _ progress: (@Sendable (Double) -> Void)?
    ) async throws(CutError) -> CutFacts {
        let target = try CutTarget(output)
        var request = request
        request.format = request.format ?? CutFormat(fileName: output)
        let facts = try await cut(film, request, into: target.raw, progress)
        try target.finish()
        return facts
    }

    private func cut(
        _ film: WorkerFilm, _ request: CutRequest, into descriptor: CInt, _ progress: (@Sendable (Double) -> Void)?
    ) async throws(CutError) -> CutFacts {
        let order = try Self.order(request, output: .file, of: film)
        let made = try await made(
            order, of: film, writing: descriptor, WorkerListener(onProgress: progress))
        guard Self.size(of: descriptor) == made.bytes else {
            throw CutError(MediaError(.workerFailed, detail: "output of another length"))
        }
        return CutFacts(made, of: order)
    }

    /// The order for `request`. Throws `badInterval`, or `source` for a file that cannot be opened.
    static func order(
        _ request: CutRequest, output: CutOutput, of film: WorkerFilm
    ) throws(CutError) -> CutOrder {
        let limit: UInt64
        do throws(MediaError) {
            if let wanted = request.byteLimit {
                limit = wanted
            } else {
                limit = mostBytes(try film.size(), request.mode)
            }
        } catch {
            throw CutError(error)
        }
        guard let order = CutOrder(request, output: output, byteLimit: limit) else { throw CutError.badInterval }
        return order
    }

    /// Has `order` done. Throws the error that the worker's report is.
    func made(
        _ order: CutOrder, of film: WorkerFilm, writing descriptor: CInt?, _ listener: WorkerListener
    ) async throws(CutError) -> CutReport.Made {
        switch try await report(on: order, of: film, writing: descriptor, listener) {
        case .made(let made): return made
        case .beyondEnd(let end): throw .beyondEnd(end)
        case .unfit(let streams, let format): throw .unfit(streams, format)
        case .noTimes:
            throw CutError(
                .notCuttable, "This film's packets have no times, so it can only be cut by encoding it anew.")
        case .nothing: throw CutError(.notCuttable, "This film has nothing that could go into such a file.")
        case .outputFailed(let number): throw .output(number)
        case .tooLong: throw .tooLong
        case .tooLarge: throw .tooLarge
        }
    }

    private func report(
        on order: CutOrder, of film: WorkerFilm, writing descriptor: CInt?, _ listener: WorkerListener
    ) async throws(CutError) -> CutReport {
        do throws(MediaError) {
            guard let bytes = try await process.answer(to: .cut(order), about: film, writing: descriptor, listener)
            else { throw MediaError(.workerFailed, detail: "no report") }
            do {
                return try CutReport(decoding: bytes)
            } catch {
                throw MediaError(.workerFailed, detail: "report: \(error)")
            }
        } catch {
            throw CutError(error)
        }
    }

    /// Encoding anew may take more: a WAV of a small MP3.
    private static func mostBytes(_ size: UInt64, _ mode: CutMode) -> UInt64 {
        min(size, 1 << 48) * 2 + (mode == .exact ? 1088 : 64) << 20
    }

    private static func size(of descriptor: CInt) -> UInt64? {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_size >= 0, facts.st_size < 1 << 48 else { return nil }
        return UInt64(facts.st_size)
    }
}

extension CutFacts {
    init(_ made: CutReport.Made, of order: CutOrder) {
        let isAsAsked = order.mode == .exact || (made.format.beginsAnywhere && order.output == .file)
        let begin = isAsAsked ? order.start : made.actualStart
        self.init(
            start: Double(order.start) / 1_000_000, end: Double(order.end) / 1_000_000,
            actualStart: Double(made.actualStart) / 1_000_000, beginsAsAsked: isAsAsked,
            duration: Double(max(0, made.actualEnd - begin)) / 1_000_000, bytes: made.bytes,
            container: made.format.container.rawValue, fileExtension: made.format.fileExtension,
            leftOut: made.leftOut.map { LeftOut(kind: $0.kind, codec: $0.codec) }, losesRotation: made.losesRotation)
    }
}
