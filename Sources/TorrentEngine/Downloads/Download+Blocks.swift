import Cryptography
import Metainfo
import NIOCore
import PeerWire

/// Blocks come in, and whole pieces are checked.
extension Download {
    /// A block has come. Returns whether it was wanted.
    func received(
        _ block: RawSpan, piece: PieceIndex, begin: UInt32, from peer: PeerHandler, now: ContinuousClock.Instant
    ) -> Bool {
        count(block.byteCount, now: now)
        guard let receipt = receipt(peer.number, piece, begin, block.byteCount, now) else { return false }
        buffers?.store(piece: piece, begin: begin, bytes: block)
        stored(piece, receipt)
        return true
    }

    /// Nil when the block is of no use.
    func receipt(
        _ number: PeerNumber, _ piece: PieceIndex, _ begin: UInt32, _ length: Int, _ now: ContinuousClock.Instant
    ) -> PieceScheduler.Receipt? {
        let receipt = scheduler?.received(number, piece: piece, begin: begin, length: length, now: now) ?? .unwanted
        guard receipt == .unwanted else { return receipt }
        wasted += Int64(length)
        return nil
    }

    func stored(_ piece: PieceIndex, _ receipt: PieceScheduler.Receipt) {
        if receipt == .storeLast { verify(piece) }
        flushWhenFull()
    }

    func count(_ length: Int, now: ContinuousClock.Instant) {
        downloaded += Int64(length)
        downMeter.add(length, now: now)
        core.rates.spend(length, torrent: hash, .download, now: now)
    }

    /// Nothing more is read from the peers for now.
    var holdsReads: Bool { buffers?.isFull == true || core.holdsDownloads(of: self) }

    // MARK: Checks

    func verify(_ piece: PieceIndex) {
        guard let job = buffers?.job(for: piece, wantsDigests: blame.wantsDigests(of: piece)) else { return }
        run(job)
    }

    private func run(_ job: VerifyJob) {
        let buffers = buffers
        onHashers(
            { _ = job.run() },
            then: { _ in
                buffers?.finished(job)
                guard let buffers, buffers === self.buffers else { return }
                self.checked(job)
                self.readersOn()
                self.settle()
                for peer in self.active.peers.values { peer.flush() }
            })
    }

    private func run(_ flush: FlushJob) {
        let buffers = buffers
        onHashers(
            { _ = flush.run() },
            then: { _ in
                let jobs = buffers?.flushed(flush) ?? []
                guard let buffers, buffers === self.buffers else { return }
                for job in jobs { self.run(job) }
                if let failure = flush.failure { self.fail(failure) } else { self.flushWhenFull() }
                self.readersOn()
            })
    }

    /// Makes room when more is in memory than allowed. Not only after a block: while nothing is read, none comes.
    func flushWhenFull() {
        if let flush = buffers?.flushJob() { run(flush) }
    }

    private func checked(_ job: VerifyJob) {
        let piece = job.piece
        switch job.outcome {
        case .good(let digests): good(piece, digests)
        case .bad(let bad): self.bad(piece, bad)
        case .inconsistent: fail(.inconsistentHashes(piece: piece.rawValue))
        case .unverifiable: unverified.insert(piece)
        case .failed(let error):
            unverified.insert(piece)
            fail(error)
        }
    }

    private func good(_ piece: PieceIndex, _ digests: BlockDigests?) {
        scheduler?.verified(piece)
        isChanged = true
        for liar in blame.verified(piece, digests: digests) { ban(liar, for: .badData) }
        for peer in active.peers.values {
            if let message = peer.connection?.offer(piece) { peer.send(message) }
        }
        if !readers.isEmpty { wakeReaders() }
        if isUploadOnly { finished() }
    }

    private func bad(_ piece: PieceIndex, _ bad: BadPiece) {
        let size = PieceScheduler.blockLength
        let contributors = scheduler?.contributors(of: piece) ?? []
        let senders = contributors.reduce(into: BlockBlame.Senders()) { $0[Int($1.begin) / size] = $1.peer }
        note("piece \(piece) is bad, from \(Set(senders.values).count) peers")
        let length = bad.blocks.map { $0.count * size } ?? info?.layout.length(of: piece) ?? 0
        wasted += Int64(length)
        scheduler?.failed(piece, bad: bad.blocks.map { $0.map { UInt32(clamping: $0 * size) } })
        for liar in blame.failed(piece, bad, senders: senders) { ban(liar, for: .badData) }
        if bad.blocks == nil, known.layers != nil { hashFetch?.wantLeaves(of: piece) }
    }

    /// Pieces that could not be checked or written are tried again.
    func retryUnverified() {
        let pieces = unverified
        unverified = []
        for piece in pieces { verify(piece) }
    }

    private func readersOn() {
        for peer in active.peers.values { peer.readOn() }
        holdWebSeeds()
    }
}
