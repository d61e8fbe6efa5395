import Foundation
import TestSupport
import Testing

@testable import Mediaspace

@Suite struct MediaPartTests {
    @Test func runsAreJoinedAndSorted() {
        let part = MediaPart.bytes([50..<60, 0..<10, 10..<20, 55..<70, 30..<30])
        #expect(part.ranges(within: 100) == [0..<20, 50..<70])
    }

    @Test func whatLiesBehindTheEndIsLeftOut() {
        #expect(MediaPart.bytes([5..<50, 90..<Int64.max]).ranges(within: 40) == [5..<40])
        #expect(MediaPart.bytes(-5..<3).ranges(within: 40) == [0..<3])
        #expect(MediaPart.whole.ranges(within: 40) == [0..<40])
        #expect(MediaPart.nothing.ranges(within: 40) == [])
        #expect(MediaPart.whole.ranges(within: 0) == [])
    }

    @Test func aUnionWantsWhatEitherWants() {
        #expect(MediaPart.bytes(0..<10).union(.bytes(5..<20)).ranges(within: 100) == [0..<20])
        #expect(MediaPart.bytes(0..<10).union(.whole).ranges(within: 100) == [0..<100])
        #expect(MediaPart.nothing.union(.nothing) == .nothing)
        #expect(MediaPart.bytes(0..<1, inOrder: false).union(.bytes(4..<5)).inOrder)
    }

    @Test func spansFromElsewhereCannotTrap() throws {
        for text in ["[5,3]", "[-9223372036854775808,9223372036854775807]", "[-1,-5]"] {
            let span = try JSONDecoder().decode(ByteSpan.self, from: Data(text.utf8))
            #expect(span.start >= 0 && span.end >= span.start)
            #expect(span.range.clamped(to: 0..<10).upperBound <= 10)
        }
    }
}

@Suite struct MediaIDTests {
    @Test func anIDIsFortyHexDigits() throws {
        let text = "00112233445566778899aabbccddeeff00112233"
        let id = try #require(MediaID(text))
        #expect(id.description == text)
        #expect(MediaID(text.uppercased()) == id)
        #expect(MediaID("00") == nil && MediaID(text + "0") == nil && MediaID("x" + text.dropFirst()) == nil)
        let data = try JSONEncoder().encode([id])
        #expect(try JSONDecoder().decode([MediaID].self, from: data) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([MediaID].self, from: Data(#"["12"]"#.utf8)) }
    }
}

@Suite struct MediaStatusTests {
    @Test func aStatusSurvivesTheWayBetweenProcesses() throws {
        let id = try #require(MediaID(String(repeating: "ab", count: 20)))
        var status = MediaStatus(id: id, name: "ein \u{1F3AC}", state: .failed(reason: "The disk is full."))
        status.eta = .milliseconds(1500)
        status.downloadRate = 12.5
        status.availability = .infinity
        status.availability = 3
        let message = OwnerMessage.status(status)
        let data = try JSONEncoder().encode(message)
        guard case .status(let read) = try JSONDecoder().decode(OwnerMessage.self, from: data) else {
            Issue.record("no status")
            return
        }
        #expect(read == status)
    }
}
