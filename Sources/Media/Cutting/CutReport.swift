public import ClipIndex

/// What a worker says of a cut: all numbers, so that a worker taken over by a hostile file can say nothing else.
public enum CutReport: Equatable, Sendable {
    /// What was made; times are microseconds from the film's beginning.
    public struct Made: Equatable, Sendable {
        /// Where the first picture or packet lies.
        public var actualStart: Int64
        /// Where the last one ends.
        public var actualEnd: Int64
        /// Bytes written.
        public var bytes: UInt64
        /// What was written.
        public var format: CutFormat
        /// What is not in it.
        public var leftOut: [Stream]
        /// Whether pictures are to be turned and the file does not say so.
        public var losesRotation: Bool

        /// A report by its parts.
        public init(
            actualStart: Int64, actualEnd: Int64, bytes: UInt64, format: CutFormat, leftOut: [Stream],
            losesRotation: Bool
        ) {
            self.actualStart = actualStart
            self.actualEnd = actualEnd
            self.bytes = bytes
            self.format = format
            self.leftOut = leftOut
            self.losesRotation = losesRotation
        }
    }

    /// A stream of the film.
    public struct Stream: Equatable, Sendable {
        /// What it carries.
        public var kind: StreamFacts.Kind
        /// libav's name of its codec.
        public var codec: String

        /// A stream by its parts.
        public init(_ kind: StreamFacts.Kind, _ codec: String) {
            self.kind = kind
            self.codec = codec
        }
    }

    /// The cut is written.
    case made(Made)
    /// The film ends before the asked start: there, in microseconds, as far as it was read.
    case beyondEnd(Int64)
    /// The first of these streams does not go into the container; the others are what else would have to.
    case unfit([Stream], CutFormat)
    /// The packets have no times from which others could show them.
    case noTimes
    /// There is nothing in the film of what was asked for, such as sound.
    case nothing
    /// The output could not be written; the system's error number.
    case outputFailed(Int32)
    /// The clip is longer than what is encoded anew.
    case tooLong
    /// The pictures are too large to be encoded anew.
    case tooLarge

    private static let streamLimit = 64

    /// The report as a worker's result.
    public func encoded() -> [UInt8] {
        var writer = VarintWriter()
        switch self {
        case .made(let made):
            writer.write(byte: 0)
            writer.write(signed: made.actualStart)
            writer.write(signed: made.actualEnd)
            writer.write(made.bytes)
            writer.write(made.format)
            writer.write(byte: made.losesRotation ? 1 : 0)
            writer.write(made.leftOut.prefix(Self.streamLimit))
        case .beyondEnd(let end):
            writer.write(byte: 1)
            writer.write(signed: end)
        case .unfit(let streams, let format):
            writer.write(byte: 2)
            writer.write(format)
            writer.write(streams.prefix(Self.streamLimit))
        case .noTimes: writer.write(byte: 3)
        case .nothing: writer.write(byte: 4)
        case .outputFailed(let number):
            writer.write(byte: 5)
            writer.write(signed: Int64(number))
        case .tooLong: writer.write(byte: 6)
        case .tooLarge: writer.write(byte: 7)
        }
        return writer.bytes
    }

    /// Reads a report, as strictly as if a stranger had sent it.
    public init(decoding bytes: [UInt8]) throws(FilmIndexError) {
        var reader = VarintReader(bytes)
        switch try reader.readByte() {
        case 0:
            let (start, end) = (try reader.readSigned(), try reader.readSigned())
            // Times beyond 60 years are no film's.
            guard start.magnitude < 1 << 51, end.magnitude < 1 << 51, end >= start else { throw .invalidValue }
            let bytes = try reader.read()
            let format = try reader.readFormat()
            let losesRotation = try reader.readByte() == 1
            self = .made(
                Made(
                    actualStart: start, actualEnd: end, bytes: bytes, format: format,
                    leftOut: try reader.readStreams(upTo: Self.streamLimit), losesRotation: losesRotation))
        case 1: self = .beyondEnd(try reader.readSigned())
        case 2:
            let format = try reader.readFormat()
            self = .unfit(try reader.readStreams(upTo: Self.streamLimit), format)
        case 3: self = .noTimes
        case 4: self = .nothing
        case 5: self = .outputFailed(Int32(clamping: try reader.readSigned()))
        case 6: self = .tooLong
        case 7: self = .tooLarge
        default: throw .invalidValue
        }
        guard reader.remaining == 0 else { throw .wrongLength }
    }
}

extension VarintWriter {
    mutating func write(_ format: CutFormat) {
        write(UInt64(Container.allCases.firstIndex(of: format.container) ?? 0))
        write(byte: format.soundOnly ? 1 : 0)
    }

    fileprivate mutating func write(_ streams: ArraySlice<CutReport.Stream>) {
        write(UInt64(streams.count))
        for stream in streams {
            write(UInt64(StreamFacts.Kind.allCases.firstIndex(of: stream.kind) ?? 0))
            write(text: stream.codec)
        }
    }
}

extension VarintReader {
    mutating func readFormat() throws(FilmIndexError) -> CutFormat {
        CutFormat(try readCase(of: Container.allCases), soundOnly: try readByte() == 1)
    }

    fileprivate mutating func readStreams(upTo limit: Int) throws(FilmIndexError) -> [CutReport.Stream] {
        var streams: [CutReport.Stream] = []
        for _ in 0..<(try readCount(upTo: limit, bytesEach: 2)) {
            let kind = try readCase(of: StreamFacts.Kind.allCases)
            streams.append(CutReport.Stream(kind, try readText(upTo: 32) ?? "none"))
        }
        return streams
    }
}
