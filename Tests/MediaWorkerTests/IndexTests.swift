import ClipIndex
import Foundation
import Media
import Testing

@Suite struct IndexTests {
    struct Seen {
        let stream: Int
        let time: Double
        let offset: UInt64
        let end: UInt64
        let isKey: Bool
    }

    /// The packets of a film as ffprobe lists them.
    static func packets(of path: String) throws -> [Seen] {
        let (status, text) = try Command.run(
            "ffprobe",
            [
                "-v", "error", "-of", "csv=p=0", "-show_entries",
                "packet=stream_index,pts_time,dts_time,size,pos,flags", path,
            ])
        try #require(status == 0)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count >= 6, let stream = Int(cells[0]), let time = Double(cells[1]) ?? Double(cells[2]),
                let size = UInt64(cells[3]), let offset = UInt64(cells[4])
            else { return nil }
            return Seen(stream: stream, time: time, offset: offset, end: offset + size, isKey: cells[5].hasPrefix("K"))
        }
    }

    /// No byte is missing from a bucket, and no more than `slack` are too many.
    static func check(_ index: FilmIndex, of path: String, slack: UInt64) throws {
        let packets = try packets(of: path)
        let earliest = packets.map(\.time).min() ?? 0
        let origin = earliest > 0 ? earliest : 0
        #expect(index.streams.count == Set(packets.map(\.stream)).count)
        for (stream, table) in index.streams.enumerated() {
            let own = packets.filter { $0.stream == stream }
            #expect(!table.buckets.isEmpty)
            for bucket in table.buckets {
                let time = Double(bucket.time) / 1_000_000 + origin
                let high = own.filter { $0.time < time - 0.000_01 }.map(\.end).max() ?? 0
                let low = own.filter { $0.time >= time - 0.000_01 }.map(\.offset).min()
                if let low {
                    #expect(bucket.low <= low && bucket.low + slack >= low, "\(stream) low at \(time)")
                } else {
                    #expect(bucket.low == bucket.high)
                }
                #expect(bucket.high >= high && bucket.high <= high + slack, "\(stream) high at \(time)")
            }
            let keys = own.filter(\.isKey).map { Int64((($0.time - origin) * 1000).rounded()) }
            let found = table.buckets.filter(\.isKey).map { Int64((Double($0.time) / 1000).rounded()) }
            if table.kind == .video { #expect(Set(found) == Set(keys)) } else { #expect(found.isEmpty) }
        }
    }

    static let source = FilmFolder.picture(seconds: 3) + FilmFolder.tone(seconds: 3) + FilmFolder.h264 + ["-g", "20"]
    static let movies: [(String, [String])] = [
        ("last.mp4", ["-bf", "2", "-c:a", "aac"]),
        ("first.mp4", ["-bf", "2", "-c:a", "aac", "-movflags", "+faststart"]),
        ("a.mov", ["-bf", "0", "-c:a", "aac"]),
        ("unedited.mp4", ["-bf", "2", "-c:a", "aac", "-use_editlist", "0"]),
        ("varying.mp4", ["-bf", "2", "-c:a", "aac", "-vf", "select='not(mod(n,3))+gt(n,40)'", "-vsync", "vfr"]),
        ("silent.mp4", ["-bf", "2", "-an"]),
        ("still.m4a", ["-vn", "-c:a", "aac"]),
    ]

    @Test(arguments: movies) func movieTablesAreExact(name: String, arguments: [String]) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(name, Self.source + arguments)
        let quick = try #require(try await Worker.client.quickIndex(file: path))
        try Self.check(quick, of: path, slack: 0)
        let scanned = try await Worker.client.scanIndex(file: path)
        #expect(scanned.headerRanges == quick.headerRanges)
        try Self.check(scanned, of: path, slack: 64)
        #expect(abs(scanned.duration - quick.duration) < 50_000)
        #expect(try FilmIndex(decoding: quick.encoded()) == quick)
    }

    /// All boxes before the movie by their heads, and the movie whole: what a demuxer reads of them.
    @Test func headersOfAMovieAreWhatADemuxerReads() async throws {
        let folder = try FilmFolder()
        let path = try folder.film(
            "a.mp4", ["-t", "3"] + GuidedCutTests.films[0].inputs + ["-c:a", "aac", "-c:v", "mpeg4"])
        let bytes = try folder.bytes(of: "a.mp4")
        let index = try #require(try await Worker.client.quickIndex(file: path))
        #expect(index.headerRanges.count == 2 && index.headerRanges.first?.lowerBound == 0)
        let movie = try #require(index.headerRanges.last)
        #expect(movie.upperBound == UInt64(bytes.count))
        // The look at where the media's box ends comes just before.
        let head = bytes[Int(movie.lowerBound)..<Int(movie.lowerBound) + 32]
        #expect(head.indices.contains { head[$0...].starts(with: Array("moov".utf8)) })
    }

    static let scanned: [(String, [String], UInt64)] = [
        ("fragments.mp4", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"], 100_000),
        ("a.mkv", ["-bf", "2", "-c:a", "aac"], 200_000), ("a.flv", ["-bf", "2", "-c:a", "aac"], 512),
        ("a.ts", ["-bf", "2", "-c:a", "aac"], 40_000),
        ("a.mpg", ["-c:v", "mpeg1video", "-c:a", "mp2"], 40_000), ("a.wmv", ["-c:v", "wmv2", "-c:a", "wmav2"], 16_000),
        ("a.ogv", ["-c:v", "libtheora", "-c:a", "libvorbis"], 20_000),
    ]

    @Test(arguments: scanned) func aScanMissesNoByte(name: String, arguments: [String], slack: UInt64) async throws {
        let folder = try FilmFolder()
        let path = try folder.film(name, Self.source + arguments)
        let index = try await Worker.client.scanIndex(file: path)
        try Self.check(index, of: path, slack: slack)
        #expect(index.headerRanges.first?.lowerBound == 0)
        #expect(abs(index.duration - 3_000_000) < 200_000)
        if !name.hasSuffix("avi") { #expect(try await Worker.client.quickIndex(file: path) == nil) }
    }

    @Test(arguments: ["mp3", "wav", "flac", "aac", "ogg", "opus", "wma", "mka"]) func soundsAreScannedToo(name: String)
        async throws
    {
        let folder = try FilmFolder()
        let path = try folder.film("a.\(name)", FilmFolder.tone(seconds: 3))
        let size = UInt64(try folder.bytes(of: "a.\(name)").count)
        let index = try await Worker.client.scanIndex(file: path)
        let table = try #require(index.streams.first)
        #expect(table.kind == .audio && table.buckets.count >= 4)
        #expect(table.buckets.allSatisfy { $0.low <= size && $0.high <= size && !$0.isKey })
        #expect(abs(index.duration - 3_000_000) < 200_000)
    }

    @Test func aBareVideoStreamIsScannedToo() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.m2v", FilmFolder.picture(seconds: 3) + ["-c:v", "mpeg2video", "-g", "10"])
        let index = try await Worker.client.scanIndex(file: path)
        #expect(index.streams.map(\.kind) == [.video])
        #expect(index.streams[0].buckets.filter(\.isKey).count == 8)
        #expect(index.streams[0].buckets.last?.high == UInt64(try folder.bytes(of: "a.m2v").count))
        #expect(abs(index.duration - 3_000_000) < 200_000)
    }

    /// A plan by tables holds what one by all packets does.
    @Test func interleaveTablesAgreeWithTheScan() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.avi", Self.source + ["-c:v", "mpeg4", "-bf", "0", "-c:a", "mp3"])
        let quick = try #require(try await Worker.client.quickIndex(file: path))
        let scanned = try await Worker.client.scanIndex(file: path)
        #expect(quick.headerRanges == scanned.headerRanges && quick.access == .tables && scanned.access == .tables)
        #expect(quick.streams.map { $0.buckets.count } == scanned.streams.map { $0.buckets.count })
        for start in stride(from: 0.3, to: 2.9, by: 0.1) {
            let clip = try #require(ClipInterval(start: start, end: start + 0.5))
            let (wide, narrow) = (try quick.plan(clip).mediaRanges, try scanned.plan(clip).mediaRanges)
            let (first, last) = (try #require(wide.first), try #require(wide.last))
            let begin = try scanned.plan(clip).actualStart
            let key = try #require(scanned.streams[0].buckets.first { $0.isKey && $0.time == begin })
            #expect(first.lowerBound <= key.low + 8, "\(start)")
            #expect(last.upperBound + 8 >= (try #require(narrow.last)).upperBound, "\(wide) \(narrow)")
        }
    }

    @Test func cuesOfAMatroskaFilmAreHeaders() async throws {
        let folder = try FilmFolder()
        let path = try folder.film("a.mkv", Self.source + ["-c:a", "aac"])
        let bytes = try folder.bytes(of: "a.mkv")
        let index = try await Worker.client.scanIndex(file: path)
        let cues = try #require(index.headerRanges.last)
        #expect(index.headerRanges.count == 2)
        #expect(Array(bytes[Int(cues.lowerBound)..<Int(cues.lowerBound) + 4]) == [0x1c, 0x53, 0xbb, 0x6b])
        let cluster = Int(index.headerRanges[0].upperBound)
        #expect(Array(bytes[cluster..<cluster + 4]) == [0x1f, 0x43, 0xb6, 0x75])
    }
}
