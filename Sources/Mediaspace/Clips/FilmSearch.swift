import Foundation
import Metainfo

/// Looks for files below a folder that may be a film of a torrent: where it would lie by its name, else by the length.
///
/// Whether one is, only hashing can tell. Hidden folders are left out, and links are not followed.
struct FilmSearch {
    /// How many names are looked at, those near the folder first.
    static let names = 10_000
    /// How deep folders are looked into.
    static let depth = 8
    /// How many files are named at most.
    static let most = 4

    let film: ChosenFilm

    /// The files, the likeliest first.
    ///
    /// - Parameter known: a path that is left out, since what lies there is known.
    func files(below folder: String, besides known: String?) -> [FoundFile] {
        let own = ContentPlace(info: film.info, folder: folder).path(of: film)
        var paths = FileFacts(own)?.isFile == true ? [own] : []
        let others = ofItsLength(below: folder).filter { $0 != own }
        paths += others.filter { $0.lastComponent == film.name } + others.filter { $0.lastComponent != film.name }
        return paths.filter { $0 != known }.prefix(Self.most).compactMap { FoundFile($0, film) }
    }

    private func ofItsLength(below folder: String) -> [String] {
        var (left, found) = (Self.names, [String]())
        var level = [folder]
        for _ in 0..<Self.depth where !level.isEmpty {
            var next: [String] = []
            for path in level where left > 0 {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
                for name in names.sorted() where left > 0 {
                    left -= 1
                    guard !name.hasPrefix("."), let facts = FileFacts("\(path)/\(name)") else { continue }
                    if facts.isFolder { next.append("\(path)/\(name)") }
                    if facts.isFile, facts.size == film.file.length { found.append("\(path)/\(name)") }
                }
            }
            level = next
        }
        return found
    }
}

/// A file that may be a film of a torrent, open for reading.
struct FoundFile: Sendable {
    private let film: ChosenFilm
    private let descriptor: FilmDescriptor
    /// Where the other files of the torrent lie then; nil where it has a name or a place of its own.
    private let place: ContentPlace?

    /// Nil when it cannot be opened.
    init?(_ path: String, _ film: ChosenFilm) {
        guard let descriptor = try? FilmDescriptor(path) else { return nil }
        self.film = film
        self.descriptor = descriptor
        let end = "/" + ([film.info.name] + (film.info.isSingleFile ? [] : film.file.path)).joined(separator: "/")
        place = path.hasSuffix(end) ? ContentPlace(info: film.info, folder: String(path.dropLast(end.utf8.count))) : nil
    }

    /// Bytes counted from the torrent's first, padding as zeros; nil when some of them are not there.
    func bytes(_ range: Range<Int64>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (number, file) in film.info.files.enumerated() {
            let part = range.clamped(to: file.offset..<file.offset + file.length)
            guard !part.isEmpty else { continue }
            let inside = part.lowerBound - file.offset..<part.upperBound - file.offset
            if file.isPadding {
                bytes += [UInt8](repeating: 0, count: part.count)
            } else if number == film.number {
                guard let read = try? descriptor.read(inside) else { return nil }
                bytes += read
            } else {
                guard let read = place.flatMap({ neighbour(file, in: $0, inside) }) else { return nil }
                bytes += read
            }
        }
        return bytes.count == range.count ? bytes : nil
    }

    private func neighbour(_ file: TorrentFile, in place: ContentPlace, _ range: Range<Int64>) -> [UInt8]? {
        let path = place.root + "/" + file.path.joined(separator: "/")
        guard FileFacts(path)?.isFile == true, let descriptor = try? FilmDescriptor(path) else { return nil }
        return try? descriptor.read(range)
    }
}

extension ContentPlace {
    /// The path of one of the torrent's films.
    func path(of film: ChosenFilm) -> String { info.isSingleFile ? root : root + "/" + film.path }
}
