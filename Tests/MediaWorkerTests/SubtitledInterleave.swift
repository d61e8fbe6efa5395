/// A tiny AVI with a text stream whose one chunk holds a subtitle file (`GAB2`), which libav would open with a demuxer
/// of its own.
enum SubtitledInterleave {
    static func bytes(subtitles: String) -> [UInt8] {
        let text = Array(subtitles.utf8)
        let name: [UInt8] = Array("x".utf8) + [0] + [0, 0]
        let block =
            Array("GAB2".utf8) + [0] + little(2, 2) + little(UInt32(name.count), 4) + name + little(4, 2)
            + little(UInt32(text.count), 4) + text
        let video =
            header("vids", "MJPG")
            + chunk(
                "strf",
                little(40, 4) + little(16, 4) + little(16, 4) + little(1, 2) + little(24, 2) + Array("MJPG".utf8)
                    + [UInt8](repeating: 0, count: 20))
        let words = header("txts", "\0\0\0\0") + chunk("strf", [])
        let main = chunk(
            "avih",
            little(40_000, 4) + [UInt8](repeating: 0, count: 20) + little(2, 4) + [UInt8](repeating: 0, count: 28))
        let frames = chunk("01tx", block) + chunk("00dc", [0xff, 0xd8, 0xff, 0xd9])
        let body = list("hdrl", main + list("strl", video) + list("strl", words)) + list("movi", frames)
        return Array("RIFF".utf8) + little(UInt32(body.count + 4), 4) + Array("AVI ".utf8) + body
    }

    private static func header(_ type: String, _ handler: String) -> [UInt8] {
        let fields = [UInt32(0), 0, 0, 1, 25, 0, 1, 0, 0, 0, 0, 0].flatMap { little($0, 4) }
        return chunk("strh", Array(type.utf8) + Array(handler.utf8) + fields)
    }

    private static func list(_ type: String, _ content: [UInt8]) -> [UInt8] {
        chunk("LIST", Array(type.utf8) + content)
    }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        Array(type.utf8) + little(UInt32(content.count), 4) + content + [UInt8](repeating: 0, count: content.count % 2)
    }

    private static func little(_ value: UInt32, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}
