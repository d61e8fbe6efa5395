import ByteCoding
import Glibc
import Synchronization

/// What one socket thread does: wait for datagrams, answer the batch, send the answers.
struct UDPLoop: ~Copyable {
    private let socket: UDPSocket
    private let stop: StopFlag
    private let batch: DatagramBatch
    private var exchange: UDPExchange

    init(socket: UDPSocket, stop: StopFlag, exchange: UDPExchange) {
        self.socket = socket
        self.stop = stop
        self.exchange = exchange
        batch = DatagramBatch(tellsArrival: socket.isWildcard)
    }

    /// Runs until the flag is set and the socket's receiving end is shut.
    mutating func run(clock: TrackerClock, metrics: TrackerMetrics) {
        while true {
            let count = batch.receive(from: socket.descriptor)
            if stop.isSet { return }
            guard count > 0 else {
                pause(after: errno)
                continue
            }
            let now = clock.seconds()
            batch.answer(count, with: &exchange, boundTo: socket.local.address, now: now)
            batch.send(to: socket.descriptor)
            metrics.add(exchange.numbers)
            exchange.numbers = UDPExchange.Numbers()
        }
    }

    /// Without memory, say, the next try fails at once too: not a million times a second.
    private func pause(after code: CInt) {
        guard code != EINTR else { return }
        usleep(10_000)
    }
}

/// Tells threads that it is time to end.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
