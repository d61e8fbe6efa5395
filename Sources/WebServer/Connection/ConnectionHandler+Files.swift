import NIOCore
import NIOPosix

extension ConnectionHandler {
    /// Sends the next window of the file in flight. Pages that are not in memory are read by a worker thread first, so
    /// that sendfile never makes the event loop wait for a disk.
    func sendFile(_ exchange: Exchange) {
        guard let context, let transfer = exchange.file else { return }
        if transfer.isFinished {
            exchange.file = nil
            finish(exchange)
            return advance()
        }
        let window = transfer.next
        if sendsFiles, PageCache.holds(window, of: transfer.file) { return sendWindow(exchange, transfer, window) }
        flushOutput()
        let link = link(context)
        let number = exchange.number
        let file = transfer.file
        let sendsFiles = sendsFiles
        let work = NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) { () throws -> [UInt8] in
            if sendsFiles {
                try PageCache.load(window, of: file)
                return []
            }
            return try file.read(at: window.lowerBound, count: Int(min(262_144, window.upperBound - window.lowerBound)))
        }
        work.whenComplete { result in
            link.perform { $0.windowIsReady(number, window, result) }
        }
    }

    private func windowIsReady(_ number: UInt64, _ window: Range<Int64>, _ result: Result<[UInt8], any Error>) {
        guard let exchange = current, exchange.number == number, let transfer = exchange.file else { return }
        switch result {
        case .failure: closeNow()
        case .success(let bytes) where sendsFiles && bytes.isEmpty: sendWindow(exchange, transfer, window)
        case .success(let bytes) where bytes.isEmpty: closeNow()
        case .success(let bytes): sendCopy(exchange, transfer, window, bytes)
        }
    }

    private func sendWindow(_ exchange: Exchange, _ transfer: FileTransfer, _ window: Range<Int64>) {
        flushHead()
        send(.fileRegion(transfer.region(window)), exchange, transfer, upTo: window.upperBound)
    }

    /// Where the kernel cannot send the file itself.
    private func sendCopy(_ exchange: Exchange, _ transfer: FileTransfer, _ window: Range<Int64>, _ bytes: [UInt8]) {
        guard let context else { return }
        flushHead()
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        send(.byteBuffer(buffer), exchange, transfer, upTo: window.lowerBound + Int64(bytes.count))
    }

    private func flushHead() {
        guard output.readableBytes > 0, let context else { return }
        context.write(wrapOutboundOut(.byteBuffer(output)), promise: nil)
        output = ByteBuffer()
    }

    private func send(_ data: IOData, _ exchange: Exchange, _ transfer: FileTransfer, upTo end: Int64) {
        guard let context else { return }
        exchange.bytesSent += end - transfer.left.lowerBound
        transfer.advance(to: end)
        let link = link(context)
        let number = exchange.number
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(data), promise: sent)
        isUnflushed = false
        watchWrites()
        sent.futureResult.whenComplete { result in
            link.perform { $0.windowIsSent(number, result) }
        }
    }

    private func windowIsSent(_ number: UInt64, _ result: Result<Void, any Error>) {
        guard let exchange = current, exchange.number == number else { return }
        // A failure is most often the client's leaving; a file that shrank fails here as well.
        guard case .success = result else { return closeNow() }
        sendFile(exchange)
    }
}
