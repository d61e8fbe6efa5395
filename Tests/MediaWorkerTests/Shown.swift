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

    /// A decoded frame, or a packet, of any stream.
    struct Part: Equatable {
        let stream: Substring
        /// Seconds.
        let time: Double
        let digest: Substring
    }

    /// All that is shown and heard, stream after stream; as packets when `copied`.
    static func parts(of path: String, copied: Bool = false) throws -> [Part] {
        let (_, output) = try Command.run(
            "ffmpeg",
            ["-v", "quiet", "-i", path, "-map", "0:v?", "-map", "0:a?", "-vsync", "passthrough"]
                + (copied ? ["-c", "copy"] : []) + ["-f", "framemd5", "-"])
        let lines = output.split(separator: "\n")
        // `#tb 0: 1/25`
        var units: [Substring: Double] = [:]
        for words in lines.map({ $0.split(separator: " ") }) where words.first == "#tb" && words.count == 3 {
            let numbers = words[2].split(separator: "/").compactMap { Double($0) }
            if numbers.count == 2 { units[words[1].dropLast()] = numbers[0] / numbers[1] }
        }
        let parts = lines.compactMap { line -> Part? in
            let fields = line.split(separator: ",").map { $0.drop { $0 == " " } }
            guard fields.count == 6, let time = Double(fields[2]), let unit = units[fields[0]] else { return nil }
            return Part(stream: fields[0], time: time * unit, digest: fields[5])
        }
        let streams = Set(parts.map(\.stream)).sorted()
        return streams.flatMap { stream in parts.filter { $0.stream == stream } }
    }

    /// What differs first; nil for the same frames at the same times, but for roundings of times.
    static func difference(_ one: [Part], _ other: [Part], within slack: Double = 0.0005) -> String? {
        for (left, right) in zip(one, other)
        where left.stream != right.stream || left.digest != right.digest || abs(left.time - right.time) > slack {
            return "\(left) \(right)"
        }
        return one.count == other.count ? nil : "\(one.count) and \(other.count) frames"
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
