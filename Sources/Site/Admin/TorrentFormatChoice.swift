import Catalog
import Metainfo

/// The choice of the format of new torrents, in forms and in the API.
enum TorrentFormatChoice {
    /// Its name in both.
    static let field = "torrent_format"

    /// The format of that name.
    ///
    /// - Throws: `CatalogError` for what is no format.
    static func format(_ name: String) throws(CatalogError) -> TorrentFormat {
        guard let format = TorrentFormat(rawValue: name) else {
            let names = TorrentFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw CatalogError(field: field, sentence: "The format of new torrents is one of \(names).")
        }
        return format
    }

    /// The options of the form.
    static func options(selected: String) -> TemplateValue {
        .list(
            TorrentFormat.allCases.map { format in
                let (words, sentence) = words(format)
                return [
                    "value": .text(format.rawValue), "words": .text(words), "sentence": .text(sentence),
                    "selected": .flag(format.rawValue == selected),
                ]
            })
    }

    private static func words(_ format: TorrentFormat) -> (words: String, sentence: String) {
        switch format {
        case .v1: ("Version 1", "Every client can use it.")
        case .hybrid:
            (
                "Hybrid",
                "Versions 1 and 2 in one. Transmission before 4.0 and aria2 up to 1.36 cannot join: both stumble over "
                    + "the version 2 part."
            )
        case .v2:
            (
                "Version 2",
                "SHA-256, and each block can be checked by itself. Only clients of version 2, such as those built on "
                    + "libtorrent 2, can use it: not Transmission before 4.0, nor aria2 up to 1.36."
            )
        }
    }
}
