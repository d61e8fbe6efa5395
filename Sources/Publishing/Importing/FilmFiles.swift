import Catalog
import Metainfo

/// Which files of a torrent may be the film: a pure rule over names and lengths. Whether one really is a film shows when
/// it has come.
enum FilmFiles {
    /// The most files that are offered for choice.
    static let maximumChoice = 200

    private static let endings: Set<String> = [
        "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "m2v", "vob", "ts", "m2ts", "mts", "flv", "asf",
        "wmv", "ogv", "ogg", "oga", "opus", "mp3", "m4a", "aac", "flac", "wav", "wma", "3gp", "divx",
    ]

    /// The files with a film's ending in their order; where no file has one, all files.
    static func candidates(in info: TorrentInfo) -> [ImportFile] {
        let all = info.files.enumerated().compactMap { number, file in
            file.isPadding || file.length == 0
                ? nil : ImportFile(number: number, path: file.path.joined(separator: "/"), length: file.length)
        }
        let films = all.filter { hasFilmEnding($0.path) }
        return Array((films.isEmpty ? all : films).prefix(maximumChoice))
    }

    private static func hasFilmEnding(_ path: String) -> Bool {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return endings.contains(path[path.index(after: dot)...].lowercased())
    }
}
