public import ByteCoding

/// Why a tracker could not start.
public enum TrackerError: Error, Equatable {
    /// An address and port cannot be listened on; `code` is the system's `errno`.
    case cannotBind(Endpoint, code: Int32)
    /// A host of the configuration is no address literal.
    case badHost(String)
    /// The configuration names no host that this machine has.
    case noHosts
    /// The port is not between 0 and 65535.
    case badPort(Int)
    /// The machine has no more threads or descriptors to give.
    case noThreads
    /// The tracker has been started before.
    case alreadyStarted
}

extension TrackerError: CustomStringConvertible {
    /// A sentence for people.
    public var description: String {
        switch self {
        case .cannotBind(let endpoint, let code): "The tracker cannot listen on UDP \(endpoint) (error \(code))."
        case .badHost(let host): "\(host) is not an IP address."
        case .noHosts: "There is no address for the UDP tracker to listen on."
        case .badPort(let port): "\(port) is not a port."
        case .noThreads: "There are no more threads or descriptors for the UDP tracker."
        case .alreadyStarted: "The tracker has been started before."
        }
    }
}
