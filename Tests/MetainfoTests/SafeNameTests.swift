import ByteCoding
import Metainfo
import TestSupport
import Testing

@Suite struct SafeNameTests {
    /// Hazard U05.
    static let names = [
        ("film.mp4", "film.mp4"), ("../../x", "x"), ("C:\\x", "x"), ("/etc/passwd", "passwd"), ("", "video"),
        (".", "video"), ("..", "video"), ("///", "video"), (".htaccess", "htaccess"), (".mp4", "video.mp4"),
        ("a\0b\u{1}\u{7f}.mp4", "ab.mp4"), ("evil\u{202e}4pm.exe", "evil4pm.exe"), ("a\";x=\"b", "a_;x=_b"),
        ("a\r\nX: y", "aX_ y"), ("  spaced   out .mp4 ", "spaced out .mp4"), ("con.mp4", "_con.mp4"),
        ("COM1", "_COM1"), ("console.mp4", "console.mp4"), ("50%?.mkv", "50__.mkv"), ("Größe 映画.webm", "Größe 映画.webm"),
        ("e\u{301}.mp4", "e\u{301}.mp4"), ("name...", "name"), ("\u{200b}\u{feff}", "video"), ("a\u{2028}b", "ab"),
    ]

    @Test func makesAFileName() {
        for (raw, name) in Self.names {
            #expect(Array(SafeName.fileName(raw).utf8) == Array(name.utf8))
        }
    }

    @Test func cutsLongNamesButKeepsTheExtension() {
        let name = SafeName.fileName(String(repeating: "ü", count: 10_000) + ".mp4")
        #expect(name.utf8.count <= 150)
        #expect(name.hasPrefix("üüü"))
        #expect(SafeName.fileName(String(repeating: "ü", count: 500) + ".mp4").hasSuffix("ü.mp4"))
        #expect(
            SafeName.fileName(String(repeating: "a", count: 300) + "." + String(repeating: "b", count: 30)).utf8.count
                == 150)
    }

    @Test func everyNameItMakesIsSafeAndStaysTheSame() {
        var random = SplitMix64(seed: 4)
        let alphabet = Array("abc./\\ :*?\"<>|%#\0\n\u{202e}é映\u{301}\u{200d}-_".unicodeScalars)
        for _ in 0..<20_000 {
            var raw = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...300, using: &random) {
                raw.append(alphabet.randomElement(using: &random) ?? "a")
            }
            let name = SafeName.fileName(String(raw))
            #expect(SafeName.isSafePathComponent(name))
            #expect(name.utf8.count <= SafeName.maximumFileNameLength && !name.hasPrefix("."))
            #expect(SafeName.fileName(name) == name)
        }
    }

    @Test func knowsUnsafeComponents() {
        for text in ["", ".", "..", "a/b", "a\\b", "a\0", "a\n", "\u{202e}a", String(repeating: "a", count: 256)] {
            #expect(!SafeName.isSafePathComponent(text))
        }
    }

    static let foreignPaths: [([String], [String]?)] = [
        (["", "a.txt"], ["a.txt"]), (["", ""], nil), (["a/a.txt"], ["a_a.txt"]), ([".", "a.txt"], ["a.txt"]),
        (["..", "a.txt"], ["__", "a.txt"]), (["a.txt", ".."], ["a.txt", "__"]), (["a\\b\0c"], ["a_b_c"]), ([], nil),
        (["..."], ["..."]),
    ]

    @Test func makesForeignPathsSafe() {
        for (raw, path) in Self.foreignPaths {
            #expect(SafeName.path(raw.map { ArraySlice($0.utf8) }, depth: 100) == path)
        }
    }

    @Test func boundsForeignPaths() throws {
        let deep = Array(repeating: ArraySlice("a".utf8), count: 101)
        #expect(SafeName.path(deep, depth: 100) == nil)
        #expect(SafeName.path(deep.dropLast(), depth: 100)?.count == 100)
        let long = try #require(SafeName.pathComponent(Array(repeating: UInt8(ascii: "x"), count: 1_000_000)))
        #expect(long.utf8.count == 255)
        #expect(SafeName.pathComponent([0xff, 0x2f, 0xc0, 0xaf]) == "\u{fffd}_\u{fffd}\u{fffd}")
    }
}
