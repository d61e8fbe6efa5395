/// Further databases in the cluster, as tests want them.
extension EmbeddedCluster {
    /// How to reach another database of the cluster as its owner.
    public func configuration(database: String) -> DatabaseConfiguration {
        DatabaseConfiguration(socketDirectory: socketDirectory, user: "reelswarm", database: database)
    }

    /// Makes a database, empty or as a copy of another one that nobody is connected to. Names are 1 to 63 lower-case
    /// letters, digits and underscores; anything else is a `ClusterError`.
    public func createDatabase(_ name: String, template: String = "template1") async throws {
        guard [name, template].allSatisfy(Self.isName) else { throw ClusterError("This cannot be a database's name.") }
        let session = Session(configuration: administration, gate: ConnectGate(), number: 0)
        try await session.createDatabase(script: "CREATE DATABASE \(name) TEMPLATE \(template) OWNER reelswarm")
    }

    private static func isName(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }
}
