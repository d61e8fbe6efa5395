public import Metainfo

extension Space {
    /// Makes something active that the space knows, as it was wanted last.
    public func activate(_ id: MediaID) async throws(SpaceError) {
        guard folder.contains(id) else { throw .unknown(id) }
        try await member.perform(.hold(SpaceEntry.load(id, in: folder)?.hold ?? Hold(id: id)))
    }

    /// Stops something; what is on the disk stays, and it stays stopped when the space is opened again. Another process
    /// that wants it too keeps it active.
    public func deactivate(_ id: MediaID) async throws(SpaceError) {
        guard folder.contains(id) else { throw .unknown(id) }
        try await member.perform(.release(id, isLasting: true))
    }

    /// Forgets something. Its content goes as well when so said, and always where it was kept out of sight.
    ///
    /// - Throws: `inUse` while another process wants it.
    public func remove(_ id: MediaID, withContent: Bool = false) async throws(SpaceError) {
        try await member.perform(.remove(id, withContent: withContent))
    }

    /// Forgets everything.
    ///
    /// - Throws: the first error; all else is removed all the same.
    public func removeAll(withContent: Bool = false) async throws(SpaceError) {
        var failure: SpaceError?
        for id in ids {
            do {
                try await remove(id, withContent: withContent)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Stops everything active and begins again; what has failed is tried anew.
    public func restartAll() async throws(SpaceError) { try await member.perform(.restart(nil)) }

    /// Stops something and begins again.
    public func restart(_ id: MediaID) async throws(SpaceError) { try await member.perform(.restart(id)) }

    /// Everything the space knows, active or not, in the order of the ids.
    public var ids: [MediaID] { folder.ids() }

    /// What takes part in the swarm at present, for this process or another.
    public func active() async throws(SpaceError) -> [MediaID] { try await statuses().filter(\.isActive).map(\.id) }

    /// Whether the space knows something by this id.
    public func contains(_ id: MediaID) -> Bool { folder.contains(id) }

    /// The torrent; nil while a magnet's metadata is not known.
    public func torrent(_ id: MediaID) -> Torrent? { folder.storedTorrent(id) }

    /// The files, whether they are whole or not. Throws `unknown` while a magnet's metadata is not known.
    public func files(of id: MediaID) throws(SpaceError) -> [MediaFile] { try place(of: id).files }

    /// The path of the film, or of the folder of the files.
    public func path(of id: MediaID) throws(SpaceError) -> String { try place(of: id).root }

    /// The info hash of a .torrent file, as its id. Throws `badSource` when it is none.
    public static func id(ofTorrentAt path: String) throws(SpaceError) -> MediaID {
        guard let bytes = SpaceFolder.read(path, limit: MetainfoLimits.default.bytes) else {
            throw SpaceError(.badSource, "\(path) cannot be read.")
        }
        do {
            return try Torrent(decoding: bytes).mediaID
        } catch {
            throw SpaceError(.badSource, "\(path) is no usable .torrent file: \(error).")
        }
    }

    func place(of id: MediaID) throws(SpaceError) -> ContentPlace {
        guard let torrent = folder.storedTorrent(id), let entry = SpaceEntry.load(id, in: folder) else {
            throw .unknown(id)
        }
        return ContentPlace(info: torrent.info, folder: entry.folder)
    }
}
