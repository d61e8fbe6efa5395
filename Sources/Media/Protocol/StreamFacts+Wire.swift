import ClipIndex

extension StreamFacts {
    func write(to writer: inout VarintWriter) {
        writer.write(UInt64(Kind.allCases.firstIndex(of: kind) ?? 0))
        writer.write(text: codec)
        writer.write(byte: (isDecodable ? 1 : 0) | (isDefault ? 2 : 0))
        writer.write(text: language)
        for number in [channels, sampleRate, width, height] {
            writer.write(optional: number.map(UInt64.init(clamping:)))
        }
        writer.write(optional: frameRate.flatMap { UInt64(exactly: ($0 * 1000).rounded()) })
        writer.write(optional: bitRate.map(UInt64.init(clamping:)))
    }

    init(reading reader: inout VarintReader) throws(FilmIndexError) {
        let kind = try reader.readCase(of: Kind.allCases)
        let codec = try reader.readText(upTo: 32) ?? "none"
        let flags = try reader.readByte()
        let language = try reader.readText(upTo: 16)
        let channels = try reader.readOptional(upTo: 1024)
        let sampleRate = try reader.readOptional(upTo: 10_000_000)
        let width = try reader.readOptional(upTo: 1_000_000)
        let height = try reader.readOptional(upTo: 1_000_000)
        let frameRate = try reader.readOptional(upTo: 100_000_000)
        let bitRate = try reader.readOptional(upTo: 1 << 50)
        self.init(
            kind: kind, codec: codec, isDecodable: flags & 1 != 0, language: language, channels: channels.map(Int.init),
            sampleRate: sampleRate.map(Int.init), width: width.map(Int.init), height: height.map(Int.init),
            frameRate: frameRate.map { Double($0) / 1000 }, bitRate: bitRate.map(Int.init), isDefault: flags & 2 != 0)
    }
}
