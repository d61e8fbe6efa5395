import Catalog

/// What somebody puts into a page of their own to show a film or clip there.
enum EmbedCode {
    /// Pixels of the line above the picture that names it.
    private static let titleHeight = 38

    /// A frame of 640 pixels width, as high as its title and the picture ask.
    static func text(_ url: String, title: String, of media: MediaSummary) -> String {
        let isVideo = media.mediaType.hasPrefix("video/")
        return "<iframe src=\"\(XMLText.escaped(url, inAttribute: true))\" width=\"640\" height=\""
            + "\(isVideo ? titleHeight + height(media) : 120)\" title=\"\(XMLText.escaped(title, inAttribute: true))\" "
            + "style=\"border:0\" allow=\"picture-in-picture\" allowfullscreen loading=\"lazy\"></iframe>"
    }

    private static func height(_ media: MediaSummary) -> Int {
        guard let width = media.width, let height = media.height, width > 0, height > 0 else { return 360 }
        return Int((640 * Double(height) / Double(width)).rounded().clamped(to: 120...1440))
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
