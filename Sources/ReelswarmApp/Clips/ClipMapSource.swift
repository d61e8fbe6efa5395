import ClipIndex
import Foundation
import Logging
import Media
import Mediaspace
import Metainfo

/// What `clip-map` is asked about: a film here, or a torrent that somebody names.
struct ClipMapSource {
    /// A path, URL or magnet link.
    let text: String
    /// Which file of the torrent; nil for its largest film.
    var file: String?

    /// The map of a clip. Throws a sentence where there is none.
    func map(_ interval: ClipInterval) async throws -> ClipMap {
        if isTorrent { return try await mapTorrent(interval) }
        return try await mapFilm(interval)
    }

    /// Whether it names a torrent: by its scheme, its ending, or since the file is bencoded.
    private var isTorrent: Bool {
        let lower = text.prefix(8).lowercased()
        if ["magnet:", "http://", "https://", "file:"].contains(where: lower.hasPrefix) { return true }
        guard let handle = FileHandle(forReadingAtPath: text) else {
            return !FileManager.default.fileExists(atPath: text)
        }
        defer { try? handle.close() }
        let head = Array((try? handle.read(upToCount: 2)) ?? Data())
        return text.lowercased().hasSuffix(".torrent")
            || (head.count == 2 && head[0] == UInt8(ascii: "d") && (48...57).contains(head[1]))
    }

    private func mapTorrent(_ interval: ClipInterval) async throws -> ClipMap {
        let torrent: Torrent
        let film: ChosenFilm
        do throws(SpaceError) {
            torrent = try await TorrentSource.torrent(
                named: text, allowsPrivateAddresses: true, logger: Logger(label: "clip-map"))
            film = try ChosenFilm(file, of: torrent.info)
        } catch {
            throw CommandFailure(message: error.message)
        }
        guard let index = film.index(in: torrent) else {
            throw CommandFailure(
                message: "The torrent has no clip index of \(film.path); `reelswarm get` finds a clip without one.")
        }
        return try map(interval, index, of: film.path, length: film.size, grid: film.grid)
    }

    private func mapFilm(_ interval: ClipInterval) async throws -> ClipMap {
        guard file == nil else { throw CommandFailure.usage("--file chooses a film of a torrent.") }
        let size = (try? FileManager.default.attributesOfItem(atPath: text))?[.size] as? UInt64
        guard let size, FileManager.default.isReadableFile(atPath: text) else {
            throw CommandFailure(message: "\(text) cannot be read.")
        }
        let worker = MediaWorkerClient(executable: ProgramFiles.mediaWorker, logger: Logger(label: "media"))
        let index: FilmIndex
        do throws(MediaError) {
            let quick = try await worker.quickIndex(file: text)
            if let quick { index = quick } else { index = try await worker.scanIndex(file: text) }
        } catch {
            throw CommandFailure(message: "\(text): \(error.message)")
        }
        return try map(interval, index, of: text, length: size, grid: nil)
    }

    private func map(
        _ interval: ClipInterval, _ index: FilmIndex, of name: String, length: UInt64, grid: PieceGrid?
    ) throws -> ClipMap {
        do throws(ClipPlanError) {
            return ClipMap(try index.plan(interval), of: name, index, length: length, grid: grid)
        } catch {
            throw CommandFailure(message: "\(name): \(error.description)")
        }
    }
}
