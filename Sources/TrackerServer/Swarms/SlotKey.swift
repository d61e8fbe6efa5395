/// Where an index begins to look, and twelve bits by which it passes over most others.
struct SlotHash {
    /// Any 32 bits, spread evenly.
    let home: UInt32
    /// The upper twelve bits of a word; the lower ones are zero.
    let mark: UInt32

    /// By a keyed code, which is spread evenly already.
    init(tag: UInt32) {
        home = tag
        mark = (tag &* 0x9e37_79b1) & 0xfff0_0000
    }

    init(home: UInt64, mark: UInt64) {
        self.home = UInt32(truncatingIfNeeded: home >> 32)
        self.mark = UInt32(truncatingIfNeeded: mark >> 32) & 0xfff0_0000
    }
}

/// By what a `SlotIndex` finds its entries.
protocol SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> SlotHash
}

/// By address and port. All ports of one network have one home, so that they can be counted; those of loopback, which
/// nobody counts, are spread.
enum EndpointKey: SlotKey {
    /// Drawn by the process, so that nobody can choose addresses that collide.
    private static let seed = UInt64.random(in: .min ... .max)

    static func hash<A>(_ peer: PeerEntry<A>) -> SlotHash { hash(peer.address, peer.port) }

    static func hash<A: PeerAddress>(_ address: A, _ port: UInt16) -> SlotHash {
        let network = mix(address.network ^ seed, 0xa076_1d64_78bd_642f)
        let whole = mix(network ^ address.interface ^ UInt64(port) << 48, 0xe703_7ed1_a0b4_28db ^ seed)
        return SlotHash(home: address.isLoopback ? whole : network, mark: whole &* 0x9e37_79b9_7f4a_7c15)
    }

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

/// By peer id.
enum PeerTagKey: SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> SlotHash { SlotHash(tag: peer.peerTag) }
}

/// By announce key.
enum KeyTagKey: SlotKey {
    static func hash<A>(_ peer: PeerEntry<A>) -> SlotHash { SlotHash(tag: peer.keyTag) }
}
