/// The outermost boxes of an MP4 or MOV file (ISO/IEC 14496-12, 4.2).
struct MovieBoxes {
    struct Box {
        let type: [UInt8]
        /// The whole box in the file.
        let range: Range<UInt64>
        /// What follows its header.
        let payload: Range<UInt64>
    }

    /// In file order; a box that says it goes on past the end of the file ends there.
    private(set) var boxes: [Box] = []
    /// A fragment is two boxes: enough for hours of one-second fragments.
    private static let limit = 65_536

    /// Reads the boxes' heads, all of them or up to the first of a type.
    init(_ source: SourceFile, upTo last: String? = nil) {
        let last = last.map { Array($0.utf8) }
        var offset: UInt64 = 0
        while boxes.count < Self.limit, let box = Self.box(in: source, at: offset) {
            boxes.append(box)
            if box.type == last { break }
            offset = box.range.upperBound
        }
    }

    func first(_ type: String) -> Box? {
        boxes.first { $0.type == Array(type.utf8) }
    }

    /// Whether packets are described in fragments all over the file.
    var hasFragments: Bool { first("moof") != nil }

    /// What a demuxer of a fragmented film reads before any fragment.
    var fragmentHeaders: [Range<UInt64>] {
        [first("ftyp"), first("moov")].compactMap { $0?.range }
    }

    /// Where fragments begin, rising.
    var fragmentStarts: [UInt64] {
        let type = Array("moof".utf8)
        return boxes.filter { $0.type == type }.map(\.range.lowerBound)
    }

    private static func box(in source: SourceFile, at offset: UInt64) -> Box? {
        guard let header = source.bytes(at: offset, count: 8) else { return nil }
        var headerLength: UInt64 = 8
        var length = header[0..<4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if length == 1 {
            guard let long = source.bytes(at: offset + 8, count: 8) else { return nil }
            length = long.reduce(0) { $0 << 8 | UInt64($1) }
            headerLength = 16
        }
        if length == 0 { length = source.size - offset }
        guard length >= headerLength else { return nil }
        let end = offset + min(length, source.size - offset)
        return Box(type: Array(header[4..<8]), range: offset..<end, payload: offset + headerLength..<end)
    }
}
