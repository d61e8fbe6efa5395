import Cryptography
import Metainfo
import NIOCore
import NIOPosix

/// Metadata and what lies on the disk.
extension Download {
    /// Whether `info` bytes are this torrent's.
    func matches(_ infoBytes: [UInt8]) -> Bool {
        if let version2 { return InfoHashV2(bytes: Digest.sha256(infoBytes)) == version2 }
        return InfoHash(bytes: Digest.sha1(infoBytes)) == hash
            || InfoHash(bytes: Digest.sha256(infoBytes).prefix(InfoHash.byteCount)) == hash
    }

    /// The metadata has come from peers, or with a .torrent that was added later.
    func learned(_ torrent: Torrent) {
        guard self.torrent == nil else { return }
        adopt(torrent, layers: torrent.pieceLayers)
        fetch = nil
        note("metadata is there: \(torrent.info.name), \(torrent.info.pieceCount) pieces")
        if isPrivate { becamePrivate() }
        openContent(saved: nil)
    }

    /// Keeps the torrent's metadata; trackers and web seeds stay as they were asked for.
    func adopt(_ torrent: Torrent, layers: [[UInt8]: [UInt8]]) {
        var torrent = torrent
        if torrent.pieceLayers.isEmpty { torrent.pieceLayers = layers }
        self.torrent = torrent
        if torrent.info.hasV2 {
            learnedVersion2 = TorrentHashes(infoBytes: torrent.infoBytes, info: torrent.info)?.version2
        }
        name = torrent.info.name
        isChanged = true
    }

    // MARK: The check

    /// Looks at what lies on the disk.
    func openContent(saved: ResumeState?) {
        guard let torrent else { return }
        set(.validating)
        let storage = TorrentStorage(info: torrent.info, folder: folder)
        self.storage = storage
        if saved?.have != nil { ownsContent = true }
        let (check, run, known) = (check, run, known)
        onHashers(
            {
                if torrent.info.hasV2 { known.set(PieceLayers(torrent: torrent)) }
                return ContentPlan(check: check, saved: saved, storage: storage)
            },
            then: { plan in
                guard run == self.run else { return }
                self.follow(plan, storage)
            })
    }

    private func follow(_ plan: ContentPlan, _ storage: TorrentStorage) {
        switch plan {
        case .known(let have, let partials): contentChecked(have, partials: partials, storage)
        case .check(let pieces, let have, let partials):
            hash(pieces, have: have, partials: partials, storage)
        case .impossible(let error): fail(error)
        }
    }

    private func hash(_ pieces: [PieceIndex]?, have: Bitfield, partials: [PartialPiece], _ storage: TorrentStorage) {
        let flag = StopFlag()
        let job = RecheckJob(
            storage: storage, truth: known.truth(of: storage.info), pieces: pieces, have: have,
            isCancelled: { flag.isSet })
        checkFlag = flag
        recheckJob = job
        note("checking \(job.progress.total) pieces")
        var left = core.hasherCount
        for _ in 0..<core.hasherCount {
            onHashers(
                { job.work() },
                then: { _ in
                    left -= 1
                    guard left == 0, self.recheckJob === job else { return }
                    self.recheckJob = nil
                    guard !flag.isSet else { return }
                    self.hashed(job, partials: partials, isWhole: pieces == nil, storage)
                })
        }
    }

    private func hashed(_ job: RecheckJob, partials: [PartialPiece], isWhole: Bool, _ storage: TorrentStorage) {
        do throws(StorageError) {
            let have = try job.result()
            guard isWhole, check == .asSaved else { return contentChecked(have, partials: partials, storage) }
            let run = run
            onHashers({ Result { () throws(StorageError) in try storage.foreignFile(besides: have) } }) { found in
                guard run == self.run else { return }
                switch found {
                case .success(nil): self.contentChecked(have, partials: [], storage)
                case .success(let path?): self.fail(.foreignFile(path: path))
                case .failure(let error): self.fail(error)
                }
            }
        } catch {
            fail(error)
        }
    }

    /// It is known which pieces are there.
    private func contentChecked(_ have: Bitfield, partials: [PartialPiece], _ storage: TorrentStorage) {
        guard !have.isFull else { return contentReady(have, partials: partials, storage) }
        let run = run
        onHashers({ Result { () throws(StorageError) in try storage.prepare() } }) { prepared in
            guard run == self.run else { return }
            switch prepared {
            case .success: self.contentReady(have, partials: partials, storage)
            case .failure(let error): self.fail(error)
            }
        }
    }

    /// The files can be read and written.
    private func contentReady(_ have: Bitfield, partials: [PartialPiece], _ storage: TorrentStorage) {
        guard let torrent else { return }
        check = .asSaved
        ownsContent = true
        let info = torrent.info
        let truth = known.truth(of: info)
        buffers = PieceBuffers(storage: storage, truth: truth, memoryLimit: core.limits.pieceMemory)
        scheduler = PieceScheduler(
            layout: info.layout, have: have, wanted: readers.reduce(wanted) { $0.first($1.range) },
            padding: info.files.filter(\.isPadding).map { $0.offset..<$0.offset + $0.length },
            seed: .random(in: 0...UInt64.max))
        restore(partials)
        active.replace(with: seeded(torrent, storage))
        active.info = .loaded(torrent.infoBytes)
        if info.hasV2, let layers = known.layers { active.layers = .known(layers) }
        wakeReaders()
        if active.download != nil {
            startHashFetch()
            core.add(active.torrent)
            for peer in active.peers.values { learnLayout(peer) }
            startWebSeeds()
            goOn()
        } else {
            enterSwarm()
        }
    }

    private func seeded(_ torrent: Torrent, _ storage: TorrentStorage) -> SeededTorrent {
        let hashes = TorrentHashes(infoBytes: torrent.infoBytes, info: torrent.info)
        let names = [hashes?.wire, hashes?.alias].compactMap(\.self).filter { $0 != hash }
        return SeededTorrent(
            infoHash: hash, aliases: names, infoBytes: torrent.infoBytes, layout: torrent.info.layout,
            content: StorageContent(storage))
    }

    private func restore(_ partials: [PartialPiece]) {
        for partial in partials {
            guard let places = buffers?.restore(partial), !places.isEmpty else { continue }
            var blocks = Bitfield(count: partial.blocks.count)
            for place in places { blocks[place.lowerBound / PieceScheduler.blockLength] = true }
            if scheduler?.restore(partial.piece, blocks: blocks) == true { verify(partial.piece) }
        }
    }
}
