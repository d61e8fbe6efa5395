import ByteCoding
import Dialling
import Metainfo

/// Where the bytes of a torrent lie at a web seed (BEP 19). Pure.
struct WebSeedFiles: Sendable {
    /// Bytes of the torrent that lie together.
    enum Stretch: Hashable, Sendable {
        /// In a file of the server.
        case file(FilePart)
        /// Zeros between files, which no server has (BEP 47).
        case padding(Range<Int64>)
    }

    /// A part of one file.
    struct FilePart: Hashable, Sendable {
        /// Its number in the torrent.
        let index: Int
        /// How many bytes the file has.
        let length: Int64
        /// The wanted bytes, counted from the file's first.
        let bytes: ClosedRange<Int64>
        /// Where they begin in the torrent.
        let offset: Int64
    }

    let info: TorrentInfo
    private let base: String
    private let filesThatHoldBytes: [Int]

    /// Nil when the URL is none of HTTP or HTTPS. One that ends in a slash, or is for several files, names the folder in
    /// which the file or folder of the torrent lies.
    init?(url: String, info: TorrentInfo) {
        let isFolder = url.utf8.last == UInt8(ascii: "/")
        guard ServerURL(url) != nil, !url.utf8.contains(UInt8(ascii: "#")) else { return nil }
        self.info = info
        var base = url
        if !info.isSingleFile, !isFolder { base += "/" }
        if isFolder || !info.isSingleFile { base += PercentEncoding.encode(info.name) }
        self.base = base
        filesThatHoldBytes = info.files.indices.filter { info.files[$0].length > 0 }
    }

    /// The URL of a file by its number; empty when there is no such file.
    func url(of file: Int) -> String {
        guard info.files.indices.contains(file) else { return "" }
        if info.isSingleFile { return base }
        return info.files[file].path.reduce(into: base) { $0 += "/" + PercentEncoding.encode($1) }
    }

    /// The stretches of a range of the torrent's bytes, in order. Bytes outside the torrent are left out.
    func stretches(of range: Range<Int64>) -> [Stretch] {
        var stretches: [Stretch] = []
        var next = firstFile(endingAfter: range.lowerBound)
        while next < filesThatHoldBytes.count {
            let index = filesThatHoldBytes[next]
            let file = info.files[index]
            let wanted = range.clamped(to: file.offset..<file.offset + file.length)
            guard !wanted.isEmpty else { break }
            if file.isPadding {
                stretches.append(.padding(wanted))
            } else {
                let bytes = wanted.lowerBound - file.offset...wanted.upperBound - 1 - file.offset
                stretches.append(
                    .file(FilePart(index: index, length: file.length, bytes: bytes, offset: wanted.lowerBound)))
            }
            next += 1
        }
        return stretches
    }

    /// The pieces that hold bytes of a file.
    func pieces(of file: Int) -> ClosedRange<PieceIndex>? {
        guard info.files.indices.contains(file) else { return nil }
        let file = info.files[file]
        return info.layout.pieces(covering: file.offset..<file.offset + file.length)
    }

    private func firstFile(endingAfter offset: Int64) -> Int {
        var (low, high) = (0, filesThatHoldBytes.count)
        while low < high {
            let middle = (low + high) / 2
            let file = info.files[filesThatHoldBytes[middle]]
            if file.offset + file.length > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
