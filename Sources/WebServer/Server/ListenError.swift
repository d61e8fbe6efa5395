/// A host and port that could not be listened on.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    /// The host as configured.
    public let host: String
    /// The port as configured.
    public let port: Int
    /// Whether another process (or server) has it.
    public let isAddressInUse: Bool
    /// What the system said.
    public let reason: String

    /// One clear line.
    public var description: String {
        isAddressInUse ? "\(host) port \(port): address in use" : "\(host) port \(port): \(reason)"
    }
}
