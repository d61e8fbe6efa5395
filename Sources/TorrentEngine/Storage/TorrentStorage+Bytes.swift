import Glibc

/// Reading and writing by place in the torrent.
extension TorrentStorage {
    /// Vectors for one system call at most; the kernel takes 1,024.
    private static let vectorCount = 512

    /// Writes bytes at a place in the torrent; those in padding are left out.
    func write(_ bytes: [UInt8], at offset: Int64) throws(StorageError) {
        var error: StorageError?
        unsafe bytes.withUnsafeBytes { buffer in
            do throws(StorageError) { try unsafe write([buffer], at: offset) } catch let caught { error = caught }
        }
        if let error { throw error }
    }

    /// Writes buffers that lie one after the other in the torrent: one call for each file, up to 512 buffers.
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int64) throws(StorageError) {
        let count = unsafe buffers.reduce(0) { $0 + $1.count }
        var cursor = unsafe BufferCursor(buffers)
        for span in map.spans(in: offset..<offset + Int64(count)) {
            guard let file = span.file else {
                cursor.skip(Int(span.length))
                continue
            }
            let descriptor = try writable(file)
            var done: Int64 = 0
            while done < span.length {
                let vectors = unsafe cursor.vectors(of: Int(span.length - done), atMost: Self.vectorCount)
                let written = unsafe calls.write(descriptor.number, vectors, span.fileOffset + done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw .writing(path(of: file), errno: written == 0 ? EIO : errno) }
                done += Int64(written)
                cursor.skip(written)
            }
        }
    }

    /// The bytes of a range, which must be within the torrent; padding is zeros.
    func read(_ range: Range<Int64>) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var error: StorageError?
        unsafe bytes.withUnsafeMutableBytes { room in
            do throws(StorageError) { try unsafe read(into: room, at: range.lowerBound) } catch let caught {
                error = caught
            }
        }
        if let error { throw error }
        return bytes
    }

    /// Fills `room` with the bytes from a place in the torrent on; padding is zeros.
    func read(into room: UnsafeMutableRawBufferPointer, at offset: Int64) throws(StorageError) {
        var filled = 0
        for span in map.spans(in: offset..<offset + Int64(room.count)) {
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: room[filled..<filled + Int(span.length)])
            filled += part.count
            if let file = span.file {
                try unsafe fill(part, from: file, at: span.fileOffset)
            } else {
                unsafe part.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
    }

    private func fill(
        _ room: UnsafeMutableRawBufferPointer, from file: Int, at offset: Int64
    ) throws(StorageError) {
        let descriptor = try readable(file)
        var done = 0
        while done < room.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: room[done...])
            let count = unsafe calls.read(descriptor.number, rest, offset + Int64(done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path(of: file), errno: errno) }
            guard count > 0 else { throw .truncated(path: path(of: file)) }
            done += count
        }
    }
}

/// A place in a row of buffers.
@safe private struct BufferCursor {
    private let buffers: [UnsafeRawBufferPointer]
    private var index = 0
    /// Bytes of the current buffer that are done with.
    private var used = 0

    init(_ buffers: [UnsafeRawBufferPointer]) { unsafe self.buffers = buffers }

    mutating func skip(_ count: Int) {
        var left = count
        while left > 0, unsafe index < buffers.count {
            let rest = unsafe buffers[index].count - used
            if left < rest {
                used += left
                return
            }
            left -= rest
            index += 1
            used = 0
        }
    }

    /// The next `count` bytes, or fewer when they are in too many buffers.
    func vectors(of count: Int, atMost limit: Int) -> [iovec] {
        var vectors: [iovec] = unsafe []
        var left = count
        var next = index
        var start = used
        while left > 0, unsafe next < buffers.count, unsafe vectors.count < limit {
            let part = unsafe buffers[next]
            let length = min(left, part.count - start)
            if let base = part.baseAddress, length > 0 {
                unsafe vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: base + start), iov_len: length))
            }
            left -= length
            next += 1
            start = 0
        }
        return unsafe vectors
    }
}
