import CLibAV
import Testing

@testable import MediaWorker

@Suite struct AllowListTests {
    @Test(arguments: LibAV.decoders) func everyListedDecoderExists(name: String) {
        #expect(avcodec_find_decoder_by_name(name) != nil)
    }

    @Test(arguments: LibAV.demuxers) func everyListedDemuxerExists(name: String) throws {
        var state: UnsafeMutableRawPointer?
        var found = false
        while let format = av_demuxer_iterate(&state) {
            if String(cString: format.pointee.name).split(separator: ",").contains(Substring(name)) { found = true }
        }
        #expect(found)
    }

    @Test(arguments: [AV_CODEC_ID_MAGICYUV, AV_CODEC_ID_EXR, AV_CODEC_ID_SANM, AV_CODEC_ID_JPEG2000, AV_CODEC_ID_PNG])
    func otherDecodersAreNotOffered(codec: AVCodecID) {
        #expect(LibAV.decoder(for: codec) == nil)
    }
}
