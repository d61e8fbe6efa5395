/// One peer of a swarm, as the admin's list shows it.
public struct PeerLine: Sendable, Equatable {
    /// Address and port, as text.
    public var endpoint: String
    /// The client's name and version, from its peer id; text from outside.
    public var client: String
    /// Part of the film it holds, 0 to 1, where known.
    public var progress: Double?
    /// Bytes we have sent to it in this connection.
    public var uploaded: UInt64
    /// Bytes a second we send to it now.
    public var rate: Double

    /// One line of the list.
    public init(endpoint: String, client: String, progress: Double?, uploaded: UInt64, rate: Double) {
        self.endpoint = endpoint
        self.client = client
        self.progress = progress
        self.uploaded = uploaded
        self.rate = rate
    }
}
