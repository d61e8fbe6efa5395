import NIOCore

/// Answers to requests, as batches: the queued requests of the peer, read between their headers by one call into a
/// reused buffer, written by one call. Nothing is allocated per block.
extension PeerHandler {
    /// Starts the next batch when none is under way.
    func serve() {
        guard closing == nil, !serving.isBusy, let context, context.channel.isWritable, let torrent,
            connection?.requests.isEmpty == false
        else { return }
        guard let file = core.file(of: torrent) else { return }
        guard let bytes = core.uploadRoom(for: self, of: torrent, upTo: serving.batchBytes) else { return }
        connection?.takeBatch(into: &serving.batch, bytes: bytes)
        core.uploadTaken(serving.batch.reduce(0) { $0 + $1.length }, of: bytes, torrent)
        serving.isBusy = true
        var buffer = core.buffers.lend()
        BlockReader.layOut(serving.batch, in: &buffer)
        switch core.readCached(serving.batch, from: file, into: &buffer) {
        case .complete: write(buffer)
        case .mayBlock: readOnWorker(buffer, file)
        case .failed(let error): readFailed(error, buffer)
        }
    }

    private func readOnWorker(_ buffer: consuming ByteBuffer, _ file: ContentFile) {
        let job = ReadJob(buffer: buffer, requests: serving.batch, file: file)
        core.readWaiting(job) { outcome in
            var buffer = ByteBuffer()
            swap(&buffer, &job.buffer)
            guard self.closing == nil, self.context != nil else { return self.core.buffers.giveBack(buffer) }
            switch outcome {
            case .complete: self.write(buffer)
            case .mayBlock: self.readFailed(.unreadable(errno: 0), buffer)
            case .failed(let error): self.readFailed(error, buffer)
            }
        }
    }

    private func write(_ buffer: consuming ByteBuffer) {
        guard let context else { return core.buffers.giveBack(buffer) }
        serving.buffer = buffer
        if core.isLogging { core.logBatch(self) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { self.written($0) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }

    private func written(_ result: Result<Void, any Error>) {
        if let buffer = serving.buffer {
            serving.buffer = nil
            core.buffers.giveBack(buffer)
        }
        serving.isBusy = false
        let bytes = serving.batch.reduce(0) { $0 + $1.length }
        let count = serving.batch.count
        serving.batch.removeAll(keepingCapacity: true)
        guard case .success = result, closing == nil, let context else { return }
        serving.uploaded += Int64(bytes)
        serving.sinceTick += Int64(bytes)
        core.sent(bytes: bytes, blocks: count, of: torrent)
        let now = ContinuousClock.now
        connection?.lastSent = now
        // Not at once: other peers get their turn between two batches.
        if connection?.requests.isEmpty == false { context.eventLoop.assumeIsolated().execute { self.serve() } }
    }

    private func readFailed(_ error: ContentError, _ buffer: consuming ByteBuffer) {
        core.buffers.giveBack(buffer)
        let batch = serving.batch
        serving.batch.removeAll(keepingCapacity: true)
        serving.isBusy = false
        if let torrent { core.readFailed(error, of: torrent) }
        perform(connection?.contentFailed(for: batch) ?? [])
        flush()
    }

    /// The content is out of reach: all requests that wait are refused.
    func refuseRequests() {
        guard connection?.requests.isEmpty == false else { return }
        perform(connection?.contentFailed(for: []) ?? [])
        flush()
    }
}
