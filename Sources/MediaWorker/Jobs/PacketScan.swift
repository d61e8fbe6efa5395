import CLibAV
import ClipIndex

/// What is remembered from packet to packet of a scan.
struct PacketScan {
    private(set) var builder = FilmIndexBuilder(kinds: [])
    private(set) var packetCount = 0
    private(set) var firstOffset = UInt64.max
    /// The first packet's offset after which all streams have begun.
    private(set) var allStreamsSeen: UInt64?
    private let access: FilmAccess
    private let isWhole: Bool
    private let size: UInt64
    private var starts: ScanLayout.Starts
    private var lastPlaces: [Int: UInt64] = [:]
    private var lastEnd: UInt64 = 0
    private var waiting: [FilmPacket] = []
    private static let lookahead = 4
    private var lastTimes: [Int: Int64] = [:]
    /// Where the stream that began last did.
    private var lastBeginning: UInt64 = 0
    /// Bytes between two packets that count as the later one's, where a demuxer jumps to it: its chunk's header. A stream
    /// that begins further on in the file than this is no header either.
    private static let gapLimit: UInt64 = 1 << 20

    /// - Parameter size: the film's length in bytes.
    init(_ layout: ScanLayout, size: UInt64) {
        (access, starts, isWhole, self.size) = (layout.access, layout.starts, layout.keepsPacketsWhole, size)
    }

    mutating func take(_ packet: AVPacket, of film: Demuxer) {
        let index = Int(packet.stream_index)
        let streams = film.streams
        guard streams.indices.contains(index), packet.size > 0 else { return }
        while builder.streamCount < streams.count {
            builder.addStream(Self.kind(streams[builder.streamCount].pointee.codecpar.pointee.codec_type))
        }
        let stream = streams[index].pointee
        guard stream.disposition & libav_disposition_picture == 0 else { return }
        let stamp = packet.pts != libav_no_time ? packet.pts : packet.dts
        let time = LibAV.microseconds(stamp, stream.time_base) ?? lastTimes[index] ?? 0
        let duration = LibAV.microseconds(packet.duration, stream.time_base) ?? 0
        let range = bytes(of: packet, readTo: film.isElementary ? 0 : film.position)
        note(range.lowerBound, isFirst: lastTimes[index] == nil)
        packetCount += 1
        lastTimes[index] = time
        let found = FilmPacket(
            stream: index, time: time, duration: max(0, duration), offset: range.lowerBound, end: range.upperBound,
            isKey: packet.flags & libav_packet_key != 0)
        if film.isElementary && film.leavesOutTimes { add(found) } else { builder.add(found) }
    }

    /// Adds a bare picture once so many others have come that its time can be told from them: they belong to it.
    private mutating func add(_ packet: FilmPacket) {
        waiting.append(packet)
        if waiting.count > Self.lookahead { addFirst() }
    }

    private mutating func addFirst() {
        var packet = waiting.removeFirst()
        packet.end = max(packet.end, waiting.last?.end ?? 0)
        builder.add(packet)
    }

    /// Adds what still waits.
    mutating func finish() {
        while !waiting.isEmpty { addFirst() }
    }

    /// From where a reader can begin to where the demuxer stands now (in elementary streams to the packet's own end):
    /// containers that cut packets up (MPEG-TS) thus get ranges that are too wide, never too narrow.
    private mutating func bytes(of packet: AVPacket, readTo position: UInt64) -> Range<UInt64> {
        // Of the packets in one piece of a stream only the first says where that lies.
        let known = packet.pos >= 0 ? UInt64(packet.pos) : lastPlaces[Int(packet.stream_index)]
        let own = known ?? lastEnd
        let start = beginning(of: own, after: lastPlaces[Int(packet.stream_index)])
        lastPlaces[Int(packet.stream_index)] = own
        // Only where packets are not cut up do they end where they begin and their size say.
        let payloadEnd = isWhole && packet.pos >= 0 ? own + UInt64(packet.size) : 0
        let end = min(max(position, payloadEnd, start + 1), max(size, start + 1))
        lastEnd = max(lastEnd, end)
        return start..<end
    }

    /// - Parameter last: where the packet of the same stream before it lies.
    private mutating func beginning(of offset: UInt64, after last: UInt64?) -> UInt64 {
        switch starts {
        case .packetsBefore: return last.map { min($0, offset) } ?? offset
        case .packets where access == .tables:
            return lastEnd > 0 && offset >= lastEnd && offset - lastEnd <= Self.gapLimit ? lastEnd : offset
        case .packets: return offset
        case .clusters(var clusters):
            let start = clusters.start(of: offset)
            starts = .clusters(clusters)
            return start ?? offset
        case .fragments(let places):
            var low = 0
            var high = places.count
            while low < high {
                let middle = (low + high) / 2
                if places[middle] <= offset { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? places[low - 1] : offset
        }
    }

    private mutating func note(_ start: UInt64, isFirst: Bool) {
        firstOffset = min(firstOffset, start)
        if isFirst, start < Self.gapLimit {
            lastBeginning = max(lastBeginning, start)
            allStreamsSeen = nil
        } else if allStreamsSeen == nil, start > lastBeginning {
            allStreamsSeen = start
        }
    }

    private static func kind(_ type: AVMediaType) -> StreamKind {
        switch type {
        case AVMEDIA_TYPE_VIDEO: .video
        case AVMEDIA_TYPE_AUDIO: .audio
        case AVMEDIA_TYPE_SUBTITLE: .subtitle
        default: .other
        }
    }
}
