import Media
import Testing

@testable import Publishing

@Suite struct FileNameTests {
    static let facts = MediaFacts(
        container: "matroska", mediaType: "video/x-matroska", fileExtension: "mkv", duration: nil, bitRate: nil,
        width: nil, height: nil, title: nil, artist: nil, streams: [], isVideo: true, isAudio: false,
        playableInBrowser: false)

    @Test(arguments: [
        ("Film.mkv", "Film.mkv"), ("Film.MP4", "Film.MP4"), ("Film", "Film.mkv"),
        ("a.longextension", "a.longextension.mkv"),
        ("../../etc/passwd", "passwd.mkv"), ("", "video.mkv"), ("C:\\films\\x.avi", "x.avi"),
        ("Ein Film. Mit Punkt", "Ein Film. Mit Punkt.mkv"),
    ]) func keepsOrAddsTheExtension(original: String, expected: String) {
        #expect(FileName.of(original, Self.facts) == expected)
    }

    /// HAZARDS U05.
    @Test(arguments: [
        "a\0b.mp4", "a\u{202E}4pm.mp4", ".htaccess", "a\";x=\"b.mp4", String(repeating: "x", count: 10_000),
    ])
    func neverHoldsAPathOrControlCharacters(original: String) {
        let name = FileName.of(original, Self.facts)
        #expect(name.utf8.count <= 150)
        #expect(!name.isEmpty && !name.hasPrefix("."))
        #expect(!name.utf8.contains { $0 < 0x20 || $0 == 0x2F || $0 == 0x5C || $0 == 0x7F })
    }
}
