import Dialling
import Foundation
import TorrentEngine

extension EngineConfiguration {
    /// The engine of a site: first seeder of its films, and leecher of those that are imported.
    static func site(_ configuration: ServeConfiguration) -> EngineConfiguration {
        var engine = EngineConfiguration(
            hosts: configuration.hosts, port: configuration.peerPort,
            clientName: "Reelswarm \(ReelswarmVersion.number)")
        engine.dialRules.allowsPrivateAddresses = configuration.allowsPrivatePeers
        engine.trackerRules.allowsPrivateAddresses = configuration.allowsPrivateTrackers
        engine.encryption = configuration.encryption
        engine.usesDHT = !configuration.dhtNodes.isEmpty
        engine.dhtBootstrap = configuration.dhtNodes
        engine.usesLocalDiscovery = configuration.usesLocalDiscovery
        engine.stateDirectory = configuration.dataDirectory.path()
        return engine
    }
}
