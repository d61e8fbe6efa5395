import CLibAV

/// When the streams of an AVI file begin (`dwStart` of Microsoft's AVI RIFF file reference), in one that has just been
/// written.
///
/// The muxer lets all of them begin with the file: a sound whose first packet comes later would be heard too early.
struct InterleaveStarts {
    private let output: FilmOutput
    /// Longer headers are left as they are.
    private static let headerLimit: UInt64 = 1 << 20

    init(_ output: FilmOutput) { self.output = output }

    /// Has the streams of these numbers begin so many microseconds after the file does.
    func set(_ starts: [Int: Int64]) {
        guard let bytes = output.bytes(at: 0..<min(output.size, Self.headerLimit)) else { return }
        let header = LittleEndianBytes(bytes: bytes)
        for (number, place) in Self.streamHeaders(in: header).enumerated() {
            guard let time = starts[number], time > 0, let scale = header.u32(place + 20), scale > 0,
                let rate = header.u32(place + 24), rate > 0
            else { continue }
            let unit = AVRational(num: CInt(clamping: scale), den: CInt(clamping: rate))
            let start = UInt32(clamping: av_rescale_q(time, FilmClock.microseconds, unit))
            let number = (0..<4).map { UInt8(truncatingIfNeeded: start >> ($0 * 8)) }
            output.replace(at: UInt64(place + 28), with: number)
        }
    }

    /// Where the payloads of the streams' headers (`strh`) lie, in the streams' order.
    private static func streamHeaders(in file: LittleEndianBytes) -> [Int] {
        guard let lists = payload(of: "hdrl", in: file, 12..<file.bytes.count).first else { return [] }
        return payload(of: "strl", in: file, lists).compactMap { payload(of: "strh", in: file, $0).first?.lowerBound }
    }

    /// The payloads of all chunks or lists of a type among those in `part`.
    private static func payload(of wanted: String, in file: LittleEndianBytes, _ part: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var place = part.lowerBound
        while place + 12 <= part.upperBound, let type = file.type(place), let size = file.u32(place + 4) {
            let isList = type == "LIST" && size >= 4
            let end = min(part.upperBound, place + 8 + size)
            if (isList ? file.type(place + 8) : type) == wanted {
                found.append(place + (isList ? 12 : 8)..<end)
            }
            place += 8 + size + size % 2
        }
        return found
    }
}
