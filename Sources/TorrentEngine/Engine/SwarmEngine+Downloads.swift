public import ByteCoding
public import Metainfo

/// Torrents that are downloaded, or seeded from a folder. All methods may be called at any time; of a torrent that is
/// unknown they do nothing.
extension SwarmEngine {
    /// Adds a torrent and begins with it. One that is known already gets the further peers, trackers and wanted bytes.
    ///
    /// - Returns: the hash by which the engine knows it from now on.
    @discardableResult
    public func add(_ torrent: TorrentToAdd) async throws(EngineError) -> InfoHash {
        let added = await onLoop { core -> Result<InfoHash, EngineError> in
            do throws(EngineError) { return .success(try core.downloads.add(torrent)) } catch { return .failure(error) }
        }
        return try (added ?? .failure(.stopped)).get()
    }

    /// How a torrent stands; nil for an unknown one.
    public func status(of hash: InfoHash) async -> TorrentStatus? {
        await onLoop { $0.downloads[hash]?.status(now: .now) } ?? nil
    }

    /// How all torrents stand that were added by `TorrentToAdd`, in the order in which they were added.
    public func statuses() async -> [TorrentStatus] {
        await onLoop { $0.downloads.statuses(now: .now) } ?? []
    }

    /// How a torrent stands: now, at each change of its state, and else at most twice a second. Ends when the torrent is
    /// removed or the engine stops; at once for an unknown one. A slow reader gets the newest.
    public func changes(of hash: InfoHash) -> AsyncStream<TorrentStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: TorrentStatus.self, bufferingPolicy: .bufferingNewest(1))
        enqueue(
            { core in
                guard let download = core.downloads[hash] else { return continuation.finish() }
                download.observe(continuation)
            }, orElse: { continuation.finish() })
        return stream
    }

    /// The torrent, once its metadata is known; else nil. Piece layers are among it as far as they are known (BEP 52).
    public func torrent(of hash: InfoHash) async -> Torrent? {
        await onLoop { $0.downloads[hash]?.knownTorrent } ?? nil
    }

    /// How many bytes the pieces have that hold any of these bytes and are not there; nil while that is not known.
    public func missingBytes(in ranges: [Range<Int64>], of hash: InfoHash) async -> Int64? {
        await onLoop { $0.downloads[hash]?.missingBytes(in: ranges) } ?? nil
    }

    /// Changes what is wanted. Pieces that are there stay.
    public func want(_ wanted: WantedBytes, of hash: InfoHash) async {
        await onLoop { $0.downloads[hash]?.want(wanted) }
    }

    /// Stops a torrent: its peers are closed and its trackers told.
    public func pause(_ hash: InfoHash) async {
        await onLoop { $0.downloads[hash]?.pause() }
    }

    /// Goes on with a torrent that was paused, is done or has failed.
    public func resume(_ hash: InfoHash) async {
        await onLoop { $0.downloads[hash]?.resume() }
    }

    /// Hashes everything that lies on the disk anew, then goes on.
    public func recheck(_ hash: InfoHash) async {
        await onLoop { $0.downloads[hash]?.recheck() }
    }

    /// Limits the rates of one torrent, in bytes a second; nil for no limit of its own.
    public func setLimits(download: Int?, upload: Int?, of hash: InfoHash) async {
        await onLoop { $0.setLimits(download: download, upload: upload, of: hash) }
    }

    /// Limits the rates of all torrents together, in bytes a second; nil for no limit.
    public func setGlobalLimits(download: Int?, upload: Int?) async {
        await onLoop { $0.setLimits(download: download, upload: upload, of: nil) }
    }

    /// Whether torrents of which we are the only seed show each peer single pieces, so that nearly every piece leaves us
    /// once (BEP 16). It begins for each torrent when nobody is connected for it.
    public func setSuperSeeding(_ isOn: Bool) async {
        await onLoop { $0.setSuperSeeding(isOn) }
    }

    /// Adds peers of a torrent that is downloaded.
    ///
    /// - Parameter scope: The class of the address at which the one who named them was reached: it decides which
    ///   loopback and private addresses are dialled. What the operator names, `.loopback`, is dialled wherever it is.
    public func addPeers(_ peers: [Endpoint], to hash: InfoHash, namedFrom scope: AddressScope) async {
        await onLoop {
            $0.downloads[hash]?.found(peers, namedFrom: scope, source: scope == .loopback ? .operator : .tracker)
        }
    }

    /// Removes a torrent that is not wanted any more together with its files and saved state. Throws a `StorageError`
    /// when they cannot be deleted; the torrent is removed all the same.
    public func removeContent(of hash: InfoHash) async throws(StorageError) {
        guard let leftover = await onLoop({ $0.downloads.takeOut(hash, isDeleting: true) }) ?? nil else { return }
        try await leftover.delete()
    }

    /// Bytes of a torrent, counted from its first, padding between files included. Waits for the pieces they lie in,
    /// which become wanted before all others. Throws when the torrent is unknown, is removed meanwhile or fails, and when
    /// the task is cancelled.
    public func bytes(_ range: Range<Int64>, of hash: InfoHash) async throws(EngineError) -> [UInt8] {
        let withdrawal = ByteReading.Withdrawal()
        let read = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let reading = ByteReading(range: range, withdrawal: withdrawal, continuation: continuation)
                enqueue(
                    { core in
                        guard let download = core.downloads[hash] else { return reading.fail(.unknownTorrent) }
                        download.read(reading)
                    }, orElse: { reading.fail(.stopped) })
            }
        } onCancel: {
            withdrawal.make()
            enqueue({ $0.downloads[hash]?.dismissReaders() }, orElse: {})
        }
        return try read.get()
    }
}
