import CLibAV
import Media

/// What the pictures of a clip are, from the first one.
struct PictureShape {
    /// Pixels of what is encoded, before turning: even, since chroma has half as many.
    let width: Int
    let height: Int
    /// Clockwise turns of 90 degrees that are applied to the picture.
    let quarterTurns: Int
    let pixelShape: AVRational
    let range: AVColorRange
    let primaries: AVColorPrimaries
    let transfer: AVColorTransferCharacteristic
    let space: AVColorSpace
    let chromaPlace: AVChromaLocation
    let isInterlaced: Bool

    /// The most pixels that encoding has memory for.
    private static let limit = 4096 * 2304

    /// The shape for pictures like `frame`. Throws a report for those that are too large or too small.
    init(_ frame: UnsafeMutablePointer<AVFrame>, _ stream: UnsafeMutablePointer<AVStream>, _ work: EncodedWork)
        throws(ExactFailure)
    {
        let picture = frame.pointee
        width = Int(picture.width) & ~1
        height = Int(picture.height) & ~1
        guard width >= 2, height >= 2, width * height <= Self.limit else { throw .memory }
        let turns = DisplayShape(work.film.context, stream)?.quarterTurns ?? 0
        quarterTurns = work.format.keepsRotation ? 0 : turns
        let aspect = av_guess_sample_aspect_ratio(work.film.context, stream, frame)
        let isTurned = quarterTurns % 2 == 1 && aspect.num > 0
        pixelShape = isTurned ? AVRational(num: aspect.den, den: aspect.num) : aspect
        // What is not brightness and colour already becomes so as sRGB pictures do.
        let isMadeOfColours = PictureFitting.isMadeOfColours(AVPixelFormat(picture.format))
        let isFull =
            PictureFitting.isFullRange(AVPixelFormat(picture.format)) || picture.color_range == AVCOL_RANGE_JPEG
        range = isMadeOfColours ? AVCOL_RANGE_MPEG : isFull ? AVCOL_RANGE_JPEG : picture.color_range
        space = isMadeOfColours ? AVCOL_SPC_SMPTE170M : picture.colorspace
        (primaries, transfer) = (picture.color_primaries, picture.color_trc)
        chromaPlace = picture.chroma_location
        isInterlaced = picture.interlaced_frame != 0 && height % 4 == 0 && quarterTurns == 0
    }

    /// Pixels as they are encoded.
    var turnedWidth: Int { quarterTurns % 2 == 0 ? width : height }
    var turnedHeight: Int { quarterTurns % 2 == 0 ? height : width }
    var pixelCount: Int { width * height }
}
