import Glibc

/// What a removed torrent has left on the disk.
struct Leftover: Sendable {
    let storage: TorrentStorage?
    let stateFile: String?
    /// Waits until nothing is written any more and the trackers know.
    let farewell: @Sendable () async -> Void

    /// Deletes the files and the saved state, whatever the state of the other is.
    func delete() async throws(StorageError) {
        await farewell()
        let (storage, stateFile) = (storage, stateFile)
        let result: Result<Void, StorageError> = await Blocking.run {
            if let stateFile { _ = unsafe unlink(stateFile) }
            guard let storage else { return .success(()) }
            do throws(StorageError) { return .success(try storage.remove()) } catch { return .failure(error) }
        }
        try result.get()
    }
}
