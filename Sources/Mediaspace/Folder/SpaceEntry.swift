import Foundation

/// What a space remembers of one film or folder, besides its torrent.
struct SpaceEntry: Sendable, Codable, Hashable {
    var id: MediaID
    /// The name, once known.
    var name: String?
    /// The folder in which the content lies or will lie, under the torrent's name.
    var folder: String
    /// Whether it is to take part again when the space is opened with its content.
    var isActive = true
    /// What was last wanted of it.
    var part = MediaPart.whole
    /// Whether it is seeded when everything wanted is here.
    var shares = true
    /// Whether everything wanted was here when it was last looked at.
    var isComplete = false
    /// Whether what lies at its place is known to be this content, or was put there by us.
    var isOurs = false
    /// Whether it was given to be seeded, so that nothing is fetched into it.
    var isSeed: Bool?
    /// Bytes in all, once known.
    var totalBytes: Int64 = 0
    /// Bytes that were here when it was last looked at.
    var doneBytes: Int64 = 0
    /// The .torrent beside the content for which this entry was made; the entry goes when that goes.
    var torrentBeside: String?
    /// Why the last attempt failed.
    var failure: String?

    init(id: MediaID, folder: String) {
        self.id = id
        self.folder = folder
    }

    /// Reads the record of an id; nil when there is none that can be used.
    static func load(_ id: MediaID, in space: SpaceFolder) -> SpaceEntry? {
        guard let bytes = SpaceFolder.read(space.entry(id), limit: 1 << 20),
            let entry = try? JSONDecoder().decode(SpaceEntry.self, from: Data(bytes)), entry.id == id
        else { return nil }
        return entry
    }

    func save(in space: SpaceFolder) throws(SpaceError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw SpaceError(.unavailable, "The record of \(id) cannot be written.")
        }
        try SpaceFolder.write(data, to: space.entry(id))
    }

    /// The status of what takes no part in the swarm.
    var restingStatus: MediaStatus {
        var state: MediaState = isComplete ? .done : .paused
        if let failure { state = .failed(reason: failure) }
        var status = MediaStatus(id: id, name: name, state: state)
        status.isActive = false
        status.hasMetadata = totalBytes > 0
        status.totalBytes = totalBytes
        status.wantedBytes = part.ranges(within: totalBytes).reduce(0) { $0 + Int64($1.count) }
        status.doneBytes = doneBytes
        let share = status.wantedBytes > 0 ? Double(doneBytes) / Double(status.wantedBytes) : 0
        status.progress = isComplete ? 1 : min(1, share)
        return status
    }
}
