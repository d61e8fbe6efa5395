import ByteCoding
import DHTWire
import Metainfo
import TestSupport
import Testing

/// Whatever a datagram holds, reading it ends, and what was read can be written and read again.
@Suite struct KRPCFuzzTests {
    /// Datagrams as clients send them, and some that were built to hurt.
    static let corpus: [String] = [
        "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:v4:LT\u{1}*1:y1:qe",
        "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz1234564:wantl2:n42:n6ee1:q9:find_node2:roi1e1:t2:aa1:y1:qe",
        "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234566:noseedi1ee1:q9:get_peers1:t2:aa1:y1:qe",
        "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e4:seedi1e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
        "d1:rd2:id20:abcdefghij01234567895:nodes26:abcdefghij0123456789axje.u5:token8:aoeusnth6:valuesl6:axje.u6:idhtnm18:abcdefghijklmnopqree1:t2:aa1:y1:re",
        "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee",
        "d1:eli-9223372036854775808ee1:t2:aa1:y1:ee", "d1:ei5e1:t1:a1:y1:ee", "d1:ele1:t1:a1:y1:ee",
        "d1:ad2:id99999999999999999999:e1:q4:ping1:t2:aa1:y1:qe", "d1:ad2:idi5ee1:q4:ping1:t2:aa1:y1:qe",
        "d1:t1:a1:y1:qd1:alleee",
    ]

    private func check(_ packet: [UInt8]) throws {
        let message: KRPCMessage
        do {
            message = try KRPCMessage.decode(packet)
        } catch {
            if case .refused(let transactionID, _) = error { #expect((1...32).contains(transactionID.count)) }
            return
        }
        #expect(try KRPCMessage.decode(message.encoded()) == message)
    }

    @Test func everyPrefixOfTheCorpus() throws {
        for text in Self.corpus {
            let packet = Array(text.utf8)
            for length in 0...packet.count { try check(Array(packet.prefix(length))) }
        }
    }

    @Test func mutations() throws {
        var generator = SplitMix64(seed: 0xd47)
        for round in 0..<6_000 {
            var packet = Array(Self.corpus[round % Self.corpus.count].utf8)
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let index = Int.random(in: 0..<packet.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: packet[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: packet.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                case 2: if packet.count > 1 { packet.remove(at: index) }
                default: packet[index] = Array("0123456789deil:".utf8).randomElement(using: &generator) ?? 0
                }
            }
            try check(packet)
        }
    }

    @Test func noise() throws {
        var generator = SplitMix64(seed: 0xd48)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0..<300, using: &generator)
            try check((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }
}
