import HTTPWire
import NIOPosix

/// The body of an answer with several ranges (RFC 9110, 14.6).
struct ByteRangesBody: Sendable {
    let content: RangedContent
    let ranges: [Range<Int64>]
    let boundary: String

    init(content: RangedContent, ranges: [Range<Int64>]) {
        self.content = content
        self.ranges = ranges
        boundary =
            "part" + String(UInt64.random(in: .min ... .max), radix: 16)
            + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// The length of all of it.
    var length: Int64 {
        ranges.enumerated().reduce(Int64(end.count)) { total, part in
            total + Int64(head(part.offset).count) + part.element.upperBound - part.element.lowerBound
        }
    }

    private func head(_ index: Int) -> [UInt8] {
        let lead = index == 0 ? "" : "\r\n"
        var out = Array("\(lead)--\(boundary)\r\n".utf8)
        ResponseHeadEncoder.append("Content-Type", content.contentType, to: &out)
        ResponseHeadEncoder.append("Content-Range", content.contentRange(ranges[index]), to: &out)
        return out + [13, 10]
    }

    private var end: [UInt8] { Array("\r\n--\(boundary)--\r\n".utf8) }

    func write(to writer: any BodyWriter) async throws {
        for index in ranges.indices {
            try await writer.write(head(index))
            switch content.source {
            case .reader(let read): try await read(ranges[index], writer)
            case .file(let file): try await Self.copy(file, ranges[index], to: writer)
            }
        }
        try await writer.write(end)
    }

    private static func copy(_ file: OpenFile, _ range: Range<Int64>, to writer: any BodyWriter) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let start = position
            let count = Int(min(262_144, range.upperBound - start))
            let bytes = try await NIOThreadPool.singleton.runIfActive { try file.read(at: start, count: count) }
            guard !bytes.isEmpty else { throw BodyLengthError() }
            try await writer.write(bytes)
            position += Int64(bytes.count)
        }
    }
}
