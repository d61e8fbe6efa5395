public import ByteCoding

/// Ids that are bound to an address, so that nobody can choose where in the DHT he sits (BEP 42).
extension NodeID {
    /// The id a node at `address` may have: 21 bits follow from the address and three bits of `random`, whose bits
    /// fill the rest.
    public init(for address: IPAddress, random: NodeID) {
        let head = Self.prefix(of: address, random: random.lastByte)
        let mask: UInt32 = 0xffff_f800
        self = random.replacingHead(head & mask | random.head & ~mask)
    }

    /// Whether a node at `address` may have this id. At loopback and private addresses every id may be had, since the
    /// rule knows only the address the Internet sees.
    public func isValid(at address: IPAddress) -> Bool {
        switch address.scope {
        case .loopback, .private: true
        case .public, .unusable: (head ^ Self.prefix(of: address, random: lastByte)) & 0xffff_f800 == 0
        }
    }

    /// The checksum of the masked address with three random bits in front.
    private static func prefix(of address: IPAddress, random: UInt8) -> UInt32 {
        var bytes: [UInt8] = []
        if let bits = address.v4Bits {
            bytes.append(bigEndian: bits & 0x030f_3fff | UInt32(random & 7) << 29)
        } else {
            bytes.append(bigEndian: address.v6Halves.high & 0x0103_070f_1f3f_7fff | UInt64(random & 7) << 61)
        }
        return CRC32C.checksum(of: bytes)
    }

    private func replacingHead(_ head: UInt32) -> NodeID {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: head)
        return NodeID(bytes: bytes + self.bytes.dropFirst(4)) ?? self
    }
}
