/// A block of addresses that share a prefix (RFC 4632), such as `10.0.0.0/8` or `fd00::/8`.
public struct CIDR: Hashable, Sendable {
    /// The first address of the block.
    public let network: IPAddress
    /// How many leading bits are fixed: 0...32 or 0...128.
    public let prefixLength: Int

    /// Whether an address of the same family lies in the block.
    public func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == network.isIPv4 && address.prefix(prefixLength) == network
    }
}

extension CIDR: LosslessStringConvertible {
    /// A block from its text; a bare address is the block of just that address. Bits after the prefix are cleared.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(Substring(first))) else { return nil }
        var length = address.byteCount * 8
        if parts.count == 2 {
            guard let given = Self.number(parts[1]), given <= length else { return nil }
            length = given
        }
        network = address.prefix(length)
        prefixLength = length
    }

    /// `10.0.0.0/8`.
    public var description: String { "\(network)/\(prefixLength)" }

    private static func number(_ digits: Substring.UTF8View) -> Int? {
        guard (1...3).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
