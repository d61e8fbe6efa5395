extension MediaFacts {
    /// The facts of a worker's result. Throws `workerFailed` when the result is nonsense, `notAVideo` when there is
    /// neither a moving picture nor sound in the file.
    init(fromWorker bytes: [UInt8]) throws(MediaError) {
        let report: ReportedFacts
        do {
            report = try ReportedFacts(decoding: bytes)
        } catch {
            throw MediaError(.workerFailed, detail: "facts: \(error)")
        }
        try self.init(report)
    }

    /// The facts that follow from `report`.
    public init(_ report: ReportedFacts) throws(MediaError) {
        let pictures = report.streams.filter { $0.kind == .video }
        let sounds = report.streams.filter { $0.kind == .audio }
        guard !pictures.isEmpty || !sounds.isEmpty else { throw MediaError(.notAVideo, detail: "no stream") }
        let codecs = Set((pictures + sounds).map(\.codec))
        let shown = pictures.first(where: \.isDefault) ?? pictures.first
        self.init(
            container: report.container.rawValue,
            mediaType: report.container.mediaType(isVideo: !pictures.isEmpty),
            fileExtension: report.container.fileExtension(isVideo: !pictures.isEmpty, codecs: codecs),
            duration: report.duration.map { Double($0) / 1_000_000 },
            bitRate: report.bitRate.flatMap(Int.init(exactly:)),
            width: shown?.width, height: shown?.height, title: report.title, artist: report.artist,
            streams: report.streams, isVideo: !pictures.isEmpty, isAudio: pictures.isEmpty,
            playableInBrowser: report.container.playsInBrowsers(codecs: codecs))
    }
}
