/// What little has to be read of streams that have no headers, besides packets.
enum StreamStart {
    private static let limit = 4096

    /// The sequence header of a bare MPEG video stream (ISO/IEC 13818-2, 6.2.2): up to its first group or picture.
    static func sequenceHeader(of source: SourceFile) -> Range<UInt64>? {
        let count = Int(min(source.size, UInt64(limit)))
        guard let bytes = source.bytes(at: 0, count: count), count > 4 else { return nil }
        for index in 0..<count - 3 where bytes[index] == 0 && bytes[index + 1] == 0 && bytes[index + 2] == 1 {
            // A group of pictures, or a picture.
            if bytes[index + 3] == 0xb8 || bytes[index + 3] == 0 { return index > 0 ? 0..<UInt64(index) : nil }
        }
        return nil
    }
}
