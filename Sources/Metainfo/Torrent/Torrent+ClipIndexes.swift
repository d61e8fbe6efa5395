import Bencode

extension Torrent {
    /// The field as it is written: decimal file numbers and byte strings; nil without any.
    var clipIndexTree: BencodeTree? {
        let kept = Self.kept(clipIndexes, of: info, limits: .default)
        guard !kept.isEmpty else { return nil }
        return .dictionary(Dictionary(uniqueKeysWithValues: kept.map { ("\($0.key)", .bytes($0.value)) }))
    }

    /// The indexes under `clip-index`. Entries that are malformed, or beyond the limits, are left out.
    static func clipIndexes(_ root: BencodeValue, of info: TorrentInfo, limits: MetainfoLimits) -> [Int: [UInt8]] {
        guard let entries = root["clip-index"]?.dictionary else { return [:] }
        var indexes: [Int: [UInt8]] = [:]
        var size = 0
        for (key, value) in entries where indexes.count < limits.clipIndexes {
            guard let number = fileNumber(key), isFilm(number, of: info), let bytes = value.bytes, !bytes.isEmpty,
                bytes.count <= limits.clipIndexBytes - size
            else { continue }
            indexes[number] = Array(bytes)
            size += bytes.count
        }
        return indexes
    }

    /// Those that a reader takes, in the order of their files.
    private static func kept(
        _ indexes: [Int: [UInt8]], of info: TorrentInfo, limits: MetainfoLimits
    ) -> [(key: Int, value: [UInt8])] {
        var size = 0
        let kept = indexes.sorted { $0.key < $1.key }
            .filter { number, bytes in
                guard isFilm(number, of: info), !bytes.isEmpty, bytes.count <= limits.clipIndexBytes - size else {
                    return false
                }
                size += bytes.count
                return true
            }
        return Array(kept.prefix(limits.clipIndexes))
    }

    /// A file's number in decimal digits, without zeros before it.
    private static func fileNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...6).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            digits.count == 1 || digits.first != 48
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func isFilm(_ number: Int, of info: TorrentInfo) -> Bool {
        info.files.indices.contains(number) && !info.files[number].isPadding
    }
}
