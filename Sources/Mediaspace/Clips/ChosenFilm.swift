public import ClipIndex
public import Metainfo

/// The film of a torrent out of which a clip is cut.
public struct ChosenFilm: Sendable {
    /// Its number among the torrent's files, padding counted.
    public let number: Int
    /// What the torrent says of it.
    public let file: TorrentFile
    let info: TorrentInfo

    /// The film that is named, or the largest one.
    ///
    /// - Parameter name: its path in the torrent, with or without the torrent's name, or its name alone where no other
    ///   file has it; nil for the largest file that is called like a film, or the largest of all.
    /// - Throws: `unknown` for a name that no file has, or several, with a sentence that names some; `notAFilm` for a
    ///   torrent without any bytes.
    public init(_ name: String?, of info: TorrentInfo) throws(SpaceError) {
        let files = info.files.indices.filter { !info.files[$0].isPadding && info.files[$0].length > 0 }
        let chosen: Int?
        if let name {
            chosen = Self.match(name, files, info)
            guard chosen != nil else { throw .noFile(name, files.map { info.files[$0] }, of: info.name) }
        } else {
            let films = files.filter { FilmName.isFilm(info.files[$0].path.last ?? "") }
            chosen = (films.isEmpty ? files : films).max { info.files[$0].length < info.files[$1].length }
        }
        guard let chosen else { throw SpaceError.noFilm }
        number = chosen
        file = info.files[chosen]
        self.info = info
    }

    private static func match(_ name: String, _ files: [Int], _ info: TorrentInfo) -> Int? {
        let paths = files.map { info.files[$0].path }
        if let exact = zip(files, paths).first(where: { $1.joined(separator: "/") == name }) { return exact.0 }
        if let below = zip(files, paths).first(where: { ([info.name] + $1).joined(separator: "/") == name }) {
            return below.0
        }
        let named = zip(files, paths).filter { $1.last == name }
        return named.count == 1 ? named.first?.0 : nil
    }

    /// Its path in the torrent.
    public var path: String { file.path.joined(separator: "/") }
    /// Its name without the folders.
    public var name: String { file.path.last ?? info.name }
    /// Its bytes, counted from the torrent's first.
    var bytes: Range<Int64> { file.offset..<file.offset + file.length }
    /// Its length, which is at least 1.
    public var size: UInt64 { UInt64(clamping: file.length) }

    /// How the torrent's pieces lie over it; nil for a torrent whose lengths contradict one another.
    public var grid: PieceGrid? {
        PieceGrid(
            pieceLength: UInt64(clamping: info.pieceLength), torrentLength: UInt64(clamping: info.totalLength),
            fileOffset: UInt64(clamping: file.offset), fileLength: size)
    }

    /// The index that came with the torrent, where it is one and fits this film.
    public func index(in torrent: Torrent) -> FilmIndex? {
        guard let bytes = torrent.clipIndexes[number], let index = try? FilmIndex(decoding: bytes),
            index.fits(fileLength: size), index.streams.contains(where: { !$0.buckets.isEmpty })
        else { return nil }
        return index
    }

    /// Ranges of the film as ranges of the torrent.
    func inTorrent(_ ranges: [Range<UInt64>]) -> [ByteSpan] {
        ByteSpan.joined(
            ranges.map { range in
                let inside = range.clamped(to: 0..<size)
                let start = file.offset + Int64(clamping: inside.lowerBound)
                return ByteSpan(start..<start + Int64(inside.count))
            })
    }
}

extension SpaceError {
    private static let mostNames = 5

    /// No file has the name, or more than one; says which there are.
    fileprivate static func noFile(_ name: String, _ files: [TorrentFile], of torrent: String) -> SpaceError {
        let named = files.filter { $0.path.last == name }
        let films = files.filter { FilmName.isFilm($0.path.last ?? "") }
        let shown = named.isEmpty ? (films.isEmpty ? files : films) : named
        var names = shown.prefix(mostNames).map { $0.path.joined(separator: "/") }.joined(separator: ", ")
        if shown.count > mostNames { names += " and \(shown.count - mostNames) more" }
        let what = named.isEmpty ? "no file \(name), but" : "\(named.count) files \(name):"
        return SpaceError(.unknown, "\(torrent) has \(what) \(names).")
    }
}
