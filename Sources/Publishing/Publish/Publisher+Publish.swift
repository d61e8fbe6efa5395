public import Catalog
import ClipIndex
import Foundation
import Logging
import Media
public import Store
import TorrentCreation

extension Publisher {
    /// Publishes what was received, in one transaction; afterwards it is seeded and tracked.
    ///
    /// Content whose info hash is known already is not stored again: the new video points to it.
    ///
    /// - Parameters:
    ///   - torrent: the torrent that the content came from, where its info hash is kept; one is made when nil.
    ///   - idempotencyKey: chosen by the client, at most 200 bytes; the same key of the same owner gives the video of
    ///     the first time.
    /// - Throws: `storageFull`, `unavailable`, `conflict` (the upload was swept meanwhile): everything received is
    ///   removed. `unknownOutcome`: whether the video is there shows with the next request of the same key.
    public func publish(
        _ received: ReceivedMedia, as video: NewVideo, torrent: NewTorrent? = nil, idempotencyKey: String? = nil
    ) async throws(PublishingError) -> Video {
        let published: Video
        do {
            let settings = try await store.settings.load()
            let torrent =
                settings.bittorrentEnabled
                ? torrent
                    ?? NewTorrent(
                        name: received.fileName, hashes: received.hashes, format: settings.torrentFormat) : nil
            let record = try record(of: received, video, idempotencyKey, torrent)
            published = try await received.session.withLastBatch { bytes in
                var record = record
                record.lastChunks = bytes
                return try await store.publish(record)
            }
        } catch {
            if (error as? StoreError)?.code == .unknownOutcome {
                await received.session.end()
            } else {
                await received.abandon()
            }
            throw PublishingError(cause: error)
        }
        await settle(published, received)
        return published
    }

    private func settle(_ video: Video, _ received: ReceivedMedia) async {
        if video.media.id != received.id { await received.abandon(keepingSpool: true) }
        await received.session.end()
        if video.media.etag == received.etag {
            await cache.adopt(received.session.spool, as: video.media.etag, size: video.media.size)
        }
        if let hash = video.torrent?.infoHash { await keeper.settle(hash) }
        work.wake()
        logger.info("published", metadata: ["video": "\(video.id)", "media": "\(video.media.id)"])
    }

    private func record(
        of received: ReceivedMedia, _ video: NewVideo, _ key: String?, _ torrent: NewTorrent?
    ) throws -> PublishRecord {
        let facts = received.facts
        let description = MediaDescription(
            container: facts.container, mediaType: facts.mediaType, duration: facts.duration, width: facts.width,
            height: facts.height, facts: [UInt8](try JSONEncoder().encode(facts)))
        let chunkLength = Int64(received.chunkLength)
        return PublishRecord(
            mediaID: received.id, size: received.size, fileName: received.fileName, description: description,
            lastSequence: Int(received.lastBatchOffset / chunkLength), lastChunks: [],
            hashes: ContentHashes(received.hashes), index: received.index?.encoded(),
            torrent: torrent, video: video,
            jobs: received.jobs, idempotencyKey: key)
    }
}

extension ReceivedMedia {
    /// What is still to be made once the film is published.
    var jobs: [NewJob] {
        var jobs: [NewJob] = []
        if facts.streams.contains(where: { $0.kind == .video || $0.kind == .picture }) {
            jobs.append(NewJob(kind: .thumbnail))
        }
        if facts.isVideo { jobs.append(NewJob(kind: .storyboard)) }
        if index == nil { jobs.append(NewJob(kind: .clipIndex)) }
        return jobs
    }
}
