import Testing

@testable import TrackerClient

/// HAZARDS S20, and what else a tracker may say.
@Suite struct TrackerWordsTests {
    @Test(arguments: [
        ("", ""), ("plain words", "plain words"), ("  a \t\r\n b  ", "a b"), ("a\0b\u{1b}[31m", "ab[31m"),
        ("\u{202e}evil\u{2066}", "evil"), ("z\u{301}\u{e9}\u{4e2d}\u{1f600}", "z\u{301}\u{e9}\u{4e2d}\u{1f600}"),
        ("\u{feff}\u{200b}x\u{2028}y", "x y"), ("\0\0", ""), ("<b>&amp;", "<b>&amp;"),
    ]) func areMadePrintable(text: String, clean: String) {
        #expect(TrackerWords.cleaned(text) == clean)
    }

    @Test(arguments: [String(repeating: "x", count: 5_000), String(repeating: "x ", count: 500)])
    func areCut(text: String) {
        let clean = TrackerWords.cleaned(text)
        #expect((199...200).contains(clean.unicodeScalars.count) && !clean.hasSuffix(" "))
    }
}
