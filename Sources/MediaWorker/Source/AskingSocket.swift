import Glibc
import Media

/// Asks for the film's bytes, one ask at a time, and waits for each answer.
///
/// What comes is read strictly: an answer that breaks the rules, or none, is the end of all asking. Small reads are
/// served from the answer before, so that tables are not asked for number by number.
final class AskingSocket {
    private let descriptor: CInt
    private let size: UInt64
    private var isOver = false
    private var kept: [UInt8] = []
    private var keptOffset: UInt64 = 0
    /// Bytes to ask for where fewer are wanted.
    private static let leastAsk = 4096

    init(_ descriptor: CInt, size: UInt64) {
        (self.descriptor, self.size) = (descriptor, size)
    }

    /// 1...`count` bytes at `offset`, negative when they cannot be had.
    func read(into target: UnsafeMutablePointer<UInt8>, at offset: UInt64, _ count: Int) -> Int {
        if offset < keptOffset || offset - keptOffset >= UInt64(kept.count) {
            guard ask(offset, count) else { return -1 }
        }
        let start = Int(offset - keptOffset)
        let most = min(count, kept.count - start)
        kept.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { target.update(from: base + start, count: most) }
        }
        return most
    }

    private func ask(_ offset: UInt64, _ count: Int) -> Bool {
        guard !isOver, offset < size else { return false }
        let most = min(UInt64(max(Self.leastAsk, min(count, SourceAsk.countLimit))), size - offset)
        // Until all has gone well.
        isOver = true
        guard let ask = SourceAsk(offset: offset, count: Int(most), of: size), send(ask.encoded),
            let header = receive(SourceAsk.headerLength), let answered = ask.answeredCount(header),
            let bytes = receive(answered)
        else { return false }
        (kept, keptOffset, isOver) = (bytes, offset, false)
        return true
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func receive(_ count: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = Glibc.read(descriptor, base + filled, count - filled)
                guard got > 0 else { break }
                filled += got
            }
        }
        return bytes.count == count ? bytes : nil
    }
}
