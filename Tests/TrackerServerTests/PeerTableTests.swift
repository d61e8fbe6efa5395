import ByteCoding
import Testing

@testable import TrackerServer

@Suite struct PeerTableTests {
    private func entry(_ number: Int, seeder: Bool, counted: Bool) -> PeerEntry<IPv4PeerAddress> {
        var marks: PeerMarks = seeder ? [.seeder] : []
        if counted { marks.insert(.counted) }
        return PeerEntry(
            address: IPv4PeerAddress(IPAddress(v4: UInt32(number)))!, port: 6881, seen: 0, peerTag: UInt32(number * 7),
            keyTag: number % 3 == 0 ? UInt32(number * 13 + 1) : 0, marks: marks)
    }

    /// Comings, goings and changes against a dictionary, through the size at which indexes come and go.
    @Test(arguments: [1, 2, 3]) func agreesWithADictionary(_ seed: UInt64) throws {
        var random = FastRandom(seed: seed)
        var table = PeerTable<IPv4PeerAddress>()
        var model: [Int: Bool] = [:]
        for step in 0..<8000 {
            let number = random.below(step < 4000 ? 600 : 120)
            let address = try #require(IPv4PeerAddress(IPAddress(v4: UInt32(number))))
            let seeder = random.below(2) == 0
            if let slot = table.slot(address, 6881) {
                #expect(model[number] != nil)
                if random.below(step < 4000 ? 3 : 1) == 0 {
                    #expect(table.remove(slot).peerTag == UInt32(number * 7))
                    model[number] = nil
                } else {
                    let moved = table.setStatus(slot, seeder ? .seeder : [])
                    #expect(table.peers[moved].address == address)
                    model[number] = seeder
                }
            } else {
                #expect(model[number] == nil)
                let slot = table.insert(entry(number, seeder: seeder, counted: number % 2 == 0))
                #expect(table.peers[slot].address == address)
                model[number] = seeder
            }
            #expect(table.count == model.count)
        }
        #expect(table.border == model.values.filter { !$0 }.count)
        for (slot, peer) in table.peers.enumerated() {
            #expect(peer.marks.contains(.seeder) == (slot >= table.border))
        }
        for number in 0..<600 {
            let found = table.counted(peerTag: UInt32(number * 7), keyTag: 0)
            #expect((found != nil) == (model[number] != nil && number % 2 == 0))
            if number % 6 == 0, model[number] != nil {
                #expect(table.counted(peerTag: .max, keyTag: UInt32(number * 13 + 1)) != nil)
            }
        }
    }

    @Test func entriesAreSmall() {
        #expect(MemoryLayout<PeerEntry<IPv4PeerAddress>>.stride == 24)
        #expect(MemoryLayout<PeerEntry<IPv6PeerAddress>>.stride == 36)
    }

    @Test func agesWrapAround() {
        let peer = entry(1, seeder: false, counted: true)
        #expect(peer.silence(at: 65_536 * 9) == 0)
        #expect(peer.silence(at: 65_536 * 9 + 100) == 100)
    }
}
