/// What a tracker is told about our part in a torrent.
struct AnnounceFigures: Hashable, Sendable {
    /// Bytes sent to peers since we joined.
    var uploaded: UInt64
    /// Bytes received from peers since we joined.
    var downloaded: UInt64
    /// Bytes still missing of the whole torrent; zero makes us a seed.
    var left: UInt64
    /// Whether we have all we want but not all there is (BEP 21).
    var isPartialSeed: Bool
    /// How many peers we would like to hear of, 0...200; nil leaves it to the tracker.
    var wantedPeers: Int?

    /// Figures by their parts; without `left` those of a download whose length is not known yet, which is no seed.
    init(
        uploaded: UInt64 = 0, downloaded: UInt64 = 0, left: UInt64 = 16_384, isPartialSeed: Bool = false,
        wantedPeers: Int? = nil
    ) {
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.left = left
        self.isPartialSeed = isPartialSeed
        self.wantedPeers = wantedPeers.map { min(max($0, 0), 200) }
    }
}
