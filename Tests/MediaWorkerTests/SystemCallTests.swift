import Foundation
import Testing

/// HAZARDS L01 and section 3.4, as the kernel sees them: with the filter up, a worker reads its input, writes its
/// answer, takes memory, and does nothing else.
@Suite(.enabled(if: Command.canTrace)) struct SystemCallTests {
    /// What a worker may be seen doing after its filter is up.
    static let expected: Set<String> = [
        "read", "pread64", "lseek", "write", "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "futex",
        "clock_gettime", "gettimeofday", "getrandom", "exit_group", "rt_sigprocmask", "sigaltstack",
    ]

    /// The system calls after the filter was installed, one line each.
    static func calls(job: String, on path: String, in folder: FilmFolder) throws -> [Substring] {
        let log = folder.path("trace")
        _ = try Command.run("strace", ["-f", "-o", log, Worker.executable, job, "15", "60"], input: path)
        let lines = String(decoding: try folder.bytes(of: "trace"), as: UTF8.self).split(separator: "\n")
        let filter = try #require(lines.lastIndex { $0.contains("SECCOMP") })
        return Array(lines[(filter + 1)...])
    }

    /// `1234 openat(...) = 3` is `openat`; nil for notes of strace itself.
    static func name(_ line: Substring) -> String? {
        guard let bracket = line.firstIndex(of: "(") else { return nil }
        let words = line[..<bracket].split(separator: " ")
        return words.count == 2 ? String(words[1]) : nil
    }

    static func check(_ path: String, jobs: [String], in folder: FilmFolder) throws {
        for job in jobs {
            let calls = try calls(job: job, on: path, in: folder)
            #expect(calls.contains { name($0) == "exit_group" })
            for call in calls {
                if let name = name(call) { #expect(expected.contains(name), "\(job): \(call)") }
            }
        }
    }

    static let jobs = ["probe", "quick-index", "scan-index", "thumbnail-640"]

    @Test(arguments: [
        ("a.mp4", FilmFolder.h264 + ["-c:a", "aac"]), ("a.webm", ["-c:v", "libvpx", "-c:a", "libopus"]),
        ("a.mkv", ["-c:v", "libsvtav1", "-c:a", "flac"]), ("a.wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]),
    ]) func filmsNeedNothingElse(name: String, codecs: [String]) throws {
        let folder = try FilmFolder()
        let path = try folder.film(name, FilmFolder.picture(seconds: 1) + FilmFolder.tone(seconds: 1) + codecs)
        try Self.check(path, jobs: Self.jobs, in: folder)
    }

    @Test(arguments: HostileFileTests.tricks) func tricksOpenNothing(name: String, content: String) throws {
        let folder = try FilmFolder()
        try folder.film("canary.ts", FilmFolder.picture(seconds: 0.2) + ["-c:v", "mpeg2video"])
        let text = content.replacing("CANARY", with: folder.path("canary.ts"))
        try Self.check(try folder.write(text.utf8, to: name), jobs: ["probe"], in: folder)
    }

    /// L02: a playlist where an AVI keeps its subtitles.
    @Test func aPlaylistAmongSubtitlesOpensNothing() throws {
        let folder = try FilmFolder()
        let canary = try folder.write(Array("canary".utf8), to: "canary.ts")
        let path = try folder.write(
            SubtitledInterleave.bytes(subtitles: "#EXTM3U\n#EXTINF:1,\nfile://\(canary)\n"), to: "a.avi")
        try Self.check(path, jobs: Self.jobs, in: folder)
    }
}
