/// A part of a file in memory, read by position; a position outside it reads as nil.
struct BigEndianBytes {
    private let bytes: [UInt8]
    private let start: Int
    let count: Int

    init(_ bytes: [UInt8]) {
        self.init(bytes: bytes, start: 0, count: bytes.count)
    }

    private init(bytes: [UInt8], start: Int, count: Int) {
        self.bytes = bytes
        self.start = start
        self.count = count
    }

    /// The part of `length` bytes from `offset`; nil when it is not all inside.
    func part(_ offset: Int, _ length: Int) -> BigEndianBytes? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        return BigEndianBytes(bytes: bytes, start: start + offset, count: length)
    }

    func u8(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? bytes[start + offset] : nil
    }

    func u16(_ offset: Int) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        return UInt16(bytes[start + offset]) << 8 | UInt16(bytes[start + offset + 1])
    }

    func u32(_ offset: Int) -> UInt32? {
        guard let high = u16(offset), let low = u16(offset + 2) else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    func u64(_ offset: Int) -> UInt64? {
        guard let high = u32(offset), let low = u32(offset + 4) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    func type(_ offset: Int) -> [UInt8]? {
        guard offset >= 0, offset <= count - 4 else { return nil }
        return Array(bytes[start + offset..<start + offset + 4])
    }

    /// The payloads of the boxes inside, as an MP4 box holds them, up to the first that does not fit.
    func boxes(_ wanted: String) -> [BigEndianBytes] {
        let type = Array(wanted.utf8)
        var found: [BigEndianBytes] = []
        var offset = 0
        while let length = u32(offset).map(Int.init), length >= 8, let box = part(offset, length) {
            if box.type(4) == type, let payload = box.part(8, length - 8) { found.append(payload) }
            offset += length
        }
        return found
    }

    /// The payload of the first box along a path of types.
    func box(_ path: String...) -> BigEndianBytes? {
        var current: BigEndianBytes? = self
        for step in path { current = current?.boxes(step).first }
        return current
    }
}
