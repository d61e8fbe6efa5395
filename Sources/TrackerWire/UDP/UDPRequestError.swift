/// Why a datagram is not a request that can be carried out.
public enum UDPRequestError: Error, Hashable, Sendable {
    /// Nothing may be answered: it is too short, too long, or a connect that does not begin as it must.
    case notARequest
    /// It has a fault, which may be told only where the connection id proves the source.
    case refused(connectionID: UInt64, transactionID: UInt32, UDPFault)
}

/// What is wrong with a request whose head can be read.
public enum UDPFault: Error, Hashable, Sendable {
    /// An action that does not exist.
    case unknownAction
    /// An announce of fewer than 98 bytes.
    case shortAnnounce
    /// An event that does not exist.
    case badEvent
    /// Port 0.
    case badPort
    /// Options that go beyond the packet (BEP 41).
    case badOptions
    /// A scrape without a torrent.
    case noHashes

    /// What to answer: shorter than any packet it answers.
    public var message: StaticString {
        switch self {
        case .unknownAction: "bad action"
        case .shortAnnounce: "too short"
        case .badEvent: "bad event"
        case .badPort: "bad port"
        case .badOptions: "bad options"
        case .noHashes: "no hash"
        }
    }
}
