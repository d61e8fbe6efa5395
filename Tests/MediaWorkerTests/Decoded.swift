import Foundation
import Testing

/// A film with picture and sound, decoded once.
struct Decoded {
    let pictures: [[UInt8]]
    /// When each picture is shown, in seconds from the film's beginning.
    let times: [Double]
    /// Seconds of sound that are heard.
    let heard: Double

    /// What ffmpeg makes of a film whose pictures are `width` by `height` pixels large.
    init(of path: String, width: Int, height: Int) throws {
        let (raw, shown, sound) = (path + ".raw", path + ".shown", path + ".sound")
        defer { for file in [raw, shown, sound] { try? FileManager.default.removeItem(atPath: file) } }
        let (status, output) = try Command.run(
            "ffmpeg",
            ["-v", "error", "-copyts", "-start_at_zero", "-i", path]
                + ["-map", "0:v:0", "-vf", "format=gray", "-vsync", "passthrough", "-f", "rawvideo", raw]
                + ["-map", "0:v:0", "-vsync", "passthrough", "-enc_time_base", "1:90000", "-f", "framecrc", shown]
                + ["-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "framecrc", sound])
        try #require(status == 0, "\(output)")
        pictures = try Pixels.cut([UInt8](try Data(contentsOf: URL(filePath: raw))), width: width, height: height)
        times = try Self.rows(shown).map { $0[2] / 90_000 }
        heard = try Self.rows(sound).reduce(0) { $0 + $1[3] / 8000 }
    }

    /// The numbers of each frame: stream, decoding time, time, duration, size.
    private static func rows(_ path: String) throws -> [[Double]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ",").compactMap { Double($0.drop { $0 == " " }) }
            return line.hasPrefix("#") || fields.count < 5 ? nil : fields
        }
    }
}
