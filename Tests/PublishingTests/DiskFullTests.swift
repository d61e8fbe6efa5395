import Foundation
import Publishing
import Store
import Testing

/// HAZARDS F02: the disk of the cache is full. Needs the right to mount a small file system.
@Suite struct DiskFullTests {
    @Test(.enabled(if: SmallDisk.isPossible)) func uploadsSaySoAndReadsGoOn() async throws {
        let disk = try SmallDisk(mebibytes: 8)
        defer { disk.remove() }
        try await TestSite.with(cacheFolder: disk.path) { site in
            let film = Films.padded(to: 3 << 20, seed: 30)
            let video = try await site.publish(film)
            try disk.fill()

            for size in [nil, Int64(6 << 20)] {
                let error = await #expect(throws: PublishingError.self) {
                    _ = try await site.publish(Films.padded(to: 9 << 20, seed: 31), declaredSize: .some(size))
                }
                #expect(error?.kind == .storageFull)
            }
            await site.cache.remove(video.media.etag)
            try disk.fill()
            let error = await #expect(throws: PublishingError.self) {
                _ = try await site.cache.openFile(for: video.media)
            }
            #expect(error?.kind == .storageFull)
            #expect(try await site.storedBytes(video.media) == film)

            disk.empty()
            #expect(try site.bytes(of: await site.cache.openFile(for: video.media)) == film)
            let next = try await site.publish(Films.mkv, name: "x.mkv")
            #expect(next.state == .published)
        }
    }

    /// An upload counts more than a copy: cache files are given up for it.
    @Test(.enabled(if: SmallDisk.isPossible)) func cacheFilesMakeRoomForUploads() async throws {
        let disk = try SmallDisk(mebibytes: 10)
        defer { disk.remove() }
        try await TestSite.with(cacheFolder: disk.path) { site in
            for seed in 0..<4 {
                let film = Films.padded(to: 4 << 20, seed: UInt64(40 + seed))
                let size: Int64? = seed % 2 == 0 ? nil : Int64(film.count)
                let video = try await site.publish(film, declaredSize: .some(size))
                #expect(try site.bytes(of: await site.cache.openFile(for: video.media)) == film)
            }
        }
    }
}

/// A file system of a few mebibytes in memory.
struct SmallDisk {
    let path: String
    private var filler: String { path + "/filler" }

    static let isPossible: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(mebibytes: 1) else { return false }
        disk.remove()
        return true
    }()

    init(mebibytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            rmdir(path)
            throw POSIXError(.EPERM)
        }
    }

    /// Writes until nothing more fits.
    func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        defer { close(descriptor) }
        let bytes = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
    }

    /// Cut off before it goes: a process begun meanwhile may hold it open.
    func empty() {
        truncate(filler, 0)
        unlink(filler)
    }

    func remove() {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}
