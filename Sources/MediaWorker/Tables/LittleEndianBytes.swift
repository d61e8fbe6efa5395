/// A part of a RIFF file in memory, read by position; a position outside it reads as nil.
struct LittleEndianBytes {
    let bytes: [UInt8]

    func u16(_ offset: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - 2 else { return nil }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    func u32(_ offset: Int) -> Int? {
        guard let low = u16(offset), let high = u16(offset + 2) else { return nil }
        return low | high << 16
    }

    func type(_ offset: Int) -> String? {
        guard offset >= 0, offset <= bytes.count - 4 else { return nil }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    /// The payloads of the chunks in a list, with their types; for `LIST` the type is that of the list.
    func chunks(from start: Int = 0) -> [(type: String, payload: LittleEndianBytes)] {
        var found: [(type: String, payload: LittleEndianBytes)] = []
        var offset = start
        while let type = type(offset), let size = u32(offset + 4), size <= bytes.count - offset - 8, found.count < 256 {
            let isList = type == "LIST" && size >= 4
            let payload = LittleEndianBytes(bytes: Array(bytes[offset + (isList ? 12 : 8)..<offset + 8 + size]))
            found.append((isList ? self.type(offset + 8) ?? type : type, payload))
            offset += 8 + size + size % 2
        }
        return found
    }
}
