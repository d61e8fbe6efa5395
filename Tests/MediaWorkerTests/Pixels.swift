import Foundation
import Testing

/// Decoded pictures of a film, to be compared one by one.
struct Pixels {
    let width: Int
    let height: Int
    /// Brightness of each picture.
    let pictures: [[UInt8]]

    /// What ffmpeg shows of pictures `range` of a film (of all, when nil), `width` by `height` pixels large.
    init(of path: String, _ range: ClosedRange<Int>? = nil, width: Int, height: Int, filter: String = "null") throws {
        let raw = path + "-\(UUID().uuidString.prefix(8)).raw"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let chosen = range.map { "select=between(n\\,\($0.lowerBound)\\,\($0.upperBound))," } ?? ""
        let (status, output) = try Command.run(
            "ffmpeg",
            [
                "-v", "error", "-i", path, "-map", "0:v:0", "-vf", "\(chosen)\(filter),format=gray", "-vsync",
                "passthrough",
            ]
                + ["-f", "rawvideo", raw])
        try #require(status == 0, "\(output)")
        (self.width, self.height) = (width, height)
        pictures = try Self.cut([UInt8](try Data(contentsOf: URL(filePath: raw))), width: width, height: height)
    }

    /// Pictures that follow each other in `bytes`, apart.
    static func cut(_ bytes: [UInt8], width: Int, height: Int) throws -> [[UInt8]] {
        let size = width * height
        try #require(bytes.count % size == 0, "\(bytes.count) bytes are no pictures of \(width) x \(height)")
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<$0 + size]) }
    }

    /// When each picture of a film is shown, in seconds from the film's beginning: from its first picture or sound.
    static func times(of path: String) throws -> [Double] {
        let (_, start) = try Command.run(
            "ffprobe", ["-v", "error", "-show_entries", "format=start_time", "-of", "csv=p=0", path])
        let zero = Double(start.split(separator: "\n").first ?? "") ?? 0
        let (_, output) = try Command.run(
            "ffprobe",
            ["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp_time"]
                + ["-of", "csv=p=0", path])
        return output.split(whereSeparator: { $0 == "\n" || $0 == "," }).compactMap { Double($0) }.map { $0 - zero }
    }

    /// How like each other two pictures are, in decibels; 100 for the same.
    static func likeness(_ one: [UInt8], _ other: [UInt8]) -> Double {
        var sum = 0
        one.withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { other in
                for index in 0..<min(one.count, other.count) {
                    let difference = Int(one[index]) - Int(other[index])
                    sum += difference * difference
                }
            }
        }
        guard sum > 0 else { return 100 }
        return min(100, 10 * log10(65_025 * Double(one.count) / Double(sum)))
    }
}
