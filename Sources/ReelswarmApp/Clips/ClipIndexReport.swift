import ClipIndex
import Foundation

/// What `inspect` says of the clip index of a file.
struct ClipIndexReport: Encodable {
    /// Bytes of the index.
    let bytes: Int
    /// Whether it can be read and names nothing outside the file.
    let isUsable: Bool
    /// Seconds of the film.
    var duration: Double?
    var streams: Int?
    var buckets: Int?
    var access: String?

    enum CodingKeys: String, CodingKey {
        case bytes, duration, streams, buckets, access
        case isUsable = "usable"
    }

    init(_ encoded: [UInt8], fileLength: Int64) {
        bytes = encoded.count
        guard let index = try? FilmIndex(decoding: encoded), index.fits(fileLength: UInt64(clamping: fileLength)) else {
            isUsable = false
            return
        }
        isUsable = true
        duration = Double(index.duration) / 1e6
        streams = index.streams.count
        buckets = index.streams.reduce(0) { $0 + $1.buckets.count }
        access = "\(index.access)"
    }

    /// It in words: `62.400 s, 130 buckets in 2 streams, 1.4 KiB`.
    var text: String {
        let size = Output.size(Int64(bytes))
        guard isUsable, let duration, let buckets, let streams else { return "not usable, \(size)" }
        let word = streams == 1 ? "stream" : "streams"
        return String(format: "%.3f s", duration) + ", \(buckets) buckets in \(streams) \(word), \(size)"
    }
}
