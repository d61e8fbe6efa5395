import Metainfo

/// Bytes of a torrent that lie in one file, or in none.
struct ContentSpan: Hashable, Sendable {
    /// The number of the file; nil for bytes that are zero and in no file: padding (BEP 47) and the gaps between the
    /// files of version 2.
    let file: Int?
    /// Where they begin in the file, in bytes.
    let fileOffset: Int64
    /// How many they are, at least 1.
    let length: Int64
}

/// Where each byte of a torrent lies on disk. Found in time that grows with the logarithm of the number of files.
struct ContentMap: Sendable {
    /// Length of the torrent, padding included.
    let totalLength: Int64
    /// Where the files that have bytes begin, in order.
    private let starts: [Int64]
    private let ends: [Int64]
    /// Their numbers in the torrent.
    private let numbers: [Int]
    /// Whether any byte is in no file.
    let hasZeros: Bool

    init(files: [TorrentFile], totalLength: Int64) {
        self.totalLength = totalLength
        let real = files.indices.filter { !files[$0].isPadding && files[$0].length > 0 }
        starts = real.map { files[$0].offset }
        ends = real.map { files[$0].offset + files[$0].length }
        numbers = real
        hasZeros = real.reduce(0) { $0 + files[$1].length } != totalLength
    }

    init(_ info: TorrentInfo) { self.init(files: info.files, totalLength: info.totalLength) }

    /// The bytes of a range in order, file by file. What is not within the torrent is left out.
    func spans(in range: Range<Int64>) -> Spans { Spans(self, range.clamped(to: 0..<max(0, totalLength))) }

    /// The number of the file that holds a byte; nil for zeros.
    func file(at offset: Int64) -> Int? {
        let entry = firstEntry(endingAfter: offset)
        return entry < starts.count && starts[entry] <= offset ? numbers[entry] : nil
    }

    /// How many bytes of a range are in files.
    func fileBytes(in range: Range<Int64>) -> Int64 {
        guard hasZeros else { return Int64(range.clamped(to: 0..<totalLength).count) }
        return spans(in: range).reduce(0) { $0 + ($1.file == nil ? 0 : $1.length) }
    }

    /// The bytes that are in no file, in order: nobody need be asked for them.
    var zeros: [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        var position: Int64 = 0
        for span in spans(in: 0..<totalLength) {
            if span.file == nil { ranges.append(position..<position + span.length) }
            position += span.length
        }
        return ranges
    }

    private func firstEntry(endingAfter offset: Int64) -> Int {
        var low = 0
        var high = ends.count
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Steps through the spans of a range without allocating.
    struct Spans: Sequence, IteratorProtocol {
        private let map: ContentMap
        private var position: Int64
        private let end: Int64
        private var entry: Int

        fileprivate init(_ map: ContentMap, _ range: Range<Int64>) {
            self.map = map
            position = range.lowerBound
            end = range.upperBound
            entry = map.firstEntry(endingAfter: range.lowerBound)
        }

        mutating func next() -> ContentSpan? {
            guard position < end else { return nil }
            guard entry < map.starts.count, map.starts[entry] < end else {
                return step(to: end, file: nil, fileOffset: 0)
            }
            let start = map.starts[entry]
            if position < start { return step(to: start, file: nil, fileOffset: 0) }
            let number = map.numbers[entry]
            let stop = Swift.min(map.ends[entry], end)
            entry += 1
            return step(to: stop, file: number, fileOffset: position - start)
        }

        private mutating func step(to stop: Int64, file: Int?, fileOffset: Int64) -> ContentSpan {
            defer { position = stop }
            return ContentSpan(file: file, fileOffset: fileOffset, length: stop - position)
        }
    }
}
