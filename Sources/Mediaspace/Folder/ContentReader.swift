import Foundation

/// Reads bytes of a torrent from its files as they lie on the disk; padding reads as zeros.
struct ContentReader: Sendable {
    let place: ContentPlace
    private static let step = 1 << 20

    /// Hands the bytes on in parts of at most 1 MiB. Throws a `SpaceError` when a file is missing or too short.
    func read(_ range: Range<Int64>, each: (Data) throws -> Void) throws {
        var next = range.lowerBound
        let files = place.files
        while next < range.upperBound {
            let limit = min(range.upperBound, next + Int64(Self.step))
            if let file = files.first(where: { $0.offset <= next && next < $0.offset + $0.length }) {
                let end = min(limit, file.offset + file.length)
                try each(try read(file, at: next - file.offset, count: Int(end - next)))
                next = end
            } else {
                let end = files.lazy.map(\.offset).filter { $0 > next }.min() ?? limit
                try each(Data(count: Int(min(limit, end) - next)))
                next = min(limit, end)
            }
        }
    }

    /// All the bytes of a range at once.
    func bytes(_ range: Range<Int64>) throws(SpaceError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            try read(range) { bytes += $0 }
        } catch {
            throw error as? SpaceError ?? SpaceError(.failed, "\(place.root) cannot be read.")
        }
        return bytes
    }

    private func read(_ file: MediaFile, at offset: Int64, count: Int) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: file.path) else {
            throw SpaceError(.failed, "\(file.path) cannot be read.")
        }
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        var data = Data()
        while data.count < count {
            guard let part = try handle.read(upToCount: count - data.count), !part.isEmpty else {
                throw SpaceError(.failed, "\(file.path) is shorter than it should be.")
            }
            data += part
        }
        return data
    }
}
