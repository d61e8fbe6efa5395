import Foundation

/// Small films, made once per test run by ffmpeg, and kept in memory.
enum Films {
    /// Two seconds of picture and sound, MP4 with its tables first.
    static let mp4 = make("mp4", ["-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart"])
    /// The same as Matroska, which has no tables for a quick index.
    static let mkv = make("mkv", ["-c:v", "mpeg4", "-c:a", "aac"])
    /// Sound alone.
    static let ogg = make("ogg", ["-vn", "-c:a", "libvorbis"])
    /// The old format of the project's first film.
    static let asf = make("asf", ["-c:v", "msmpeg4", "-c:a", "wmav2"])

    /// Twenty seconds of picture and sound with a key frame every two seconds.
    static let long = make("mp4", longOptions + ["-movflags", "+faststart"], seconds: 20)
    /// The same as Matroska.
    static let longMKV = make("mkv", longOptions, seconds: 20)

    private static let longOptions = ["-c:v", "mpeg4", "-g", "20", "-c:a", "aac"]

    /// The MP4 made `length` bytes long by a `free` box (ISO 14496-12, 8.1.2) at its end, whose bytes depend on `seed`.
    static func padded(to length: Int, seed: UInt64) -> [UInt8] {
        var film = mp4
        let box = length - film.count
        precondition(box >= 16 && box < 1 << 32)
        film += [UInt8(box >> 24 & 255), UInt8(box >> 16 & 255), UInt8(box >> 8 & 255), UInt8(box & 255)]
        film += Array("free".utf8)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        film.reserveCapacity(length + 8)
        while film.count < length {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                film.append(UInt8(truncatingIfNeeded: state >> shift))
            }
        }
        return Array(film.prefix(length))
    }

    private static func make(_ format: String, _ options: [String], seconds: Int = 2) -> [UInt8] {
        let output = FileManager.default.temporaryDirectory.appending(path: "film-\(UUID().uuidString).\(format)")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                "testsrc=size=320x240:rate=10:duration=\(seconds)",
                "-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)",
            ] + options + ["-threads", "1", "-bitexact", "-y", output.path()]
        do {
            try process.run()
            process.waitUntilExit()
            return [UInt8](try Data(contentsOf: output))
        } catch {
            return []
        }
    }
}
