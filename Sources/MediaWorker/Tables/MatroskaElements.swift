/// The outer elements of a Matroska or WebM file (RFC 8794, RFC 9559).
struct MatroskaElements {
    private struct Element {
        let id: UInt32
        let payload: UInt64
        /// Nil when the size is unknown, as in live recordings.
        let end: UInt64?
    }

    private enum ID {
        static let header: UInt32 = 0x1a45_dfa3
        static let documentType: UInt32 = 0x4282
        static let segment: UInt32 = 0x1853_8067
        static let seekHead: UInt32 = 0x114d_9b74
        static let seek: UInt32 = 0x4dbb
        static let seekID: UInt32 = 0x53ab
        static let seekPosition: UInt32 = 0x53ac
        static let cues: UInt32 = 0x1c53_bb6b
        static let cluster: UInt32 = 0x1f43_b675
        /// Elements of a segment that end a cluster of unknown size (RFC 8794, 6.2).
        static let ofSegment: Set<UInt32> = [
            cluster, cues, seekHead, 0x1549_a966, 0x1654_ae6b, 0x1941_a469, 0x1043_a770, 0x1254_c367,
        ]
    }

    private let source: SourceFile
    private static let elementLimit = 1000

    init(_ source: SourceFile) { self.source = source }

    /// `matroska` or `webm`; nil when the header does not say.
    var documentType: String? {
        guard let header = element(at: 0), header.id == ID.header, let end = header.end else { return nil }
        let text = child(ID.documentType, in: header.payload, min(end, header.payload + 4096)).flatMap(bytes)
        return text.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Everything before the first cluster, and the cues wherever they are.
    var headerRanges: [Range<UInt64>] {
        guard let header = element(at: 0), let segmentStart = header.end, let segment = element(at: segmentStart),
            segment.id == ID.segment
        else { return [] }
        var ranges: [Range<UInt64>] = []
        var offset = segment.payload
        var cues: UInt64?
        for _ in 0..<Self.elementLimit {
            guard let found = element(at: offset) else { break }
            if found.id == ID.cluster { break }
            if found.id == ID.seekHead, let end = found.end { cues = cuesPosition(in: found.payload, end) }
            guard let end = found.end, end > offset else { break }
            offset = end
        }
        if offset > 0 { ranges.append(0..<min(offset, source.size)) }
        if let cues, let start = Self.sum(segment.payload, cues), let found = element(at: start), found.id == ID.cues,
            let end = found.end
        {
            ranges.append(start..<end)
        }
        return ranges
    }

    /// Where the first cluster begins.
    var firstCluster: UInt64? {
        guard let header = element(at: 0), let segmentStart = header.end, let segment = element(at: segmentStart),
            segment.id == ID.segment
        else { return nil }
        var offset = segment.payload
        for _ in 0..<Self.elementLimit {
            guard let found = element(at: offset) else { return nil }
            if found.id == ID.cluster { return offset }
            guard let end = found.end, end > offset else { return nil }
            offset = end
        }
        return nil
    }

    /// The next cluster at or after `place`, which is where an element of the segment begins. One that does not say how
    /// long it is reaches to the next element of the segment.
    func cluster(from place: UInt64) -> Range<UInt64>? {
        var start = place
        for _ in 0..<Self.elementLimit {
            guard let found = element(at: start) else { return nil }
            if found.id == ID.cluster { return start..<max(start, found.end ?? openEnd(found.payload)) }
            guard let end = found.end, end > start else { return nil }
            start = end
        }
        return nil
    }

    private func openEnd(_ payload: UInt64) -> UInt64 {
        var place = payload
        while let found = element(at: place), !ID.ofSegment.contains(found.id), let end = found.end, end > place {
            place = end
        }
        return place
    }

    private func cuesPosition(in start: UInt64, _ end: UInt64) -> UInt64? {
        var offset = start
        for _ in 0..<Self.elementLimit where offset < end {
            guard let entry = element(at: offset), let entryEnd = entry.end, entryEnd > offset else { return nil }
            if entry.id == ID.seek, let id = child(ID.seekID, in: entry.payload, entryEnd).flatMap(number),
                id == UInt64(ID.cues)
            {
                return child(ID.seekPosition, in: entry.payload, entryEnd).flatMap(number)
            }
            offset = entryEnd
        }
        return nil
    }

    private func child(_ id: UInt32, in start: UInt64, _ end: UInt64) -> Element? {
        var offset = start
        for _ in 0..<64 where offset < end {
            guard let found = element(at: offset), let foundEnd = found.end, foundEnd > offset else { return nil }
            if found.id == id { return found }
            offset = foundEnd
        }
        return nil
    }

    private func bytes(_ element: Element) -> [UInt8]? {
        guard let end = element.end, end - element.payload <= 16 else { return nil }
        return source.bytes(at: element.payload, count: Int(end - element.payload))
    }

    private func number(_ element: Element) -> UInt64? {
        guard let bytes = bytes(element), bytes.count <= 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func element(at offset: UInt64) -> Element? {
        guard offset < source.size, let head = source.bytes(at: offset, count: Int(min(12, source.size - offset))),
            let first = head.first
        else { return nil }
        let idLength = first.leadingZeroBitCount + 1
        guard idLength <= 4, head.count > idLength else { return nil }
        let id = head[0..<idLength].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let sizeLength = head[idLength].leadingZeroBitCount + 1
        guard sizeLength <= 8, head.count >= idLength + sizeLength else { return nil }
        let mask = UInt64(1) << UInt64(7 * sizeLength) - 1
        let size = head[idLength..<idLength + sizeLength].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & mask
        let payload = offset + UInt64(idLength + sizeLength)
        guard payload <= source.size else { return nil }
        if size == mask { return Element(id: id, payload: payload, end: nil) }
        return Element(id: id, payload: payload, end: payload + min(size, source.size - payload))
    }

    private static func sum(_ one: UInt64, _ other: UInt64) -> UInt64? {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}
