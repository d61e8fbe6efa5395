import ByteCoding
import DHTWire
import Dialling
import Logging
import Metainfo
import NIOCore

/// What lives on the node's event loop: the rules, the sockets and those who wait for peers.
final class DHTLoop {
    private let configuration: DHTConfiguration
    private let eventLoop: any EventLoop
    private let logger: Logger
    private var core: DHTCore?
    private var channels: [DialFamily: any Channel] = [:]
    private var timer: Scheduled<Void>?
    /// What was asked of the node before it was started.
    private var early: [(inout DHTCore, ContinuousClock.Instant) -> Void] = []
    private var listeners: [InfoHash: [Int: AsyncStream<[Endpoint]>.Continuation]] = [:]
    private var nextListener = 0
    private var isStopped = false

    init(configuration: DHTConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// Begins, once the sockets are open.
    func begin(channels: [DialFamily: any Channel], saved: DHTState) {
        guard core == nil, !isStopped else { return }
        self.channels = channels
        var generator = SystemRandomNumberGenerator()
        core = DHTCore(
            configuration: configuration, families: Set(channels.keys), saved: saved,
            random: DHTRandom { generator.next() }, now: .now)
        let waiting = early
        early = []
        for body in waiting { change(body) }
        tick()
    }

    /// Lets the rules act, then performs what they want.
    func change(_ body: @escaping (inout DHTCore, ContinuousClock.Instant) -> Void) {
        guard !isStopped else { return }
        guard core != nil else { return early.append(body) }
        act { core, now in
            body(&core, now)
            core.tick(now: now)
        }
        schedule()
    }

    func receive(_ packet: [UInt8], from source: Endpoint) {
        act { $0.receive(packet, from: source, now: $1) }
    }

    /// Hands peers of a torrent to `continuation` from now on; the number ends it.
    func listen(to hash: InfoHash, _ continuation: AsyncStream<[Endpoint]>.Continuation) -> Int? {
        guard !isStopped else {
            continuation.finish()
            return nil
        }
        nextListener += 1
        listeners[hash, default: [:]][nextListener] = continuation
        change { $0.listen(to: hash, now: $1) }
        return nextListener
    }

    func stopListening(to hash: InfoHash, _ number: Int) {
        listeners[hash]?[number] = nil
        guard listeners[hash]?.isEmpty ?? false else { return }
        listeners[hash] = nil
        change { core, _ in core.stopListening(to: hash) }
    }

    var statistics: DHTStatistics { core?.statistics(now: .now) ?? DHTStatistics() }

    /// What the next run should know; nil before the start.
    var state: DHTState? { core?.state(now: .now) }

    /// Ends everything but the sockets.
    func stop() {
        isStopped = true
        timer?.cancel()
        early = []
        let ending = listeners
        listeners = [:]
        for continuation in ending.values.flatMap(\.values) { continuation.finish() }
        channels = [:]
    }

    private func tick() {
        guard !isStopped else { return }
        act { $0.tick(now: $1) }
        schedule()
    }

    private func schedule() {
        guard let core, !isStopped else { return }
        timer?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(in: TimeAmount(core.tickInterval)) { bound.value.tick() }
    }

    private func act(_ body: (inout DHTCore, ContinuousClock.Instant) -> Void) {
        guard !isStopped, core != nil else { return }
        var actions: [DHTAction] = []
        if var core = core.take() {
            body(&core, .now)
            actions = core.takeActions()
            self.core = consume core
        }
        for action in actions { perform(action) }
    }

    private func perform(_ action: DHTAction) {
        switch action {
        case .send(let packet, let endpoint):
            guard let channel = channels[DialFamily(of: endpoint.address)], channel.isWritable,
                let address = try? SocketAddress(endpoint)
            else { return }
            let buffer = channel.allocator.buffer(bytes: packet)
            channel.writeAndFlush(AddressedEnvelope(remoteAddress: address, data: buffer), promise: nil)
        case .found(let hash, let peers):
            logger.debug("DHT peers", metadata: ["torrent": "\(hash)", "count": "\(peers.count)"])
            for continuation in listeners[hash, default: [:]].values { continuation.yield(peers) }
        }
    }
}
