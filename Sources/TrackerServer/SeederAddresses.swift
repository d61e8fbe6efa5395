public import ByteCoding

/// Where peers reach the seeder that runs in this process.
public struct SeederAddresses: Hashable, Sendable {
    /// Addresses to hand out. Where none of them may be handed to an asker (loopback and private addresses go only to
    /// askers at such addresses), the local address on which his announce arrived is handed out instead.
    public var explicit: [IPAddress]
    /// The seeder's TCP port; 0 while it takes no connections, and then it is not handed out.
    public var port: UInt16

    /// A seeder on `port`, at the address each announce arrived on unless addresses are given.
    public init(explicit: [IPAddress] = [], port: UInt16) {
        self.explicit = explicit
        self.port = port
    }
}
