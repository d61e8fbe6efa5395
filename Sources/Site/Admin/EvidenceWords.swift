/// What shows that this server is reached from outside, in sentences.
struct EvidenceWords {
    let evidence: ReachEvidence
    let addresses: PublicAddresses

    /// One entry for the tracker, one for the peer port.
    var values: [TemplateValue] {
        [
            entry(
                "Tracker", evidence.lastAnnounce,
                seen:
                    "An announce came from a public address over \(transport), \(AgeWords.ago(evidence.lastAnnounce)).",
                unseen: "No announce has come from a public address since the server started. "
                    + "Outside, port \(addresses.trackerPort) (UDP and TCP) may still be closed, or nobody has tried."),
            entry(
                "Peer port", evidence.lastInboundPeer,
                seen: "A peer with a public address connected \(AgeWords.ago(evidence.lastInboundPeer)).",
                unseen: "No peer with a public address has connected since the server started. "
                    + "Outside, port \(addresses.peerPort) (TCP) may still be closed, or nobody has tried."),
        ]
    }

    private func entry(_ name: String, _ age: Int?, seen: String, unseen: String) -> TemplateValue {
        [
            "name": .text(name), "is_seen": .flag(age != nil), "sentence": .text(age == nil ? unseen : seen),
            "state": age == nil ? "no evidence yet" : "reachable from outside",
        ]
    }

    private var transport: String { evidence.lastTransport == .http ? "HTTP" : "UDP" }
}
