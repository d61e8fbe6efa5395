/// Which files of a folder are films or sounds, by their names.
public enum FilmName {
    /// The endings of the containers that the media worker reads.
    static let extensions: Set<String> = [
        "3gp", "aac", "aiff", "asf", "avi", "divx", "f4v", "flac", "flv", "m1v", "m2ts", "m2v", "m4a", "m4b", "m4v",
        "mka",
        "mkv", "mov", "mp2", "mp3", "mp4", "mpeg", "mpg", "mts", "oga", "ogg", "ogm", "ogv", "opus", "ts", "vob", "wav",
        "webm", "wma", "wmv",
    ]

    /// Whether a file's name ends as that of a film or sound which the media worker reads, in either case.
    public static func isFilm(_ name: String) -> Bool { ending(name).map(extensions.contains) ?? false }
    static func isTorrent(_ name: String) -> Bool { ending(name) == "torrent" }

    private static func ending(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        return name[name.index(after: dot)...].lowercased()
    }
}
