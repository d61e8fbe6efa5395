import Foundation
import Media
import Testing

/// A folder of test films, gone when the test is.
final class FilmFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "reelswarm-films-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file of this name in the folder.
    func path(_ name: String) -> String { url.appending(path: name).path() }

    /// Writes a file and returns its path.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appending(path: name)))
    }

    /// Makes a film with ffmpeg; `arguments` come before the file's name.
    @discardableResult func film(_ name: String, _ arguments: [String]) throws -> String {
        let (status, output) = try Command.run("ffmpeg", ["-v", "error", "-y"] + arguments + [path(name)])
        try #require(status == 0, "ffmpeg: \(output)")
        return path(name)
    }

    /// The arguments for a test picture and a tone.
    static func picture(_ size: String = "160x90", seconds: Double = 2, rate: Int = 25) -> [String] {
        ["-f", "lavfi", "-i", "testsrc2=size=\(size):rate=\(rate):duration=\(seconds)"]
    }

    static func tone(seconds: Double = 2) -> [String] {
        ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=\(seconds)"]
    }

    static let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast"]
}
