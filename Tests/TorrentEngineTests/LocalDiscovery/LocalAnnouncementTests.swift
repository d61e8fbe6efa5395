import ByteCoding
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// The datagrams of BEP 14, and when they are sent.
@Suite struct LocalAnnouncementTests {
    private func hash(_ number: UInt8) -> InfoHash { InfoHash(bytes: [UInt8](repeating: number, count: 20))! }
    private let group = Endpoint("239.192.152.143:6771")!

    @Test func whatIsWrittenIsRead() throws {
        let announcement = LocalAnnouncement(hashes: [hash(1), hash(2)], port: 6_881, cookie: "abc")
        let bytes = announcement.encoded(host: group)
        #expect(LocalAnnouncement(decoding: bytes) == announcement)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: 0101"))
        #expect(text.hasSuffix("cookie: abc\r\n\r\n\r\n"))
        let many = LocalAnnouncement(hashes: (0..<100).map { hash($0) }, port: 65_535, cookie: "0123456789abcdef")
        #expect(many.encoded(host: group).count <= LocalAnnouncement.maximumByteCount)
        #expect(LocalAnnouncement(decoding: many.encoded(host: group))?.hashes.count == 20)
    }

    @Test func othersWriteItOtherwise() throws {
        let hex = String(repeating: "AB", count: 20)
        let text = "BT-SEARCH * HTTP/1.1\nHOST:x\nport:   7000 \nINFOHASH:\t\(hex)\nX: y\nnonsense\n\n"
        let announcement = try #require(LocalAnnouncement(decoding: text.utf8))
        #expect(announcement == LocalAnnouncement(hashes: [hash(0xab)], port: 7_000))
    }

    @Test(arguments: [
        "", "BT-SEARCH * HTTP/1.1", "BT-SEARCH * HTTP/1.1\r\nPort: 7000\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nInfohash: 0101010101010101010101010101010101010101\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: 0101010101010101010101010101010101010101\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 70000\r\nInfohash: 0101010101010101010101010101010101010101\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: +70\r\nInfohash: 0101010101010101010101010101010101010101\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 7000\r\nInfohash: 01010101\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nPort: 7000\r\nInfohash: 0101010101010101010101010101010101010101\r\n\r\n",
    ]) func otherDatagramsAreNone(text: String) { #expect(LocalAnnouncement(decoding: text.utf8) == nil) }

    @Test func datagramsOfChanceDoNotTrap() {
        var random = SplitMix64(seed: 4)
        let sound = LocalAnnouncement(hashes: [hash(1), hash(2)], port: 6_881, cookie: "abc").encoded(host: group)
        for _ in 0..<5_000 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1 where bytes.count > 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: 40), at: place)
                }
            }
            if let read = LocalAnnouncement(decoding: bytes) { #expect(read.port > 0 && !read.hashes.isEmpty) }
        }
        #expect(LocalAnnouncement(decoding: [UInt8](repeating: 10, count: 1_401)) == nil)
    }

    @Test func eachTorrentIsAnnouncedEveryFiveMinutes() {
        let start = ContinuousClock.now
        var schedule = LocalAnnounceSchedule()
        #expect(schedule.nextTime == nil && schedule.due(at: start).isEmpty)
        for number in 0..<45 { schedule.add(hash(UInt8(number)), now: start) }
        #expect(schedule.due(at: start).map(\.count) == [20, 20, 5])
        schedule.add(hash(1), now: start + .seconds(10))
        #expect(schedule.due(at: start + .seconds(299)).isEmpty && schedule.nextTime == start + .seconds(300))
        for number in 1..<45 { schedule.remove(hash(UInt8(number))) }
        #expect(schedule.due(at: start + .seconds(300)) == [[hash(0)]])
    }
}
