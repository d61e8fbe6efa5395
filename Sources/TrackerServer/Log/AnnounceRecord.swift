public import ByteCoding
public import Metainfo

/// One announce as the announce log tells it.
public struct AnnounceRecord: Sendable {
    /// When it came: seconds since 1970, whole ones.
    public let at: Double
    /// The torrent by the hash that was announced, which may be the other one of a hybrid.
    public let hash: InfoHash
    /// Where it came from, with the port it gave.
    public let endpoint: Endpoint
    /// The first eight characters of the peer id, which name the client (BEP 20); unprintable ones are dots.
    public let client: String
    /// What it did.
    public let act: AnnounceAct
    /// How it came.
    public let transport: TrackerTransport
    /// Bytes sent to peers, as the client says.
    public let uploaded: UInt64
    /// Bytes received from peers, as the client says.
    public let downloaded: UInt64
    /// Bytes still missing, as the client says.
    public let left: UInt64
    /// How many peers it was handed.
    public let given: Int
    /// Why it was refused; nil when it was answered.
    public let refusal: String?

    init(_ logged: LoggedAnnounce, startedAt start: Double) {
        at = start + Double(logged.second)
        hash = logged.hash
        endpoint = Endpoint(address: logged.address, port: logged.port)
        client = Self.text(logged.client)
        act = logged.act
        transport = logged.transport
        uploaded = logged.uploaded
        downloaded = logged.downloaded
        left = logged.left
        given = Int(logged.given)
        refusal = logged.refusal?.message.description
    }

    /// Eight bytes as printable ASCII.
    private static func text(_ head: UInt64) -> String {
        String(
            decoding: stride(from: 56, through: 0, by: -8).map { shift in
                let byte = UInt8(truncatingIfNeeded: head >> UInt64(shift))
                return (0x21...0x7e).contains(byte) ? byte : UInt8(ascii: ".")
            }, as: UTF8.self)
    }
}
