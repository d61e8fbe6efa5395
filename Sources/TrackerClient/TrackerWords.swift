/// Makes a text of a tracker fit to be shown: one line, printable, short.
enum TrackerWords {
    /// The most characters that are kept.
    static let maximumLength = 200

    /// The text without control characters and those that change the direction of others, runs of white space as one
    /// space, cut to 200 characters.
    static func cleaned(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        var isGap = false
        var count = 0
        for scalar in text.unicodeScalars.prefix(4_096) {
            if scalar.properties.isWhitespace || isHidden(scalar) {
                isGap = isGap || scalar.properties.isWhitespace
                continue
            }
            let length = (isGap && count > 0) ? 2 : 1
            guard count + length <= maximumLength else { break }
            if length == 2 { clean.append(" ") }
            clean.append(scalar)
            count += length
            isGap = false
        }
        return String(clean)
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
