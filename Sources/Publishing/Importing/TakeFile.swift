import Catalog
import Metainfo
import Store
import TorrentCreation

/// Turns a fetched file into a film of the site, by the same way as an upload.
struct TakeFile: Sendable {
    let ingest: Ingest
    let publisher: Publisher

    /// How much is read at one time, in bytes.
    private static let readLength = 1 << 20

    /// Throws where the film is larger than the site takes, or the disk has no room for it.
    func requireRoom(for length: Int64) async throws {
        let limit = try await publisher.store.settings.load().uploadLimit
        guard length <= limit else { throw PublishingError.tooLarge(limit: limit) }
        // Once as a fetched file and once as the spool that becomes the cache file.
        let (twice, overflow) = length.multipliedReportingOverflow(by: 2)
        try await ingest.cache.requireSpace(overflow ? .max / 2 : twice)
    }

    /// Takes the file in and publishes it.
    ///
    /// - Returns: the video, and whether it has the torrent it came from.
    func publish(
        _ file: ImportFile, of info: TorrentInfo, in folder: String, words: Import, keeping kept: KeptTorrent?
    ) async throws -> (Video, isKept: Bool) {
        let name = info.files[file.number].path.last ?? info.name
        let path = ([folder] + (info.isSingleFile ? [] : [info.name]) + info.files[file.number].path)
            .joined(separator: "/")
        let session = try await ingest.begin(
            fileName: name, declaredSize: file.length, limit: .max, pieceLength: kept?.pieceLength)
        var received: ReceivedMedia
        do {
            try await copy(path, length: file.length, to: session)
            received = try await session.finish()
        } catch {
            await session.abandon()
            throw error
        }
        let torrent = kept?.torrent(fitting: received.hashes)
        if torrent != nil { received.fileName = info.name }
        let video = try await publisher.publish(
            received, as: try words.newVideo(fileName: name), torrent: torrent, idempotencyKey: words.idempotencyKey)
        return (video, torrent != nil)
    }

    private func copy(_ path: String, length: Int64, to session: IngestSession) async throws {
        let file = try await BlockingWork.run { () throws(FileError) in try SourceFile(opening: path) }
        var offset: Int64 = 0
        while offset < length {
            let (from, count) = (offset, Int(min(Int64(Self.readLength), length - offset)))
            let bytes = try await BlockingWork.run { () throws(FileError) in try file.read(at: from, count: count) }
            try await session.write(bytes)
            offset += Int64(count)
        }
    }
}

extension Import {
    /// The video to be; without a title it takes the file's name.
    fileprivate func newVideo(fileName: String) throws(PublishingError) -> NewVideo {
        do throws(CatalogError) {
            return NewVideo(
                title: words.title.isEmpty ? Title(fileName: fileName) : try Title(words.title),
                description: try Description(words.description), tags: try Tag.list(words.tags), ownerID: ownerID)
        } catch {
            throw PublishingError(.invalid, error.sentence)
        }
    }
}
