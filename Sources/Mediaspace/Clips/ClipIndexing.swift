import ClipIndex
public import Media
public import Metainfo

/// Makes the clip indexes that a .torrent carries beside `info`, so that others can fetch a clip of it alone.
public enum ClipIndexing {
    /// Bytes of all indexes of one torrent together.
    public static let byteLimit = 256 << 10
    /// Films of one torrent that get an index, the largest first.
    public static let filmLimit = 100

    /// The encoded index of each film, by the film's number among the files of `info`; films that cannot be read, or
    /// whose worker is missing, have none. Reads the tables of MP4, MOV and AVI files, and all of other films.
    ///
    /// - Parameters:
    ///   - info: the torrent's.
    ///   - path: where its content lies: the file, or the folder of its files.
    ///   - worker: reads the films, in processes of its own.
    ///   - onFilm: told of each film before it is read: its path.
    public static func indexes(
        of info: TorrentInfo, at path: String, by worker: MediaWorkerClient, onFilm: ((String) -> Void)? = nil
    ) async -> [Int: [UInt8]] {
        let films = info.files.indices
            .filter { !info.files[$0].isPadding && FilmName.isFilm(info.files[$0].path.last ?? "") }
            .sorted { info.files[$0].length > info.files[$1].length }
        var indexes: [Int: FilmIndex] = [:]
        for number in films.prefix(filmLimit) where !Task.isCancelled {
            let file = info.files[number]
            let film = info.isSingleFile ? path : path + "/" + file.path.joined(separator: "/")
            onFilm?(film)
            guard let index = await index(of: film, by: worker), index.fits(fileLength: UInt64(clamping: file.length))
            else { continue }
            indexes[number] = index
        }
        return FilmIndex.encodedIndexes(indexes, sharing: byteLimit)
    }

    private static func index(of film: String, by worker: MediaWorkerClient) async -> FilmIndex? {
        do {
            if let quick = try await worker.quickIndex(file: film) { return quick }
            return try await worker.scanIndex(file: film)
        } catch {
            return nil
        }
    }
}
