public import Metainfo

extension Space {
    /// Gets a part of a film by its times: fetches only the pieces that hold it, the next one to be read before all
    /// others, and writes a playable file.
    ///
    /// With the clip index that a torrent may carry the pieces are known at once; else the film's own tables, or the
    /// film itself, is looked into over the swarm. What was fetched stays in the space's own folder and is shared; a second
    /// clip, or the whole film later, goes on from there. What the space has of the film already is not fetched: neither
    /// what it keeps, nor what else lies in the directory, under the film's name or another. Such files are only read,
    /// piece by piece as their hashes are right, and are not shared by this. Returns when the clip is written; nothing
    /// half-written stays when that fails or the task is cancelled.
    ///
    /// - Parameters:
    ///   - source: the path or file URL of a .torrent, its URL on the web, a magnet link (whose exact source, `xs`, is
    ///     asked first), or an info hash.
    ///   - clip: which part of which film.
    ///   - output: the new file, which must not exist yet; its ending says the container, as the film's own where it
    ///     says nothing. In a folder that exists it is called like the film: `film 1.02-1.40.mp4`.
    ///   - options: with whom, how fast, and whether it is shared on; part, folder and hiding have no meaning here.
    ///   - onStatus: told how it goes until the clip is written.
    ///   - onEstimate: told once what will be fetched, before it is; not called where that shows only as it is read.
    ///   - onEncoding: told the share that is encoded, 0...1, of an exact clip.
    /// - Throws: `badSource`; `occupied` where the output exists; `notCuttable` with a sentence for times that the film
    ///   does not have and codecs that do not go into the container; `notAFilm` where there is nothing to cut;
    ///   `cancelled`.
    @discardableResult
    public func get(
        _ source: String, clip: ClipRequest, to output: String, _ options: GetOptions = GetOptions(),
        onStatus: StatusHandler? = nil, onEstimate: (@Sendable (ClipEstimate) -> Void)? = nil,
        onEncoding: (@Sendable (Double) -> Void)? = nil
    ) async throws(SpaceError) -> ClipResult {
        let errand = try ClipErrand(clip, output, options, in: self, onStatus, onEstimate, onEncoding)
        let source = MediaSource(
            text: source, allowsPrivateAddresses: configuration.allowsPrivateAddresses, logger: logger)
        return try await errand.run(try await source.resolve())
    }

    /// The same for a torrent that has been read.
    @discardableResult
    public func get(
        _ torrent: Torrent, clip: ClipRequest, to output: String, _ options: GetOptions = GetOptions(),
        onStatus: StatusHandler? = nil, onEstimate: (@Sendable (ClipEstimate) -> Void)? = nil,
        onEncoding: (@Sendable (Double) -> Void)? = nil
    ) async throws(SpaceError) -> ClipResult {
        try await ClipErrand(clip, output, options, in: self, onStatus, onEstimate, onEncoding).run(.torrent(torrent))
    }

    /// The same for a magnet link that has been read.
    @discardableResult
    public func get(
        _ link: MagnetLink, clip: ClipRequest, to output: String, _ options: GetOptions = GetOptions(),
        onStatus: StatusHandler? = nil, onEstimate: (@Sendable (ClipEstimate) -> Void)? = nil,
        onEncoding: (@Sendable (Double) -> Void)? = nil
    ) async throws(SpaceError) -> ClipResult {
        try await ClipErrand(clip, output, options, in: self, onStatus, onEstimate, onEncoding).run(.magnet(link))
    }
}
