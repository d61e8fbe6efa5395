import ByteCoding
import Foundation
import Mediaspace
import Metainfo

/// One `get`: what is wanted, where it goes, and how it is brought there.
struct GetErrand: Sendable {
    let source: String
    let target: OutputTarget
    /// The part as it was given, and its bytes; nil for the whole.
    var part: (text: String, bytes: Range<Int64>)?
    var peers: [Endpoint] = []
    var seeds = false
    /// The clip that is wanted instead; nil for the whole or a part by bytes.
    var clip: GetClipErrand?

    /// What was got.
    struct Outcome: Encodable, Sendable {
        let infohash: String
        let name: String
        let path: String
        let bytes: Int64
        let downloaded: Int64
        let uploaded: Int64
        let seconds: Double
        /// Whether the space had it already, so that it stays there.
        let wasKnown: Bool

        enum CodingKeys: String, CodingKey { case infohash, name, path, bytes, downloaded, uploaded, seconds }
    }

    /// Begins and returns when everything is at its place.
    func run(in space: Space, onStatus: @escaping @Sendable (MediaStatus) -> Void) async throws(SpaceError) -> Outcome {
        let start = ContinuousClock.now
        try refuseOtherFile()
        // What was here in part is remembered after a further part; the whole needs no memory of that.
        let isPart = part != nil
        let known = Set(
            try await space.statuses()
                .filter { $0.isComplete && (isPart || $0.wantedBytes >= $0.totalBytes) }.map(\.id))
        var options = GetOptions(part: mediaPart)
        options.isHidden = isHidden
        options.sharesWhenDone = seeds
        options.peers = peers
        let id = try await space.get(source, options, onStatus: onStatus)
        try await space.completion(of: id)
        let status = try await space.status(of: id)
        let name = status.name ?? id.description
        let path = target.path(for: name, part: part?.text)
        try await space.deliver(id, part: mediaPart, to: path)
        let seconds = ContinuousClock.now - start
        return Outcome(
            infohash: id.description, name: name, path: path, bytes: length(status),
            downloaded: max(0, status.downloaded - status.downloadedEarlier),
            uploaded: status.uploaded, seconds: seconds / .seconds(1), wasKnown: known.contains(id))
    }

    /// How many bytes were asked for, as far as there are any.
    private func length(_ status: MediaStatus) -> Int64 {
        guard let part else { return status.totalBytes }
        return Int64(part.bytes.clamped(to: 0..<status.totalBytes).count)
    }

    private var mediaPart: MediaPart { part.map { .bytes($0.bytes) } ?? .whole }

    /// A part, or a film under another name than its own, is not at its place before it is whole.
    private var isHidden: Bool { part != nil || target.name != nil }

    private func refuseOtherFile() throws(SpaceError) {
        guard isHidden, let name = target.name else { return }
        let path = target.path(for: name, part: nil)
        guard FileManager.default.fileExists(atPath: path) else { return }
        throw SpaceError(.occupied, "\(path) exists already.")
    }
}
