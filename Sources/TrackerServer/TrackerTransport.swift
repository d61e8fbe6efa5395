/// How an announce came.
public enum TrackerTransport: Hashable, Sendable {
    /// As a datagram: the answer holds peers of the packet's address family (BEP 15).
    case udp
    /// As a request: the answer may hold peers of both families (BEP 7).
    case http
}
