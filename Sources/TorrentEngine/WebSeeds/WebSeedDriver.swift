import Metainfo
import NIOCore

/// Fetches the spans that a torrent's scheduler gives to a web seed, one at a time. Lives on one event loop.
///
/// Two drivers of one client keep its server busy while one waits for an answer.
final class WebSeedDriver {
    /// The server.
    let client: WebSeedClient
    /// Who it is to the scheduler.
    let peer: PeerNumber
    private let eventLoop: any EventLoop
    private let handle: (PeerNumber, WebSeedEvent) -> Void
    private var work: Task<Void, Never>?
    /// What was cancelled and may not be over.
    private var former: Task<Void, Never>?
    /// Which span is fetched; what still comes of former ones is left out.
    private var number: UInt64 = 0
    private var isHeld = false
    private var held: CheckedContinuation<Void, Never>?

    /// - Parameter handle: called on the event loop.
    init(
        _ client: WebSeedClient, peer: PeerNumber, on eventLoop: any EventLoop,
        handle: @escaping (PeerNumber, WebSeedEvent) -> Void
    ) {
        self.client = client
        self.peer = peer
        self.eventLoop = eventLoop
        self.handle = handle
    }

    deinit {
        work?.cancel()
        held?.resume()
    }

    /// Whether a span is being fetched.
    var isBusy: Bool { work != nil }

    /// Fetches a span instead of the one there is, once that one has let the server go.
    func fetch(_ span: Range<Int64>) {
        cancel()
        let former = former
        let (client, number) = (client, number)
        let this = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        work = Task {
            await former?.value
            let result: Result<Void, WebSeedError>
            do throws(WebSeedError) {
                try await client.fetch(span) { blocks in
                    await withCheckedContinuation { continuation in
                        eventLoop.execute { this.value.received(blocks, number, continuation) }
                    }
                }
                result = .success(())
            } catch {
                result = .failure(error)
            }
            eventLoop.execute { this.value.ended(result, number) }
        }
    }

    /// Gives the span up; no event of it comes any more.
    func cancel() {
        number += 1
        work?.cancel()
        former = work ?? former
        work = nil
        letGo()
    }

    /// Holds what is on its way up, so that no more than the buffers of the sockets are received, or lets it go on.
    func hold(_ isHeld: Bool) {
        self.isHeld = isHeld
        if !isHeld { letGo() }
    }

    private func letGo() {
        held?.resume()
        held = nil
    }

    private func received(
        _ blocks: [WebSeedBlock], _ number: UInt64, _ continuation: CheckedContinuation<Void, Never>
    ) {
        guard number == self.number else { return continuation.resume() }
        handle(peer, .blocks(blocks))
        // The handler may have cancelled or held the span.
        if isHeld, number == self.number { held = continuation } else { continuation.resume() }
    }

    private func ended(_ result: Result<Void, WebSeedError>, _ number: UInt64) {
        guard number == self.number else { return }
        work = nil
        switch result {
        case .success: handle(peer, .finished)
        case .failure(.resting(let time, let reason)): handle(peer, .resting(time, reason: reason))
        case .failure(.lacks(let pieces, let reason)): handle(peer, .lacks(pieces, reason: reason))
        case .failure(.useless(let reason)): handle(peer, .useless(reason: reason))
        case .failure(.cancelled): break
        }
    }
}
