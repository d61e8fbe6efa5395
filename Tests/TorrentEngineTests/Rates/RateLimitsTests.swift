import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct RateLimitsTests {
    let start = ContinuousClock.now
    let first = InfoHash(bytes: [UInt8](repeating: 1, count: 20))
    let second = InfoHash(bytes: [UInt8](repeating: 2, count: 20))

    @Test func withoutLimitsAllIsGranted() throws {
        let torrent = try #require(first)
        var limits = RateLimits(now: start)
        #expect(!limits.isLimited(torrent, .upload))
        #expect(limits.grant(upTo: 1 << 40, torrent: torrent, .upload, now: start) == 1 << 40)
        #expect(limits.wait(for: .max, torrent: torrent, .upload, now: start) == .zero)
        #expect(limits.rate(of: torrent, .upload) == nil)
    }

    @Test func theLowerLimitCounts() throws {
        let (slow, fast) = (try #require(first), try #require(second))
        var limits = RateLimits(upload: 1_000_000, now: start)
        limits.set(download: nil, upload: 100_000, of: slow, now: start)
        #expect(limits.rate(of: slow, .upload) == 100_000)
        #expect(limits.rate(of: fast, .upload) == 1_000_000)
        #expect(limits.grant(upTo: .max, torrent: slow, .upload, now: start) == 50_000)
        #expect(limits.grant(upTo: .max, torrent: fast, .upload, now: start) == 450_000)
        #expect(limits.grant(upTo: .max, torrent: fast, .upload, now: start) == 0)
        #expect(limits.grant(upTo: .max, torrent: slow, .download, now: start) == .max)
    }

    @Test func lessThanABlockIsNotGranted() throws {
        let torrent = try #require(first)
        var limits = RateLimits(upload: 100_000, now: start)
        #expect(limits.grant(upTo: 40_000, minimum: 16_384, torrent: torrent, .upload, now: start) == 40_000)
        #expect(limits.grant(upTo: 40_000, minimum: 16_384, torrent: torrent, .upload, now: start) == 0)
        #expect(limits.wait(for: 16_384, torrent: torrent, .upload, now: start) == .seconds(0.06384))
        let later = start + .milliseconds(64)
        #expect(limits.grant(upTo: 40_000, minimum: 16_384, torrent: torrent, .upload, now: later) >= 16_384)
    }

    /// A block longer than what can be saved up is granted once that much is there; otherwise it would wait for ever.
    @Test func aBlockLongerThanTheBurstPasses() throws {
        let torrent = try #require(first)
        var limits = RateLimits(upload: 1_000, now: start)
        #expect(limits.grant(upTo: 131_072, minimum: 131_072, torrent: torrent, .upload, now: start) == 16_384)
        #expect(limits.grant(upTo: 131_072, minimum: 131_072, torrent: torrent, .upload, now: start) == 0)
    }

    @Test func whatHasComeIsCountedAgainstBoth() throws {
        let torrent = try #require(first)
        var limits = RateLimits(download: 1_000_000, now: start)
        limits.set(download: 100_000, upload: nil, of: torrent, now: start)
        limits.spend(150_000, torrent: torrent, .download, now: start)
        #expect(limits.wait(torrent: torrent, .download, now: start) == .seconds(1.00001))
        limits.spend(-100_000, torrent: torrent, .download, now: start)
        #expect(limits.wait(torrent: torrent, .download, now: start) == .seconds(0.00001))
    }

    @Test func aLimitCanBeLifted() throws {
        let torrent = try #require(first)
        var limits = RateLimits(download: 0, upload: 0, now: start)
        limits.spend(100_000, torrent: torrent, .download, now: start)
        #expect(limits.wait(torrent: torrent, .download, now: start) == nil)
        limits.setGlobal(download: nil, upload: nil, now: start)
        #expect(limits.wait(torrent: torrent, .download, now: start) == .zero)
        limits.set(download: 1, upload: nil, of: torrent, now: start)
        #expect(limits.isLimited(torrent, .download))
        limits.set(download: nil, upload: nil, of: torrent, now: start)
        #expect(!limits.isLimited(torrent, .download))
    }

    /// Twenty peers of two torrents want more than there is for twenty seconds: both limits hold, and all peers progress alike.
    @Test func manyPeersShareALimitFairly() throws {
        let torrents = [try #require(first), try #require(second)]
        var limits = RateLimits(upload: 2_000_000, now: start)
        limits.set(download: nil, upload: 400_000, of: torrents[0], now: start)
        var waiting = WaitingPeers()
        var sent = [Int](repeating: 0, count: 20)
        for id in 0..<20 { waiting.add(PeerNumber(rawValue: UInt64(id))) }
        for step in 0..<2_000 {
            let now = start + .milliseconds(step * 10)
            var served: [PeerNumber] = []
            for peer in waiting.takeAll() {
                let id = Int(peer.rawValue)
                let granted = limits.grant(
                    upTo: 16_384, minimum: 16_384, torrent: torrents[id % 2], .upload, now: now)
                sent[id] += granted
                if granted > 0 { served.append(peer) } else { waiting.add(peer) }
            }
            for peer in served { waiting.add(peer) }
        }
        let ofFirst = stride(from: 0, to: 20, by: 2).map { sent[$0] }
        let ofSecond = stride(from: 1, to: 20, by: 2).map { sent[$0] }
        #expect((7_600_000...8_300_000).contains(ofFirst.reduce(0, +)))
        #expect((38_000_000...41_100_000).contains(sent.reduce(0, +)))
        for group in [ofFirst, ofSecond] {
            let (least, most) = (group.min() ?? 0, group.max() ?? 0)
            #expect(Double(least) > Double(most) * 0.5, "\(group)")
        }
    }

    @Test func thoseWhoWaitKeepTheirOrder() {
        var waiting = WaitingPeers()
        let peers = (1...3).map { PeerNumber(rawValue: $0) }
        for peer in peers + peers { waiting.add(peer) }
        waiting.remove(peers[1])
        waiting.remove(peers[1])
        #expect(waiting.takeAll() == [peers[0], peers[2]])
        #expect(waiting.isEmpty)
    }
}
