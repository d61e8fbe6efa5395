import CLibAV
import Media

/// A stream of a film on its way into a clip that is encoded anew.
protocol EncodedTrack: AnyObject {
    var source: UnsafeMutablePointer<AVStream> { get }
    /// Set from the first frame on that belongs into the clip.
    var encoder: Encoder? { get }
    /// No later packet of it is wanted.
    var isDone: Bool { get }
    /// When what was encoded ends, in microseconds from the film's beginning; nil before there is anything.
    var end: Int64? { get }

    /// Decodes a packet, and encodes what of it belongs into the clip.
    func take(_ packet: UnsafeMutablePointer<AVPacket>, _ output: EncodedOutput) throws(ExactFailure)

    /// Encodes what is still held back. Called once, after the last packet.
    func finish(_ output: EncodedOutput) throws(ExactFailure)
}

/// What all tracks of a clip go by.
struct EncodedWork {
    let film: Demuxer
    let reader: PacketReader
    let format: CutFormat
    let encoders: EncodedFormat
    /// Microseconds from the film's beginning.
    let interval: Range<Int64>
    /// Flags of encoders that the container asks for.
    let encoderFlags: CInt
    /// Whether the clip is sent while it is being made.
    let isSent: Bool

    /// When a frame is shown, in microseconds from the film's beginning; nil when it does not say.
    func time(of frame: UnsafeMutablePointer<AVFrame>, _ stream: UnsafeMutablePointer<AVStream>) -> Int64? {
        guard let time = LibAV.microseconds(frame.pointee.best_effort_timestamp, stream.pointee.time_base),
            time.magnitude < 1 << 60
        else { return nil }
        return time - reader.clock.origin
    }
}
