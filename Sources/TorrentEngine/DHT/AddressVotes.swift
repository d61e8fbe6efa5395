import ByteCoding

/// What other nodes say our address is (`ip`, BEP 42): believed when several networks agree.
struct AddressVotes {
    private struct Vote {
        let network: NetworkKey
        let address: IPAddress
    }

    /// How many networks have to name the same address.
    static let quorum = 5
    private static let kept = 16
    private var votes: [Vote] = []

    /// Takes one node's word and returns our address, when it is certain enough. Only public addresses count, and only
    /// the last word of a network.
    mutating func record(_ address: IPAddress, from voter: IPAddress) -> IPAddress? {
        guard address.scope == .public, let network = NetworkKey(voter) else { return nil }
        votes.removeAll { $0.network == network }
        votes.append(Vote(network: network, address: address))
        if votes.count > Self.kept { votes.removeFirst() }
        let agreeing = votes.count { $0.address == address }
        return agreeing >= Self.quorum && agreeing * 3 > votes.count * 2 ? address : nil
    }
}
