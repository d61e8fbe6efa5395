import ByteCoding
import ClipIndex
import Foundation
import Media
import Mediaspace

/// One `get` of a clip: what is wanted, where it goes, and what is told about it.
struct GetClipErrand: Sendable {
    let source: String
    let clip: ClipRequest
    let target: OutputTarget
    let peers: [Endpoint]
    let seeds: Bool

    /// What was got.
    struct Outcome: Encodable, Sendable {
        let infohash: String
        let film: String
        let path: String
        let start: Double
        let end: Double
        let actualStart: Double
        let beginsAsAsked: Bool
        let duration: Double
        let bytes: UInt64
        let bytesFetched: Int64
        let filmBytes: Int64
        let hadIndex: Bool
        let notes: [String]
        let seconds: Double

        enum CodingKeys: String, CodingKey {
            case infohash, film, path, start, end, duration, bytes, notes, seconds
            case actualStart = "actual_start"
            case beginsAsAsked = "begins_as_asked"
            case bytesFetched = "bytes_fetched"
            case filmBytes = "film_bytes"
            case hadIndex = "had_index"
        }
    }

    /// Begins and returns when the clip is at its place.
    func run(
        in space: Space, onStatus: @escaping @Sendable (MediaStatus) -> Void,
        onEstimate: @escaping @Sendable (ClipEstimate) -> Void, onEncoding: @escaping @Sendable (Double) -> Void
    ) async throws(SpaceError) -> Outcome {
        let begun = ContinuousClock.now
        var options = GetOptions()
        options.sharesWhenDone = seeds
        options.peers = peers
        let output = target.name.map { target.folder + "/" + $0 } ?? target.folder
        let result = try await space.get(
            source, clip: clip, to: output, options, onStatus: onStatus, onEstimate: onEstimate,
            onEncoding: onEncoding)
        let cut = result.cut
        return Outcome(
            infohash: result.id.description, film: result.film, path: result.path, start: cut.start, end: cut.end,
            actualStart: cut.actualStart, beginsAsAsked: cut.beginsAsAsked, duration: cut.duration,
            bytes: cut.bytes, bytesFetched: result.bytesFetched, filmBytes: result.filmBytes,
            hadIndex: result.hadIndex, notes: cut.worthTelling, seconds: (ContinuousClock.now - begun) / .seconds(1))
    }

    /// What it will cost.
    static func line(_ estimate: ClipEstimate) -> String {
        guard estimate.missingBytes > 0 else { return "Fetches nothing: all that it needs is here." }
        return "Fetches \(share(estimate.missingBytes, of: estimate.filmBytes))"
    }

    /// What has become of it.
    static func lines(_ outcome: Outcome) -> [String] {
        let length = String(format: "%.3f s", outcome.duration)
        let begin = outcome.beginsAsAsked ? outcome.start : outcome.actualStart
        return [
            "\(outcome.path)  \(length)  \(Output.size(Int64(clamping: outcome.bytes)))",
            "Begins at \(ClipTime.text(begin)) of \(outcome.film).",
        ] + outcome.notes + [fetched(outcome)]
    }

    private static func fetched(_ outcome: Outcome) -> String {
        guard outcome.bytesFetched > 0 else { return "Fetched nothing." }
        return "Fetched \(share(outcome.bytesFetched, of: outcome.filmBytes))."
    }

    private static func share(_ bytes: Int64, of film: Int64) -> String {
        let percent = film > 0 ? Double(bytes) / Double(film) * 100 : 0
        return "\(Output.size(bytes)) of \(Output.size(film)) (\(String(format: "%.1f", percent)) %)"
    }
}
