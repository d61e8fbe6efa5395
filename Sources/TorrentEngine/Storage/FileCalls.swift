import Glibc

/// The system calls that move a torrent's bytes. Tests put failing ones in their place.
@safe struct FileCalls: Sendable {
    /// pwritev(2).
    var write: @Sendable (_ descriptor: CInt, _ vectors: [iovec], _ offset: Int64) -> Int
    /// pread(2).
    var read: @Sendable (_ descriptor: CInt, _ room: UnsafeMutableRawBufferPointer, _ offset: Int64) -> Int

    /// The system's own.
    static let system = unsafe FileCalls(
        write: { descriptor, vectors, offset in
            unsafe pwritev(descriptor, vectors, CInt(vectors.count), off_t(offset))
        },
        read: { descriptor, room, offset in
            unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset))
        })
}
