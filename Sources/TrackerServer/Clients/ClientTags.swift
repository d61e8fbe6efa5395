import Cryptography
import Metainfo
import TrackerWire

/// The short names by which peer tables know clients: keyed codes of their peer ids and keys, so that nobody can choose
/// ones that collide. The same seed gives the same tags, in another process too.
struct ClientTags: Sendable {
    private let code: SipHash

    init(seed: UInt64) { code = SipHash(key0: seed, key1: 0x7265_656c_7377_6172) }

    /// The tag of a peer id: equal at all addresses of a client.
    func peerTag(_ request: AnnounceRequest) -> UInt32 {
        let (first, second, third) = request.peerID.words
        return UInt32(truncatingIfNeeded: code.code(first, second, UInt64(third)))
    }

    /// The tag of the key together with the port, which a client keeps across its addresses too: programs that send a
    /// constant for a key are not taken for one client. Zero without a key.
    func keyTag(_ request: AnnounceRequest) -> UInt32 {
        guard let key = request.key, key != 0 else { return 0 }
        return UInt32(truncatingIfNeeded: code.code(UInt64(key), UInt64(request.port))) | 1
    }
}
