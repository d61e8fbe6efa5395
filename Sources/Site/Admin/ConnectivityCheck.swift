/// What one part of the connectivity test found.
public struct ConnectivityCheck: Sendable, Equatable {
    /// What was tried.
    public enum Part: String, Sendable, CaseIterable {
        /// An announce to our tracker by UDP.
        case trackerUDP
        /// An announce to our tracker by HTTP.
        case trackerHTTP
        /// A handshake and a block from our seeder.
        case peerPort
        /// The torrent's metadata from our seeder, as for a magnet link (BEP 9).
        case magnet
        /// A piece of the film by HTTP (BEP 19).
        case webSeed
    }

    /// What was tried.
    public var part: Part
    /// The URL or address that was tried.
    public var target: String
    /// Whether it worked; nil when it could not be tried.
    public var passed: Bool?
    /// What came of it, and what to do when it failed.
    public var sentence: String
    /// How long it took; nil when it could not be tried.
    public var milliseconds: Int?

    /// The result of one part.
    public init(part: Part, target: String, passed: Bool?, sentence: String, milliseconds: Int?) {
        self.part = part
        self.target = target
        self.passed = passed
        self.sentence = sentence
        self.milliseconds = milliseconds
    }
}
