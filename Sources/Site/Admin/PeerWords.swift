import ByteCoding

/// One peer in words.
struct PeerWords {
    let peer: PeerLine
    let addresses: AddressWords

    init(_ peer: PeerLine, _ addresses: AddressWords) {
        self.peer = peer
        self.addresses = addresses
    }

    /// What the template shows of it.
    var values: TemplateValue {
        [
            "client": .text(ClientName.words(peer.client)), "address": .text(addresses.words(peer.endpoint)),
            "family": peer.isIPv6 ? "IPv6" : "IPv4", "role": .text(role), "source": .text(source),
            "holds": .optional(PercentWords.of(peer.progress)),
            "up": .optional(peer.source == .connected ? nil : ByteWords.decimal(peer.uploaded)),
            "down": .optional(peer.source == .connected ? nil : ByteWords.decimal(peer.downloaded)),
            "sent": .optional(sent), "seen": .text(peer.lastSeen.map { AgeWords.ago($0) } ?? "connected only"),
        ]
    }

    private var role: String {
        switch peer.role {
        case .seeder: "seeder"
        case .leecher: "leecher"
        case .partialSeed: "partial seed"
        }
    }

    private var source: String {
        switch peer.source {
        case .announced: ""
        case .connected, .both: "connected"
        }
    }

    private var sent: String? {
        guard peer.source != .announced else { return nil }
        let rate = peer.rate.isFinite ? Int64(min(max(peer.rate, 0), 1e15)) : 0
        return ByteWords.decimal(peer.sent) + (rate > 0 ? ", \(ByteWords.decimal(rate))/s now" : "")
    }
}
