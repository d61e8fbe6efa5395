import ByteCoding
import CLinux
import Glibc

/// What one socket thread does: receive a batch, answer it, send the answers; wait when there is nothing.
struct UDPLoop: ~Copyable {
    private let socket: UDPSocket
    private let wake: CInt
    private let batch = DatagramBatch()
    private var exchange: UDPExchange

    init(socket: UDPSocket, wake: CInt, exchange: UDPExchange) {
        self.socket = socket
        self.wake = wake
        self.exchange = exchange
    }

    /// Runs until the wake descriptor is closed at its other end.
    mutating func run(clock: TrackerClock, metrics: TrackerMetrics) {
        while true {
            let count = batch.receive(from: socket.descriptor)
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                guard waitForDatagrams() else { return }
                continue
            }
            let now = clock.seconds()
            for index in 0..<count {
                batch.answer(index, with: &exchange, boundTo: socket.local.address, now: now)
            }
            batch.send(to: socket.descriptor)
            metrics.add(exchange.numbers)
            exchange.numbers = UDPExchange.Numbers()
            // Under a load that never lets up nothing else would notice the end.
            if isStopped() { return }
        }
    }

    /// False when the loop shall end.
    private func waitForDatagrams() -> Bool {
        var waits = [
            pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&waits, 2, -1)
        return waits[1].revents == 0
    }

    private func isStopped() -> Bool {
        var wait = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&wait, 1, 0) != 0
    }
}
