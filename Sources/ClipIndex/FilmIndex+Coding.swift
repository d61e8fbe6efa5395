extension FilmIndex {
    /// `RSCI` and the version.
    private static let magic: [UInt8] = [0x52, 0x53, 0x43, 0x49, 2]

    /// The index as bytes: about ten a bucket.
    ///
    /// After the magic: access, origin (signed) and duration; header ranges as gap and length; streams as kind, count
    /// and buckets. A bucket is its time since the last one (the first: signed) with the key flag in the lowest bit,
    /// and how much `low` and `high` grew. All numbers are varints; docs/clip-index.md has the whole format.
    public func encoded() -> [UInt8] {
        var writer = VarintWriter(Self.magic)
        writer.write(byte: access.rawValue)
        writer.write(signed: origin)
        writer.write(UInt64(max(0, duration)))
        writer.write(UInt64(headerRanges.count))
        var position: UInt64 = 0
        for range in headerRanges {
            writer.write(range.lowerBound &- position)
            writer.write(range.upperBound &- range.lowerBound)
            position = range.upperBound
        }
        writer.write(UInt64(streams.count))
        for stream in streams { stream.write(to: &writer) }
        return writer.bytes
    }

    /// How many bytes `encoded()` has, without making them.
    public var encodedSize: Int {
        var size =
            Self.magic.count + 1 + VarintWriter.size(signed: origin) + VarintWriter.size(UInt64(max(0, duration)))
        size += VarintWriter.size(UInt64(headerRanges.count)) + VarintWriter.size(UInt64(streams.count))
        var position: UInt64 = 0
        for range in headerRanges {
            size += VarintWriter.size(range.lowerBound &- position)
            size += VarintWriter.size(range.upperBound &- range.lowerBound)
            position = range.upperBound
        }
        return streams.reduce(size) { $0 + $1.encodedSize }
    }

    /// Reads an index. What it accepts is in order: times rise, `low` and `high` never fall, ranges are apart.
    ///
    /// Safe on any bytes: memory is bounded by their count. Throws what is wrong with them.
    public init(decoding bytes: [UInt8], limits: FilmIndexLimits = .standard) throws(FilmIndexError) {
        guard bytes.starts(with: Self.magic) else { throw .notAnIndex }
        guard bytes.count <= limits.bytes else { throw .tooLarge }
        var reader = VarintReader(bytes)
        for _ in Self.magic { _ = try reader.readByte() }
        guard let access = FilmAccess(rawValue: try reader.readByte()) else { throw .invalidValue }
        self.access = access
        origin = try reader.readSignedTime()
        duration = try reader.readTime()
        headerRanges = []
        var position: UInt64 = 0
        for index in 0..<(try reader.readCount(upTo: limits.headerRanges, bytesEach: 2)) {
            let gap = try reader.read()
            let length = try reader.read()
            guard length > 0, gap > 0 || index == 0 else { throw .invalidValue }
            let start = try position.adding(gap)
            position = try start.adding(length)
            headerRanges.append(start..<position)
        }
        streams = []
        var left = limits.buckets
        for _ in 0..<(try reader.readCount(upTo: limits.streams, bytesEach: 2)) {
            let stream = try StreamIndex(reading: &reader, bucketLimit: left)
            left -= stream.buckets.count
            streams.append(stream)
        }
        guard reader.remaining == 0 else { throw .wrongLength }
    }
}

extension StreamIndex {
    fileprivate var encodedSize: Int {
        var size = 1 + VarintWriter.size(UInt64(buckets.count))
        guard var last = buckets.first else { return size }
        size += VarintWriter.size(signed: last.time)
        last = Bucket(time: last.time, low: 0, high: 0, isKey: false)
        for bucket in buckets {
            size += VarintWriter.size(UInt64(bitPattern: bucket.time &- last.time) << 1)
            size += VarintWriter.size(bucket.low &- last.low) + VarintWriter.size(bucket.high &- last.high)
            last = bucket
        }
        return size
    }

    fileprivate func write(to writer: inout VarintWriter) {
        writer.write(byte: kind.rawValue)
        writer.write(UInt64(buckets.count))
        guard var last = buckets.first else { return }
        writer.write(signed: last.time)
        last = Bucket(time: last.time, low: 0, high: 0, isKey: false)
        for bucket in buckets {
            writer.write(UInt64(bitPattern: bucket.time &- last.time) << 1 | (bucket.isKey ? 1 : 0))
            writer.write(bucket.low &- last.low)
            writer.write(bucket.high &- last.high)
            last = bucket
        }
    }

    fileprivate init(reading reader: inout VarintReader, bucketLimit: Int) throws(FilmIndexError) {
        guard let kind = StreamKind(rawValue: try reader.readByte()) else { throw .invalidValue }
        let count = try reader.readCount(upTo: bucketLimit, bytesEach: 3)
        self.init(kind: kind, buckets: [])
        guard count > 0 else { return }
        buckets.reserveCapacity(count)
        var last = Bucket(time: try reader.readSignedTime(), low: 0, high: 0, isKey: false)
        for index in 0..<count {
            let step = try reader.read()
            guard index == 0 ? step >> 1 == 0 : step >> 1 > 0 else { throw .invalidValue }
            last = Bucket(
                time: try last.time.adding(step >> 1), low: try last.low.adding(try reader.read()),
                high: try last.high.adding(try reader.read()), isKey: step & 1 == 1)
            buckets.append(last)
        }
    }
}

extension VarintReader {
    /// The next duration: at most 2^53 microseconds, so that sums of a few never overflow.
    fileprivate mutating func readTime() throws(FilmIndexError) -> Int64 {
        let value = try read()
        guard value <= 1 << 53 else { throw .invalidValue }
        return Int64(value)
    }

    fileprivate mutating func readSignedTime() throws(FilmIndexError) -> Int64 {
        let value = try readSigned()
        guard value.magnitude <= 1 << 53 else { throw .invalidValue }
        return value
    }
}

extension UInt64 {
    fileprivate func adding(_ other: UInt64) throws(FilmIndexError) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow, sum <= UInt64(Int64.max) else { throw .invalidValue }
        return sum
    }
}

extension Int64 {
    fileprivate func adding(_ other: UInt64) throws(FilmIndexError) -> Int64 {
        guard other <= 1 << 55 else { throw .invalidValue }
        let sum = self + Int64(other)
        guard sum <= 1 << 54 else { throw .invalidValue }
        return sum
    }
}
