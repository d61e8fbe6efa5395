import ByteCoding
import Cryptography
import Dialling
import Metainfo
import NIOCore
import NIOPosix
import PeerWire

/// Asks one seeder for one thing, as any client would: connect, shake hands, ask, leave.
struct PeerProbe: Sendable {
    /// What is asked for.
    enum Wish: Sendable, Equatable {
        /// The first bytes of the film: so many, at most a block.
        case block(length: UInt32)
        /// The torrent's `info`, which has to have the hash it was asked by (BEP 9).
        case metadata
    }

    let dialler: Dialler
    let hash: InfoHash

    /// The bytes that were asked for.
    ///
    /// - Parameter timeout: how long all of it may take.
    /// - Throws: `PeerProbeError`.
    func fetch(_ wish: Wish, from endpoint: Endpoint, timeout: TimeAmount) async throws -> [UInt8] {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = eventLoop.makePromise(of: [UInt8].self)
        let hash = hash
        let deadline = NIODeadline.now() + timeout
        // The operator named the server's own addresses, so those of every class may be dialled.
        let connecting = dialler.connect(to: endpoint, namedFrom: endpoint.address.scope, on: eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    PeerProbeHandler(hash: hash, wish: wish, deadline: deadline, promise: promise))
            }
        }
        connecting.whenFailure { promise.fail(PeerProbeError.unreachable(PeerProbeError.words(of: $0))) }
        let bytes = try await promise.futureResult.get()
        guard wish != .metadata || isMetadata(bytes) else { throw PeerProbeError.wrongMetadata }
        return bytes
    }

    /// Whether bytes are the torrent's `info`: of version 1 (BEP 3) or of version 2 (BEP 52).
    private func isMetadata(_ bytes: [UInt8]) -> Bool {
        Digest.sha1(bytes) == hash.bytes || Digest.sha256(bytes).starts(with: hash.bytes)
    }
}
