import CLibAV

/// The ends of the edits of an MP4 or MOV file (ISO/IEC 14496-12, 8.6.6) that has just been written.
///
/// The muxer lets each track play to its last packet, and the last pictures of a cut may be such that only others need,
/// which are shown before the end.
struct EditEnds {
    private let output: FilmOutput
    /// Longer movie boxes are left as they are.
    private static let movieLimit: UInt64 = 64 << 20

    init(_ output: FilmOutput) { self.output = output }

    /// Has every track end so many microseconds after the clip's beginning, if it does not earlier.
    func move(to end: Int64) {
        guard end > 0, let movie, let bytes = output.bytes(at: movie) else { return }
        for (place, value) in changes(in: BigEndianBytes(bytes), end) {
            let number = (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - $0 * 8)) }
            output.replace(at: movie.lowerBound + UInt64(place), with: number)
        }
    }

    /// Numbers of the movie box that are to be others, by their places.
    private func changes(in movie: BigEndianBytes, _ end: Int64) -> [(place: Int, value: UInt32)] {
        guard let header = movie.place(of: "mvhd"), movie.u8(header.lowerBound) == 0,
            let timescale = movie.u32(header.lowerBound + 12), timescale > 0,
            let length = UInt32(exactly: av_rescale_rnd(end, Int64(timescale), 1_000_000, AV_ROUND_UP)), length > 0
        else { return [] }
        var places = [(header.lowerBound + 16, length)]
        for track in movie.places(of: "trak") {
            if let head = movie.place(of: "tkhd", in: track), movie.u8(head.lowerBound) == 0 {
                places.append((head.lowerBound + 20, length))
            }
            guard let edits = movie.place(of: "edts", "elst", in: track), movie.u8(edits.lowerBound) == 0,
                let count = movie.u32(edits.lowerBound + 4), count == 1 || count == 2
            else { continue }
            // An empty edit before it, where the track begins later than the clip.
            let first = edits.lowerBound + 8
            let delay = count == 2 ? movie.u32(first) ?? 0 : 0
            if length > delay { places.append((first + Int(count - 1) * 12, length - delay)) }
        }
        return places.filter { place, value in movie.u32(place).map { $0 > value } ?? false }
    }

    /// Where the movie box's payload lies.
    private var movie: Range<UInt64>? {
        var offset: UInt64 = 0
        for _ in 0..<16 {
            guard let head = output.bytes(at: offset..<offset + 8).map(BigEndianBytes.init), let size = head.u32(0),
                size >= 8
            else { return nil }
            let end = offset + UInt64(size)
            if head.type(4) == Array("moov".utf8) {
                return end - offset <= Self.movieLimit ? offset + 8..<end : nil
            }
            offset = end
        }
        return nil
    }
}

extension BigEndianBytes {
    /// Where the payloads of boxes of a type lie, among the boxes in `part` or at the top.
    fileprivate func places(of wanted: String, in part: Range<Int>? = nil) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var offset = part?.lowerBound ?? 0
        let end = part?.upperBound ?? count
        while offset + 8 <= end, let length = u32(offset).map(Int.init), length >= 8, length <= end - offset {
            if type(offset + 4) == Array(wanted.utf8) { found.append(offset + 8..<offset + length) }
            offset += length
        }
        return found
    }

    /// Where the payload of the first box along a path of types lies.
    fileprivate func place(of path: String..., in part: Range<Int>? = nil) -> Range<Int>? {
        var current = part
        for step in path {
            guard let next = places(of: step, in: current).first else { return nil }
            current = next
        }
        return current
    }
}
