import Glibc

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

    /// Bytes that are free on the cluster's disk for us; nil where the system does not say. A PostgreSQL whose log finds
    /// no space stops, so whoever stores much asks before.
    public func availableBytes() -> Int64? {
        var status = statvfs()
        guard statvfs(homePath, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    private static func isName(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
            }
    }
}
