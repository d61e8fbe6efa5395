import Foundation
import Media
import Testing

/// Films made by ffmpeg, and what ffprobe and ffmpeg say of clips.
enum MadeFilm {
    static let worker = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "reelswarm-media-worker").path()
    static let hasTools =
        FileManager.default.isExecutableFile(atPath: worker)
        && ["/usr/bin/ffmpeg", "/usr/bin/ffprobe"].allSatisfy(FileManager.default.isExecutableFile)

    /// The containers that clips are tried with, as the ending of the film's name.
    static let kinds = ["mp4", "mov", "mkv", "webm", "ts", "avi", "flv", "ogg", "mp3", "flac", "wav", "m4a"]

    /// Writes a film of 24 s: a picture with a key frame each second, and a tone; of sounds only that.
    @discardableResult
    static func make(_ path: String, seconds: Int = 24, more: [String] = []) throws -> String {
        let picture = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=\(seconds)"]
        let sound = ["-f", "lavfi", "-i", "anoisesrc=color=pink:seed=1:duration=\(seconds)"]
        let x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-b:v", "700k"]
        let codecs: [String]
        switch URL(filePath: path).pathExtension {
        case "webm":
            codecs = [
                "-c:v", "libvpx", "-g", "25", "-b:v", "700k", "-deadline", "realtime", "-cpu-used", "8", "-c:a",
                "libopus",
            ]
        case "avi": codecs = ["-c:v", "mpeg4", "-g", "25", "-b:v", "700k", "-c:a", "mp3"]
        case "ogg": codecs = ["-c:a", "libvorbis", "-q:a", "10"]
        case "mp3": codecs = ["-c:a", "mp3", "-b:a", "320k"]
        case "flac", "wav": codecs = []
        case "m4a": codecs = ["-c:a", "aac", "-b:a", "256k"]
        default: codecs = x264 + ["-c:a", "aac"]
        }
        let isSound = ["ogg", "mp3", "flac", "wav", "m4a"].contains(URL(filePath: path).pathExtension)
        try run(["ffmpeg", "-v", "error", "-y"] + (isSound ? [] : picture) + sound + codecs + more + [path])
        return path
    }

    /// The frames of a clip by their content, as ffmpeg decodes them.
    struct Frames: Equatable {
        var pictures: [Substring] = []
        var sounds: [Substring] = []

        init(_ path: String) throws {
            let text = try MadeFilm.run(["ffmpeg", "-v", "error", "-i", path, "-f", "framehash", "-hash", "md5", "-"])
            let lines = text.split(separator: "\n")
            let hasPictures = lines.contains("#media_type 0: video")
            for line in lines where !line.hasPrefix("#") {
                if hasPictures, line.hasPrefix("0,") {
                    pictures.append(line.suffix(32))
                } else {
                    sounds.append(line.suffix(32))
                }
            }
        }

        /// The same pictures, and beside pictures at most one sound packet more or less.
        func isSame(as other: Frames) -> Bool {
            guard pictures == other.pictures, pictures.count + sounds.count > 20 else { return false }
            return pictures.isEmpty ? sounds == other.sounds : abs(sounds.count - other.sounds.count) <= 1
        }
    }

    /// The same clip cut from the film as it lies on the disk.
    static func localClip(_ film: String, _ start: Double, _ end: Double, to output: String) async throws -> Frames {
        _ = try await MediaWorkerClient(executable: worker).cut(file: film, start: start, end: end, to: output)
        return try Frames(output)
    }

    @discardableResult
    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }
}
