import ByteCoding
public import Metainfo

extension Space {
    /// Begins to get a film or folder out of the swarm. It goes on until it is deactivated or the space is closed; a
    /// later `get` of the same goes on where it stands.
    ///
    /// - Parameters:
    ///   - source: the path or file URL of a .torrent, its URL on the web, a magnet link, or an info hash.
    ///   - options: which part, where to, with whom.
    ///   - onStatus: told how it goes, until the space is closed.
    /// - Throws: `badSource` with a sentence when the source cannot be read or fetched.
    @discardableResult
    public func get(
        _ source: String, _ options: GetOptions = GetOptions(), onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        let source = MediaSource(
            text: source, allowsPrivateAddresses: configuration.allowsPrivateAddresses, logger: logger)
        switch try await source.resolve() {
        case .torrent(let torrent): return try await get(torrent, options, onStatus: onStatus)
        case .magnet(let link): return try await get(link, options, onStatus: onStatus)
        }
    }

    /// The same for a torrent that has been read.
    @discardableResult
    public func get(
        _ torrent: Torrent, _ options: GetOptions = GetOptions(), onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        let id = try folder.keep(torrent)
        return try await begin(Hold(id: id), options, onStatus)
    }

    /// The same for a magnet link that has been read; it takes the files which the link selects (BEP 53).
    @discardableResult
    public func get(
        _ link: MagnetLink, _ options: GetOptions = GetOptions(), onStatus: StatusHandler? = nil
    ) async throws(SpaceError) -> MediaID {
        var hold = Hold(id: try folder.keep(link))
        if options.part == .whole { hold.files = link.selectedFiles }
        // Peers in a magnet that a person pasted are as good as peers they named.
        if configuration.allowsPrivateAddresses { hold.peers = link.peers.map(\.description) }
        return try await begin(hold, options, onStatus)
    }

    /// Waits until everything that this process wants of it is here, and leaves the swarm then.
    ///
    /// - Returns: its files.
    /// - Throws: the reason as a sentence when it fails.
    @discardableResult
    public func download(_ id: MediaID) async throws(SpaceError) -> [MediaFile] {
        let files = try await completion(of: id)
        try await member.perform(.release(id, isLasting: false))
        return files
    }

    /// Waits until everything that this process wants of it is here, and goes on seeding it.
    ///
    /// - Returns: its files.
    /// - Throws: the reason as a sentence when it fails.
    @discardableResult
    public func share(_ id: MediaID) async throws(SpaceError) -> [MediaFile] {
        let held = await member.hold(of: id)
        var hold = held ?? SpaceEntry.load(id, in: folder)?.hold ?? Hold(id: id)
        if !hold.shares || hold != held {
            hold.shares = true
            try await member.perform(.hold(hold))
        }
        return try await completion(of: id)
    }

    /// Brings a finished film or folder out under another name, without taking the bytes twice where the disk allows;
    /// of a part, exactly its bytes go into one file. Nothing is ever replaced: `occupied` is thrown instead.
    public func deliver(_ id: MediaID, part: MediaPart = .whole, to path: String) async throws(SpaceError) {
        let place = try place(of: id)
        let target = SpaceFolder.absolute(path)
        if part.spans == nil {
            try ContentCopy.link(place, to: target)
        } else {
            let ranges = part.ranges(within: place.info.totalLength)
            guard !ranges.isEmpty else {
                throw SpaceError(.failed, "The bytes lie behind the end: there are \(place.info.totalLength).")
            }
            try ContentCopy.extract(ranges, of: place, to: target)
        }
    }

    /// Bytes of a film or folder, counted from its first; waits for the pieces they lie in, which are fetched before
    /// all others.
    public func bytes(_ range: Range<Int64>, of id: MediaID) async throws(SpaceError) -> [UInt8] {
        try await member.perform(.fetch(id, ByteSpan(range)))
        return try ContentReader(place: place(of: id)).bytes(range)
    }

    private func begin(
        _ hold: Hold, _ options: GetOptions, _ onStatus: StatusHandler?
    ) async throws(SpaceError) -> MediaID {
        var hold = hold
        hold.part = options.part
        hold.shares = options.sharesWhenDone
        hold.folder = options.isHidden ? folder.part(hold.id) : options.folder.map(SpaceFolder.absolute)
        hold.peers += options.peers.map(\.description)
        hold.limits = RateLimit(down: options.downloadLimit, up: options.uploadLimit)
        try await member.perform(.hold(hold))
        try await follow(hold.id, onStatus)
        return hold.id
    }

    /// Waits until everything that this process wants of it is here, and changes nothing else.
    ///
    /// - Returns: its files.
    /// - Throws: the reason as a sentence when it fails.
    @discardableResult
    public func completion(of id: MediaID) async throws(SpaceError) -> [MediaFile] {
        for await status in try await member.changes(of: id) {
            if case .failed(let reason) = status.state { throw SpaceError(.failed, reason) }
            guard status.hasMetadata else { continue }
            if let hold = await member.hold(of: id), let spans = hold.part.spans {
                // Another process may want more of it; this one waits for its own part alone.
                try await fetch(spans, of: id)
                return try files(of: id)
            }
            // Only an answer to a question asked now is newer than all that was wanted before.
            if status.isComplete, try await self.status(of: id).isComplete { return try files(of: id) }
        }
        throw .closed
    }

    private func fetch(_ spans: [ByteSpan], of id: MediaID) async throws(SpaceError) {
        let length = try place(of: id).info.totalLength
        for range in MediaPart(spans: spans, inOrder: true).ranges(within: length) {
            try await member.perform(.fetch(id, ByteSpan(range)))
        }
    }
}
