public import ByteCoding

/// How this server is reached from outside: what absolute URLs, torrents and magnets are made of.
public struct PublicAddresses: Sendable {
    /// The URL people use, when one was configured; else every answer uses the host of its request.
    public var publicURL: PublicURL?
    /// The tracker's port, TCP and UDP, as bound.
    public var trackerPort: UInt16
    /// The seeder's port, as bound.
    public var peerPort: UInt16
    /// The seeder's addresses, when some were configured.
    public var peerAddresses: [IPAddress]
    /// What the public URL's host resolves to now; kept fresh by the application, empty when unknown.
    public var resolvedPublicAddresses: @Sendable () -> [IPAddress]

    /// The addresses of a running server: ports are those that were bound.
    public init(
        publicURL: PublicURL?, trackerPort: UInt16, peerPort: UInt16, peerAddresses: [IPAddress] = [],
        resolvedPublicAddresses: @escaping @Sendable () -> [IPAddress] = { [] }
    ) {
        self.publicURL = publicURL
        self.trackerPort = trackerPort
        self.peerPort = peerPort
        self.peerAddresses = peerAddresses
        self.resolvedPublicAddresses = resolvedPublicAddresses
    }
}
