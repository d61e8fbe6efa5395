import Foundation
import Metainfo
import TorrentCreation

extension SpaceFolder {
    /// What is known of a torrent's content.
    enum Known: Sendable {
        case torrent(Torrent)
        case magnet(MagnetLink)
    }

    /// What the space knows by an id; nil when it knows nothing that can be read.
    func known(_ id: MediaID) -> Known? {
        if let torrent = wholeTorrent(id) { return .torrent(torrent) }
        guard let bytes = Self.read(magnet(id), limit: 64 << 10),
            let link = try? MagnetLink(String(decoding: bytes, as: UTF8.self)), link.wireHash == id.infoHash
        else { return nil }
        return .magnet(link)
    }

    /// The torrent kept under an id, checked to be that torrent. Of one that came by a magnet of version 2, the hashes of
    /// the pieces may still be missing.
    func storedTorrent(_ id: MediaID) -> Torrent? {
        if let torrent = wholeTorrent(id) { return torrent }
        guard let bytes = Self.read(info(id), limit: MetainfoLimits.default.bytes),
            let torrent = try? Torrent(infoBytes: bytes), torrent.mediaIDs.contains(id)
        else { return nil }
        return torrent
    }

    /// The torrent with all its hashes.
    func wholeTorrent(_ id: MediaID) -> Torrent? {
        guard let bytes = Self.read(torrent(id), limit: MetainfoLimits.default.bytes),
            let torrent = try? Torrent(decoding: bytes), torrent.mediaIDs.contains(id)
        else { return nil }
        return torrent
    }

    func contains(_ id: MediaID) -> Bool {
        FileManager.default.fileExists(atPath: torrent(id)) || FileManager.default.fileExists(atPath: magnet(id))
    }

    /// Keeps a torrent; trackers, web seeds and clip indexes that were known already stay.
    ///
    /// - Parameter name: under which id; a hybrid that a magnet named by its second hash keeps that one.
    @discardableResult
    func keep(_ torrent: Torrent, as name: MediaID? = nil) throws(SpaceError) -> MediaID {
        let id = name ?? torrent.mediaID
        try create()
        var kept = torrent
        if let earlier = wholeTorrent(id) {
            let known = Set(kept.announceTiers.joined())
            kept.announceTiers += earlier.announceTiers.map { $0.filter { !known.contains($0) } }
                .filter { !$0.isEmpty }
            if kept.clipIndexes.isEmpty { kept.clipIndexes = earlier.clipIndexes }
            kept.webSeeds += earlier.webSeeds.filter { !kept.webSeeds.contains($0) }
        }
        let bytes = kept.encoded()
        guard (try? Torrent(decoding: bytes)) != nil else {
            // The hashes of the pieces (BEP 52) come later; the magnet leads there again.
            try Self.write(kept.infoBytes, to: info(id))
            return id
        }
        try Self.write(bytes, to: self.torrent(id))
        FileRemoval.file(magnet(id))
        FileRemoval.file(info(id))
        return id
    }

    /// Keeps a magnet, unless the torrent itself is known.
    func keep(_ link: MagnetLink) throws(SpaceError) -> MediaID {
        guard let hash = link.wireHash else { throw SpaceError(.badSource, "The magnet names no torrent.") }
        let id = MediaID(hash)
        try create()
        if storedTorrent(id) == nil { try Self.write(Array(link.formatted().utf8), to: magnet(id)) }
        return id
    }

    /// The ids of all that is kept.
    func ids() -> [MediaID] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: torrents)) ?? []
        let ids = names.compactMap { name in
            name.split(separator: ".").first.flatMap { MediaID(String($0)) }
        }
        return Set(ids).sorted()
    }

    /// Forgets a torrent and all that is kept about it; content in the directory stays.
    func forget(_ id: MediaID) {
        for path in [torrent(id), magnet(id), info(id), entry(id), state(id)] { FileRemoval.file(path) }
        try? FileManager.default.removeItem(atPath: part(id))
    }
}
