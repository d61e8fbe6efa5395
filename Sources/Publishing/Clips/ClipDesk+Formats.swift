public import Catalog

extension ClipDesk {
    /// Those of some formats that cannot hold the subtitles that a film has.
    public func leavingOutSubtitles(_ formats: [ClipFormat], of media: MediaSummary) -> [ClipFormat] {
        guard let film = ClipFormats(media) else { return [] }
        return formats.filter(film.leavesOutSubtitles)
    }
}
