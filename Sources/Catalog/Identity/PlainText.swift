/// What user text may hold: no control characters and none of the marks that turn the reading direction around, so
/// that a name cannot be shown as another one.
enum PlainText {
    /// Whether every scalar of the text may stay; with `lines`, line feeds and tabs may.
    static func isClean(_ text: String, lines: Bool = false) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            if lines && (scalar == "\n" || scalar == "\t") { return true }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: return false
            default: return !isBidirectionalControl(scalar)
            }
        }
    }

    /// The text without white space at its ends.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The text with CR LF and CR as LF, since HTML forms send CR LF.
    static func unifiedLines(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previousWasReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n" && previousWasReturn {
                previousWasReturn = false
                continue
            }
            previousWasReturn = scalar == "\r"
            result.append(previousWasReturn ? "\n" : scalar)
        }
        return String(result)
    }

    private static func isBidirectionalControl(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
