import Foundation
import Publishing
import Testing

@testable import Site

@Suite struct ClipWordsTests {
    @Test(arguments: [
        (38.0, "38 seconds"), (1, "1 second"), (0.4, "0.4 seconds"), (9.94, "9.9 seconds"),
        (187, "3 minutes 7 seconds"),
    ]) func lengths(_ seconds: Double, _ words: String) { #expect(ClipWords.length(seconds) == words) }

    @Test(arguments: [
        (38.0, "38 s"), (0.4, "0.4 s"), (59.94, "59.9 s"), (59.96, "1:00"), (187.4, "3:07"), (3576.75, "59:37"),
        (7300, "2:01:40"),
    ]) func lengthsInLittleRoom(_ seconds: Double, _ words: String) {
        #expect(ClipWords.briefLength(seconds) == words)
    }

    @Test func howFarAFilmOfItsOwnIs() {
        #expect(ClipWords.making(nil).percent == nil && ClipWords.making(.cutting(nil)).percent == nil)
        #expect(ClipWords.making(.cutting(0.5)).percent == 50)
        #expect(ClipWords.making(.takingIn(0.425)).percent == 42)
        #expect(ClipWords.making(.takingIn(.infinity)).percent == 100)
    }

    @Test func aClipIsNamedAfterItsFilmAndTimes() {
        #expect(
            ClipName.of("Noise of the Sea.mov", start: 62, end: 100, ending: "mp4") == "Noise of the Sea 1.02-1.40.mp4")
        #expect(ClipName.of("no ending", start: 0, end: 2.5, ending: "m4a") == "no ending 0.00-0.02.5.m4a")
        for name in ["../../etc/passwd", "a/b\\c.mp4", "\u{202E}4pm.exe", "a\u{0}b\r\nc.mp4", ".mp4", "", "con"] {
            let made = ClipName.of(name, start: 1, end: 2, ending: "mp4")
            let isPlain = made.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !"/\\\u{202E}".unicodeScalars.contains($0)
            }
            #expect(isPlain && made.hasSuffix(" 0.01-0.02.mp4") && !made.hasPrefix("."), "\(made)")
        }
        let long = ClipName.of(String(repeating: "ä", count: 500) + ".mp4", start: 1, end: 2, ending: "mp4")
        #expect(long.utf8.count <= 255 && long.hasSuffix(" 0.01-0.02.mp4"))
    }

    /// What a shell makes of the command is what was meant, whatever the names hold.
    @Test(arguments: [
        "film.mp4", "o'brien.mp4", "$(touch x) `id` $HOME.mp4", "a\"b\\c.mp4", "-rf.mp4", "--end", "*?[a].mp4",
        "!!.mp4", "a\nrm -rf x.mp4", "\u{1B}[31m.mp4", "';echo x;'", "ä 漢字.mp4", "~", "#x", "a\u{202E}b", "",
    ]) func theCommandIsOneCommand(_ name: String) throws {
        let url = "http://films.example/videos/it's.torrent"
        let line = SwarmCommand.line(torrent: url, start: 62, end: 100.5, output: name)
        let shell = Process()
        let output = Pipe()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "reelswarm() { printf '<%s>' \"$@\"; }\n" + line]
        shell.standardOutput = output
        try shell.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let scalars = name.unicodeScalars.map { scalar -> Character in
            scalar.value < 0x20 || scalar == "\\" || scalar == "\u{202E}" ? "_" : Character(scalar)
        }
        let file = (name.hasPrefix("-") ? "./" : "") + String(scalars)
        #expect(text == "<get><\(url)><--start><62><--end><100.5><-o><\(file)>")
    }

    /// HAZARDS S13, for XML: well formed whatever a text holds.
    @Test func xmlHoldsAnyText() {
        #expect(XMLText.escaped("a & <b> \"c\" 'd' ]]>") == "a &amp; &lt;b&gt; &quot;c&quot; 'd' ]]&gt;")
        #expect(XMLText.escaped("\u{0}\u{1}\u{8}\u{B}\u{1F}a\u{FFFE}\u{FFFF}\t\n") == "a\t\n")
        #expect(XMLText.escaped("a\tb\nc\r", inAttribute: true) == "a&#9;b&#10;c&#13;")
        // A quote with a combining mark is another Character than a quote, and ends an attribute all the same.
        #expect(XMLText.escaped("\"\u{301}<\u{301}").utf8.elementsEqual("&quot;\u{301}&lt;\u{301}".utf8))
    }
}
