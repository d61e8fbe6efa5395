import CLibAV
import Media

/// libav's view of the source: bytes at offsets, a clock, and nothing else.
final class DemuxerInput {
    /// How the source is read.
    enum Form {
        /// At any offset, ahead of what is needed.
        case file
        /// At any offset, and no byte more than is asked for.
        case exact
        /// Once, from front to back. The first byte has this offset for libav.
        case stream(UInt64)
    }

    private let source: SourceFile
    private let deadline: Deadline
    private(set) var io: UnsafeMutablePointer<AVIOContext>?
    private static let bufferSize = 64 << 10
    private static let exactBufferSize = 1 << 10

    init(_ source: SourceFile, _ deadline: Deadline, _ form: Form = .file) throws(MediaError) {
        self.source = source
        self.deadline = deadline
        source.position = 0
        var bufferSize = Self.bufferSize
        if case .exact = form { bufferSize = Self.exactBufferSize }
        guard let buffer = av_malloc(bufferSize) else { throw MediaError(.workerFailed, detail: "memory") }
        var isStream = false
        if case .stream = form { isStream = true }
        io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), CInt(bufferSize), 0,
            Unmanaged.passUnretained(self).toOpaque(),
            { opaque, target, count in DemuxerInput.from(opaque)?.read(target, count) ?? libav_input_error }, nil,
            isStream ? nil : { opaque, offset, whence in DemuxerInput.from(opaque)?.seek(offset, whence) ?? -1 })
        switch form {
        case .file: break
        case .exact: io?.pointee.direct = 1
        case .stream(let offset):
            io?.pointee.seekable = 0
            io?.pointee.pos = Int64(clamping: offset)
        }
    }

    deinit {
        guard let io else { return }
        av_free(io.pointee.buffer)
        var closing: UnsafeMutablePointer<AVIOContext>? = io
        avio_context_free(&closing)
    }

    /// The demuxer that content alone speaks for; the name of the file is never known here.
    func probedFormat() throws(MediaError) -> UnsafePointer<AVInputFormat> {
        var format: UnsafePointer<AVInputFormat>?
        let score = av_probe_input_buffer2(io, &format, nil, nil, 0, 1 << 20)
        guard score >= 0, let format else { throw MediaError(.notAVideo, detail: "no format") }
        return format
    }

    /// Gives `context` this input and every limit on what it may take.
    func configure(_ context: UnsafeMutablePointer<AVFormatContext>) {
        context.pointee.pb = io
        context.pointee.flags |= libav_flag_custom_io
        context.pointee.io_open = { _, _, _, _, _ in libav_not_permitted }
        context.pointee.interrupt_callback = AVIOInterruptCB(
            callback: { opaque in DemuxerInput.from(opaque)?.deadline.hasPassed == false ? 0 : 1 },
            opaque: Unmanaged.passUnretained(self).toOpaque())
        context.pointee.probesize = 5_000_000
        context.pointee.max_analyze_duration = 10_000_000
        context.pointee.max_streams = 32
    }

    /// Reads on after an end that was one for a while only.
    func goOn() {
        source.end = source.size
        io?.pointee.eof_reached = 0
        io?.pointee.error = 0
    }

    /// Reads from the beginning once more, which has this offset for libav.
    func beginAgain(at offset: UInt64) {
        source.position = 0
        io?.pointee.buf_ptr = io?.pointee.buffer
        io?.pointee.buf_end = io?.pointee.buffer
        io?.pointee.pos = Int64(clamping: offset)
        io?.pointee.eof_reached = 0
        io?.pointee.error = 0
    }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> DemuxerInput? {
        opaque.map { Unmanaged<DemuxerInput>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(_ target: UnsafeMutablePointer<UInt8>?, _ count: CInt) -> CInt {
        guard let target, count > 0 else { return libav_input_error }
        guard !deadline.hasPassed else { return libav_interrupted }
        let read = source.readNext(into: target, count: Int(count))
        return read > 0 ? CInt(read) : read == 0 ? libav_end_of_file : libav_input_error
    }

    private func seek(_ offset: Int64, _ whence: CInt) -> Int64 {
        if whence & libav_seek_size != 0 { return Int64(clamping: source.size) }
        let base: Int64
        switch whence & 0xff {
        case 0: base = 0
        case 1: base = Int64(clamping: source.position)
        case 2: base = Int64(clamping: source.size)
        default: return -1
        }
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, target >= 0 else { return -1 }
        source.position = UInt64(target)
        return target
    }
}
