import Catalog
import Logging
import Metainfo
import Store

/// One import, from its claim to a video, a question to the publisher, or the sentence that tells why not.
struct ImportWork: Sendable {
    let claimed: ClaimedImport
    let store: Store
    let fetching: any TorrentFetching
    let taking: TakeFile
    let folder: String
    let logger: Logger

    private var hash: InfoHash { claimed.facts.infoHash }

    /// How the work ended.
    enum Outcome: Equatable {
        /// It is a video now, or can become none: what was fetched can go.
        case ended
        /// It waits for the publisher or for another attempt: what was fetched stays.
        case stopped
    }

    /// Works until there is nothing to do but wait. Cancelled, it lets go of the claim, so that any node can go on.
    func run() async -> Outcome {
        let outcome: Outcome
        do {
            outcome = try await goOn()
        } catch let error as PublishingError {
            await fail(error.message)
            outcome = .stopped
        } catch is CancellationError {
            try? await store.imports.release(claimed)
            outcome = .stopped
        } catch {
            // The database is away: the lease ends, and whoever claims the import next goes on.
            logger.notice("import interrupted", metadata: ["import": "\(claimed.facts.id)", "reason": "\(error)"])
            outcome = .stopped
        }
        await fetching.end(hash)
        return outcome
    }

    private func goOn() async throws -> Outcome {
        let known = try await store.imports.video(of: claimed.facts)
        if let video = known.own { return try await finish(video, "") }
        if let slug = known.other {
            throw PublishingError(.conflict, "This site has this torrent already, as the video “\(slug.rawValue)”.")
        }
        let source = try ImportSource(claimed.source)
        try await fetching.begin(source, hash: hash, folder: folder)
        guard let torrent = try await metadata() else { return .ended }
        guard let file = try choice(among: FilmFiles.candidates(in: torrent.info)) else {
            return try await ask(FilmFiles.candidates(in: torrent.info)) ? .stopped : .ended
        }
        try await taking.requireRoom(for: file.length)
        guard try await fetch(file, of: torrent.info) else { return .ended }
        await fetching.end(hash)
        let kept = KeptTorrent(torrent, source: source, file: file)
        let (video, isKept) = try await taking.publish(
            file, of: torrent.info, in: folder, words: claimed.facts, keeping: kept)
        return try await finish(
            video.id, isKept ? "" : "The film has a torrent of its own here: \(KeptTorrent.reason(torrent.info)).")
    }

    /// Nil where the publisher gave the import up meanwhile.
    private func metadata() async throws -> Torrent? {
        while true {
            if let torrent = await fetching.torrent(of: hash) { return torrent }
            guard let progress = try await look() else { return nil }
            if let failure = progress.failure { throw PublishingError(.broken, failure) }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func choice(among files: [ImportFile]) throws(PublishingError) -> ImportFile? {
        guard !files.isEmpty else { throw PublishingError(.notAVideo, "This torrent has no file with anything in it.") }
        if files.count == 1 { return files.first }
        return claimed.facts.chosenFile.flatMap { number in files.first { $0.number == number } }
    }

    private func ask(_ files: [ImportFile]) async throws(StoreError) -> Bool {
        try await store.imports.offer(files, of: claimed)
    }

    /// False where the publisher gave the import up meanwhile.
    private func fetch(_ file: ImportFile, of info: TorrentInfo) async throws -> Bool {
        let start = info.files[file.number].offset
        await fetching.want(start..<start + file.length, of: hash)
        while true {
            guard let progress = try await look(name: info.name) else { return false }
            if let failure = progress.failure { throw PublishingError(.broken, failure) }
            if progress.isDone { break }
            try await Task.sleep(for: .seconds(1))
        }
        return try await store.imports.note(
            claimed, .publishing, ImportProgress(wanted: file.length, fetched: file.length))
    }

    /// How the fetching stands, told to the publisher as well; nil where the import was given up.
    private func look(name: String? = nil) async throws -> FetchProgress? {
        guard let progress = await fetching.progress(of: hash) else {
            throw PublishingError(.unavailable, "The peer engine does not fetch this torrent any more.")
        }
        let noted = ImportProgress(
            wanted: progress.wanted, fetched: progress.fetched, rate: progress.rate, peers: progress.peers)
        return try await store.imports.note(claimed, .fetching, noted, name: name) ? progress : nil
    }

    private func finish(_ video: VideoID, _ remark: String) async throws(StoreError) -> Outcome {
        _ = try await store.imports.finish(claimed, as: video, remark: remark)
        return .ended
    }

    private func fail(_ reason: String) async {
        do {
            _ = try await store.imports.fail(claimed, reason: reason)
        } catch {
            logger.notice("import not marked", metadata: ["import": "\(claimed.facts.id)", "reason": "\(error)"])
        }
    }
}
