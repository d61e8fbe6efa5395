import ByteCoding
import Metainfo
import TrackerWire

/// One announce as the log keeps it: of fixed size, without references.
struct LoggedAnnounce: Sendable {
    // The order leaves no gaps: 88 bytes.
    let hash: InfoHash
    /// The tracker's clock.
    let second: UInt32
    let address: IPAddress
    let act: AnnounceAct
    let transport: TrackerTransport
    let refusal: Refusal?
    let given: UInt16
    let port: UInt16
    /// Its number among all announces.
    let ticket: UInt64
    /// The first eight bytes of the peer id.
    let client: UInt64
    let uploaded: UInt64
    let downloaded: UInt64
    let left: UInt64

    init(
        ticket: UInt64, _ request: AnnounceRequest, from source: IPAddress, over transport: TrackerTransport,
        now: UInt32, given: Int, refusal: Refusal?
    ) {
        self.ticket = ticket
        hash = request.infoHash
        address = source
        client = request.peerID.head
        uploaded = request.uploaded
        downloaded = request.downloaded
        left = request.left
        second = now
        port = request.port
        self.given = UInt16(clamping: given)
        act = refusal == nil ? AnnounceAct(request) : .refused
        self.transport = transport
        self.refusal = refusal
    }
}
