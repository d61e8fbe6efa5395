/// What the peer's extension handshake told (BEP 10); a later one replaces only what it names.
struct RemoteExtensions: Sendable, Equatable {
    /// Its number for `ut_metadata`; nil when it does not take any.
    var metadataID: UInt8?
    /// Client and version in its own words, cut to 64 characters.
    var client: String?
    /// The port it listens on.
    var listenPort: UInt16?
    /// It wants no more than it has (BEP 21).
    var isUploadOnly = false
}
