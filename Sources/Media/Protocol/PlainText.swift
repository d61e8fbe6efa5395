/// Text from inside a media file, made fit to be stored and shown.
enum PlainText {
    /// One line of at most `limit` characters: control and formatting characters (NUL, line ends, changes of
    /// direction) become spaces, and spaces at both ends go.
    static func line(_ text: String, limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(4 * limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let trimmed = Substring(String(scalars)).drop { $0 == " " }
        let end = trimmed.lastIndex { $0 != " " }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
        return String(trimmed[..<end].prefix(limit))
    }
}
