/// The names of extension messages in the handshake's `m` (BEP 10).
public enum ExtensionName {
    /// The torrent's `info` from peers (BEP 9).
    public static let metadata = "ut_metadata"
    /// Addresses of other peers (BEP 11).
    public static let peerExchange = "ut_pex"
    /// The peer drops a piece (BEP 54).
    public static let dontHave = "lt_donthave"
    /// The peer has all it wants (BEP 21).
    public static let uploadOnly = "upload_only"
}
