import ByteCoding
import Site
import TorrentEngine
import TrackerServer

/// The peers of one swarm in one list: those that announce themselves and those our seeder talks to, a peer that does
/// both once.
///
/// A peer that has connected to us comes from another port than it announces. It is taken for the announced one when its
/// address has just one of each.
struct PeerLines {
    let announced: [SwarmPeer]
    let connected: [PeerStatus]

    /// The list, connected peers first.
    var all: [PeerLine] {
        let byEndpoint = Dictionary(announced.map { ($0.endpoint, $0) }, uniquingKeysWith: { $1 })
        let byAddress = Dictionary(grouping: announced, by: \.endpoint.address)
        let connections = Dictionary(grouping: connected, by: \.endpoint.address)
        var both: Set<Endpoint> = []
        var lines: [PeerLine] = []
        for peer in connected {
            let address = peer.endpoint.address
            let isAlone = connections[address]?.count == 1 && byAddress[address]?.count == 1
            let match = byEndpoint[peer.endpoint] ?? (isAlone ? byAddress[address]?.first : nil)
            lines.append(PeerLine(peer, announced: match))
            if let match { both.insert(match.endpoint) }
        }
        return lines + announced.filter { !both.contains($0.endpoint) }.map { PeerLine($0) }
    }
}

extension PeerLine {
    /// A peer that our seeder talks to, with what it announced.
    fileprivate init(_ peer: PeerStatus, announced: SwarmPeer?) {
        let role: PeerRole =
            announced?.isPartialSeed == true ? .partialSeed : peer.progress >= 1 ? .seeder : .leecher
        self.init(
            endpoint: announced?.endpoint ?? peer.endpoint, client: peer.client, progress: peer.progress,
            uploaded: announced?.uploaded ?? 0, downloaded: announced?.downloaded ?? 0,
            sent: UInt64(clamping: peer.uploaded), rate: peer.uploadRate, lastSeen: announced?.silentFor, role: role,
            source: announced == nil ? .connected : .both)
    }

    /// A peer that we know by its announces alone.
    fileprivate init(_ peer: SwarmPeer) {
        self.init(
            endpoint: peer.endpoint, client: peer.client, progress: peer.isSeeder ? 1 : peer.progress,
            uploaded: peer.uploaded, downloaded: peer.downloaded, lastSeen: peer.silentFor,
            role: peer.isSeeder ? .seeder : peer.isPartialSeed ? .partialSeed : .leecher, source: .announced)
    }
}
