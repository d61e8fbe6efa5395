extension CutFormat {
    /// Refuses a name of a clip whose ending is that of no film or sound, and with `mode` exact one of a format that
    /// clips are not encoded anew as. Throws `codecUnfit`. Names without an ending are fine.
    public static func check(fileName: String, _ mode: CutMode = .copy) throws(CutError) {
        guard let format = CutFormat(fileName: fileName) else {
            guard let ending = ending(of: fileName) else { return }
            throw CutError(
                .codecUnfit,
                "No film or sound ends in .\(PlainText.line(String(ending), limit: 20)); "
                    + "mp4, mkv, webm, mov, ts, m4a, mp3, ogg, opus, flac and wav do.")
        }
        guard mode == .copy || format.isEncodable else { throw .unfit([], format) }
    }

    /// What looks like an ending: two to five letters or digits behind the last dot; nil for other names.
    private static func ending(of path: String) -> Substring? {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let ending = name[name.index(after: dot)...]
        let isEnding =
            (2...5).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isEnding && ending.contains(where: \.isLetter) ? ending : nil
    }
}
