import Foundation
public import Metainfo
import TorrentCreation

extension Space {
    /// Puts a file or folder into the space: a torrent is made of it and seeded at once.
    ///
    /// - Parameters:
    ///   - path: the film or folder. It must not change afterwards.
    ///   - options: copy or in place, trackers, form of the torrent.
    ///   - onHashing: told how far the hashing is, on a worker's thread: bytes done, bytes in all.
    ///   - onStatus: told how it goes, until the space is closed.
    /// - Throws: `notMade` with a sentence when no torrent can be made, `occupied` where a copy's name is taken.
    @discardableResult
    public func put(
        _ path: String, _ options: PutOptions = PutOptions(),
        onHashing: (@Sendable (Int64, Int64) -> Void)? = nil, onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        var place = SpaceFolder.absolute(path)
        if options.copies, place.parentFolder != folder.directory {
            let target = folder.directory + "/" + place.lastComponent
            try ContentCopy.copy(place, to: target)
            place = target
        }
        let torrent = try await makeTorrent(of: place, options, onHashing)
        let beside = options.writesTorrent ? try TorrentBeside.write(torrent, for: place) : nil
        return try await seed(torrent, in: place.parentFolder, isTrusted: true, beside: beside, onStatus: onStatus)
    }

    /// Seeds content for which there is a torrent already. It is hashed first unless it is known since an earlier run;
    /// content that is not whole fails, and nothing is downloaded into it.
    ///
    /// - Parameters:
    ///   - folder: the folder in which the torrent's file or folder lies.
    ///   - peers: peers to begin with, dialled wherever they are.
    @discardableResult
    public func seed(
        _ torrent: Torrent, in folder: String, onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        try await seed(torrent, in: folder, isTrusted: false, beside: nil, onStatus: onStatus)
    }

    func seed(
        _ torrent: Torrent, in place: String, isTrusted: Bool, beside: String?, onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        let id = try folder.keep(torrent)
        var hold = Hold(id: id)
        hold.folder = SpaceFolder.absolute(place)
        hold.onlySeeds = true
        hold.check = isTrusted ? .trusted : .asSaved
        hold.torrentBeside = beside
        try await member.perform(.hold(hold))
        try await follow(id, onStatus)
        return id
    }

    func makeTorrent(
        of path: String, _ options: PutOptions, _ onHashing: (@Sendable (Int64, Int64) -> Void)?
    ) async throws(SpaceError) -> Torrent {
        let made: CreatedTorrent
        do throws(TorrentCreationError) {
            made = try await TorrentCreation.makeTorrent(
                path: path,
                options: CreationOptions(
                    pieceLength: options.pieceLength, isPrivate: options.isPrivate, format: options.format)
            ) { onHashing?($0.hashedLength, $0.totalLength) }
        } catch {
            throw SpaceError(.notMade, error.description)
        }
        do throws(MetainfoError) {
            let info = try TorrentInfo(decoding: made.infoBytes)
            let isIndexed = options.addsClipIndexes && hasWorker
            let indexes = isIndexed ? await ClipIndexing.indexes(of: info, at: path, by: worker()) : [:]
            return try Torrent(
                infoBytes: made.infoBytes, announceTiers: options.announceTiers ?? configuration.announceTiers,
                webSeeds: options.webSeeds, pieceLayers: made.pieceLayers,
                creationDate: Int64(Date().timeIntervalSince1970),
                createdBy: configuration.clientName, clipIndexes: indexes)
        } catch {
            throw SpaceError(.notMade, "No torrent can be made of \(path): \(error).")
        }
    }
}
