import Glibc

/// The file a node keeps its state in. All methods block: worker threads only.
struct DHTStateFile: Sendable {
    let path: String

    /// What the file holds; nothing known when there is none, or none of ours.
    func load() -> DHTState {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return DHTState() }
        defer { close(descriptor) }
        // One byte more than allowed shows that a file is too long.
        var bytes = [UInt8](repeating: 0, count: DHTState.maximumByteCount + 1)
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            }
            if read < 0 && errno == EINTR { continue }
            guard read > 0 else { break }
            count += read
        }
        return DHTState(decoding: Array(bytes.prefix(count))) ?? DHTState()
    }

    /// Replaces the file as a whole: a crash leaves the old one or the new one. False when it could not be written.
    func save(_ state: DHTState) -> Bool {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        let isWritten = Self.write(state.encoded(), to: descriptor) && fsync(descriptor) == 0
        let isClosed = close(descriptor) == 0
        guard isWritten, isClosed, unsafe rename(temporary, path) == 0 else {
            unsafe unlink(temporary)
            return false
        }
        return true
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            done += written
        }
        return true
    }
}
