/// What outside trackers say, made fit for a page.
enum TrackerWords {
    /// Characters shown of it at most.
    private static let limit = 300

    /// The words on one line, cut where they are very long; nil for none.
    static func shown(_ words: String?) -> String? {
        guard let words else { return nil }
        let scalars = words.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? " " : $0 }
        let line = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        guard !line.isEmpty else { return nil }
        return words.unicodeScalars.count > limit ? line + " …" : line
    }
}
