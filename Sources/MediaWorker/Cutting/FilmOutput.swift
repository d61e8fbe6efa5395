import CLibAV
import Glibc
import Media

/// libav's view of the file or pipe that is written: bytes at offsets or in a row, as many as it may have.
final class FilmOutput {
    /// The most bytes it may have.
    let limit: UInt64
    /// How many bytes it has.
    private(set) var size: UInt64 = 0
    /// The system's error number of the first write that failed.
    private(set) var failure: CInt?
    /// Whether it is a pipe: only appended to, and never read.
    let isStream: Bool
    private let descriptor: CInt
    private static let fileBuffer = 256 << 10
    /// A pipe's own size: what is made is sent soon.
    private static let pipeBuffer = 64 << 10

    /// The file or pipe behind `descriptor`. Nil when it is neither, or not the one of them that is expected.
    init?(descriptor: CInt, limit: UInt64, isStream: Bool = false) {
        var facts = stat()
        let kinds = isStream ? [S_IFIFO, S_IFSOCK] : [S_IFREG]
        guard fstat(descriptor, &facts) == 0, kinds.contains(facts.st_mode & S_IFMT) else { return nil }
        self.descriptor = descriptor
        self.limit = limit
        self.isStream = isStream
    }

    /// A window for writing or reading, with a place of its own.
    final class Window {
        fileprivate let file: FilmOutput
        fileprivate var position: UInt64 = 0
        private(set) var io: UnsafeMutablePointer<AVIOContext>?

        init?(_ file: FilmOutput, writes: Bool) {
            self.file = file
            let size = file.isStream ? FilmOutput.pipeBuffer : FilmOutput.fileBuffer
            guard writes || !file.isStream, let buffer = av_malloc(size) else { return nil }
            io = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), CInt(size), writes ? 1 : 0,
                Unmanaged.passUnretained(self).toOpaque(),
                writes
                    ? nil : { opaque, target, count in Window.from(opaque)?.read(target, count) ?? libav_input_error },
                writes
                    ? { opaque, bytes, count in Window.from(opaque)?.write(bytes, count) ?? libav_input_error } : nil,
                file.isStream
                    ? nil : { opaque, offset, whence in Window.from(opaque)?.seek(offset, whence) ?? -1 })
            guard io != nil else {
                av_free(buffer)
                return nil
            }
        }

        deinit {
            guard let io else { return }
            av_free(io.pointee.buffer)
            var closing: UnsafeMutablePointer<AVIOContext>? = io
            avio_context_free(&closing)
        }

        private static func from(_ opaque: UnsafeMutableRawPointer?) -> Window? {
            opaque.map { Unmanaged<Window>.fromOpaque($0).takeUnretainedValue() }
        }

        private func write(_ bytes: UnsafePointer<UInt8>?, _ count: CInt) -> CInt {
            guard let bytes, count > 0, file.write(bytes, Int(count), at: position) else { return libav_input_error }
            position += UInt64(count)
            return count
        }

        private func read(_ target: UnsafeMutablePointer<UInt8>?, _ count: CInt) -> CInt {
            guard let target, count > 0 else { return libav_input_error }
            let got = pread(file.descriptor, target, Int(count), off_t(clamping: position))
            guard got > 0 else { return got == 0 ? libav_end_of_file : libav_input_error }
            position += UInt64(got)
            return CInt(got)
        }

        private func seek(_ offset: Int64, _ whence: CInt) -> Int64 {
            if whence & libav_seek_size != 0 { return Int64(clamping: file.size) }
            let bases: [CInt: UInt64] = [0: 0, 1: position, 2: file.size]
            guard let base = bases[whence & 0xff] else { return -1 }
            let (target, overflow) = Int64(clamping: base).addingReportingOverflow(offset)
            guard !overflow, target >= 0 else { return -1 }
            position = UInt64(target)
            return target
        }
    }

    private func write(_ bytes: UnsafePointer<UInt8>, _ count: Int, at offset: UInt64) -> Bool {
        guard failure == nil else { return false }
        guard offset <= limit, UInt64(count) <= limit - offset else { return fail(EFBIG) }
        var done = 0
        while done < count {
            let written =
                isStream
                ? Glibc.write(descriptor, bytes + done, count - done)
                : pwrite(descriptor, bytes + done, count - done, off_t(clamping: offset) + done)
            guard written > 0 else { return fail(written == 0 ? ENOSPC : errno) }
            done += written
        }
        size = max(size, offset + UInt64(count))
        return true
    }

    private func fail(_ number: CInt) -> Bool {
        failure = number
        return false
    }
}
