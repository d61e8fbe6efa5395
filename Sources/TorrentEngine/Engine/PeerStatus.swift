public import ByteCoding

/// One connected peer, as the admin page shows it.
public struct PeerStatus: Sendable, Equatable {
    /// Where the peer's end of the connection is.
    public let endpoint: Endpoint
    /// The client's own words (`v` of BEP 10) or what its peer id says. Text from outside: escape it.
    public let client: String
    /// Share of the pieces the peer has told to own, 0...1.
    public let progress: Double
    /// Bytes of content sent to it on this connection.
    public let uploaded: Int64
    /// Bytes of content a second, averaged over some seconds.
    public let uploadRate: Double
    /// Bytes of content that came from it on this connection.
    public var downloaded: Int64 = 0
    /// Bytes of content a second that come from it, averaged over some seconds.
    public var downloadRate: Double = 0
    /// True when the stream is encrypted.
    public var isEncrypted = false
    /// True while we do not answer its requests.
    public let isChoked: Bool
    /// True when it wants something from us.
    public let isInterested: Bool
    /// True when the peer connected to us, false when we dialled it.
    public let isIncoming: Bool
    /// Seconds since the handshake.
    public let connectedFor: Double
}
