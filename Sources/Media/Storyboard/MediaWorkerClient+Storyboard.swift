extension MediaWorkerClient {
    /// Small pictures from all over a film, as one JPEG; nil of sounds, and where no listed decoder shows the picture.
    ///
    /// Of long films only key frames are decoded, so that hours take seconds. There are fewer pictures than asked for
    /// of short films (at most two a second) and where they do not fit into the JPEG.
    ///
    /// - Parameters:
    ///   - path: the film.
    ///   - frames: how many pictures, at most 400.
    ///   - width: pixels across of each (16...640), less where the film is smaller or very tall.
    public func storyboard(
        file path: String, frames: Int = 100, width: Int = 160
    ) async throws(MediaError) -> Storyboard? {
        let counts = WorkerJob.frameCounts
        let widths = WorkerJob.frameWidths
        let job = WorkerJob.storyboard(
            frames: min(counts.upperBound, max(counts.lowerBound, frames)),
            width: min(widths.upperBound, max(widths.lowerBound, width)))
        guard let bytes = try await process.answer(to: job, about: .file(path)) else { return nil }
        do {
            return try Storyboard(decoding: bytes)
        } catch {
            throw MediaError(.workerFailed, detail: "storyboard: \(error)")
        }
    }
}
