import Foundation
import TestSupport
import Testing

@testable import Mediaspace

@Suite struct FrameReaderTests {
    private let frames: [[UInt8]] = [[], [1], Array("hello".utf8), [UInt8](repeating: 7, count: 70_000)]

    private var stream: [UInt8] { frames.flatMap { FrameReader.frame($0) ?? [] } }

    private func read(_ parts: some Sequence<ArraySlice<UInt8>>) throws -> [[UInt8]] {
        var reader = FrameReader()
        var read: [[UInt8]] = []
        for part in parts {
            reader.append(part)
            while let frame = try reader.next() { read.append(frame) }
        }
        return read
    }

    @Test func framesArriveWhole() throws { #expect(try read([stream[...]]) == frames) }

    @Test func framesArriveByteByByte() throws {
        let bytes = stream
        #expect(try read(bytes.indices.lazy.map { bytes[$0...$0] }) == frames)
    }

    @Test func manyFramesArriveAtOnceInAnyCut() throws {
        var generator = SplitMix64(seed: 4)
        let many = stream + stream + stream
        for _ in 0..<50 {
            var parts: [ArraySlice<UInt8>] = []
            var rest = many[...]
            while !rest.isEmpty {
                let count = Int(generator.next() % 70_000) + 1
                parts.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(try read(parts) == frames + frames + frames)
        }
    }

    @Test func aLengthAboveTheLimitEndsTheStream() {
        var reader = FrameReader()
        reader.append([0xff, 0xff, 0xff, 0xff])
        #expect(throws: FrameReader.TooLong.self) { try reader.next() }
        #expect(FrameReader.frame([UInt8](repeating: 0, count: FrameReader.limit + 1)) == nil)
    }
}

@Suite struct SpaceMessageTests {
    private var requests: [SpaceRequest] {
        let id = MediaID(String(repeating: "1f", count: 20))
        guard let id else { return [] }
        var hold = Hold(id: id)
        hold.part = .bytes([0..<5, 10..<20])
        hold.files = [1, 3]
        hold.peers = ["127.0.0.1:6881", "nobody"]
        hold.limits = RateLimit(down: 5, up: nil)
        return [
            .hello, .hold(hold), .release(id, isLasting: true), .remove(id, withContent: true), .statuses, .status(id),
            .watch(id, isOn: true), .fetch(id, ByteSpan(3..<9)), .restart(nil), .restart(id),
        ]
    }

    @Test func everyRequestSurvivesTheWay() throws {
        for (number, request) in requests.enumerated() {
            let data = try JSONEncoder().encode(RequestMessage(number: UInt64(number), request: request))
            let read = try JSONDecoder().decode(RequestMessage.self, from: data)
            #expect(read.request == request && read.number == UInt64(number))
        }
    }

    @Test func namesThatAreNoEndpointsAreLeftOut() throws {
        guard case .hold(let hold) = requests[1] else { return }
        #expect(hold.endpoints.map(\.description) == ["127.0.0.1:6881"])
    }

    @Test func noMutationOfARequestTraps() throws {
        var generator = SplitMix64(seed: 9)
        let good = try requests.map { try JSONEncoder().encode(RequestMessage(number: 1, request: $0)) }
        var accepted = 0
        for round in 0..<3000 {
            var bytes = Array(good[round % good.count])
            for _ in 0..<Int(generator.next() % 4 + 1) {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            let message = try? JSONDecoder().decode(RequestMessage.self, from: Data(bytes))
            if case .hold(let hold) = message?.request { accepted += hold.part.ranges(within: 100).count }
        }
        #expect(accepted >= 0)
    }
}

@Suite struct ActiveMediaTests {
    private func hold(_ part: MediaPart, shares: Bool = false, check: Hold.Check = .asSaved) -> Hold {
        var hold = Hold(id: MediaID(String(repeating: "00", count: 20))!)
        hold.part = part
        hold.shares = shares
        hold.check = check
        return hold
    }

    @Test func whatAllWantIsWanted() {
        var media = ActiveMedia()
        #expect(media.part(of: nil) == .nothing)
        media.holds = [1: hold(.bytes(0..<10)), 2: hold(.bytes(20..<30), shares: true)]
        #expect(media.part(of: nil).ranges(within: 100) == [0..<10, 20..<30])
        #expect(media.shares && !media.onlySeeds)
        media.holds[3] = hold(.whole)
        #expect(media.part(of: nil).ranges(within: 100) == [0..<100])
    }

    @Test func selectedFilesAreWantedOnceTheyAreKnown() {
        var media = ActiveMedia()
        media.holds[1] = hold(.whole)
        media.holds[1]?.files = [1, 7]
        #expect(media.part(of: nil) == .whole)
        let files: [MediaPart] = [.bytes(0..<10), .bytes(10..<30), .bytes(30..<40)]
        #expect(media.part(of: files).ranges(within: 40) == [10..<30])
    }

    @Test func contentIsTrustedOnlyWhenAllWhoHoldItDo() {
        var media = ActiveMedia()
        #expect(media.check == .asSaved)
        media.holds[1] = hold(.whole, check: .trusted)
        #expect(media.check == .trusted)
        media.holds[2] = hold(.whole)
        #expect(media.check == .asSaved)
        media.holds[3] = hold(.whole, check: .full)
        #expect(media.check == .full)
    }
}
