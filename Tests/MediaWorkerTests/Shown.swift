import Foundation
import Testing

/// What a player shows of a film, as ffmpeg decodes it.
enum Shown {
    struct Frame: Sendable {
        /// Seconds.
        let time: Double
        let digest: Substring
    }

    /// All pictures that are shown, in order.
    static func frames(of path: String) throws -> [Frame] {
        let (_, output) = try Command.run(
            "ffmpeg",
            ["-v", "quiet", "-i", path, "-map", "0:v:0", "-vsync", "passthrough", "-copyts", "-start_at_zero"]
                + ["-enc_time_base", "1:90000", "-f", "framemd5", "-"])
        return output.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ",").map { $0.drop { $0 == " " } }
            guard fields.count == 6, let pts = Double(fields[2]) else { return nil }
            return Frame(time: pts / 90_000, digest: fields[5])
        }
    }

    /// Seconds of sound that are heard.
    static func samples(of path: String) throws -> Double {
        let (_, output) = try Command.run(
            "ffmpeg", ["-v", "quiet", "-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "framecrc", "-"])
        return output.split(separator: "\n").reduce(0) { sum, line in
            let fields = line.split(separator: ",").map { $0.drop { $0 == " " } }
            return fields.count == 6 ? sum + (Double(fields[3]) ?? 0) / 8000 : sum
        }
    }

    static func size(of path: String) throws -> UInt64 {
        UInt64(try URL(filePath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
    }

    /// Whether a file of this name tells players where to begin.
    static func beginsAsAsked(_ name: String) -> Bool { ["mp4", "m4v", "mov"].contains { name.hasSuffix("." + $0) } }
}
