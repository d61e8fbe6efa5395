import Bencode
import ByteCoding
import Metainfo

/// The scrape over HTTP (BEP 48).
public enum HTTPScrape {
    /// Reads the raw query of a request: one or more `info_hash`, of which the first 74 different ones count. A
    /// request for all torrents is refused, since it would tell of unlisted ones.
    public static func parse(query: [UInt8]) throws(TrackerFailure) -> ScrapeRequest {
        guard query.count <= QueryParameters.maximumLength else {
            throw TrackerFailure(reason: "The query is too long.")
        }
        var hashes: [InfoHash] = []
        for (key, value) in QueryParameters(query: query[...])
        where key.elementsEqual("info_hash".utf8) && hashes.count < ScrapeRequest.maximumHashes {
            let hash = try HTTPAnnounce.Fields.hash(value)
            if !hashes.contains(hash) { hashes.append(hash) }
        }
        guard !hashes.isEmpty else { throw TrackerFailure(reason: "The info_hash is missing.") }
        return ScrapeRequest(infoHashes: hashes)
    }

    /// The answer, bencoded.
    public static func encode(_ answer: ScrapeAnswer) -> [UInt8] {
        var files: [[UInt8]: BencodeTree] = [:]
        for (hash, counts) in answer.files {
            files[hash.bytes] = .dictionary([
                "complete": .integer(Int64(counts.complete)),
                "downloaded": .integer(Int64(counts.downloaded)),
                "downloaders": counts.downloaders.map { .integer(Int64($0)) },
                "incomplete": .integer(Int64(counts.incomplete)),
            ])
        }
        let flags = answer.minRequestInterval.map { seconds in
            BencodeTree.dictionary(["min_request_interval": .integer(Int64(seconds))])
        }
        return BencodeTree.dictionary(["files": .dictionary(files), "flags": flags]).encoded()
    }

    /// The query a client sends, without `?`.
    public static func query(for request: ScrapeRequest) -> String {
        request.infoHashes.map { "info_hash=" + PercentEncoding.encode($0.bytes) }.joined(separator: "&")
    }

    /// Reads a tracker's answer. Throws the tracker's own failure, or one that says the answer cannot be read.
    public static func decode(
        answer bytes: [UInt8], limits: TrackerAnswerLimits = TrackerAnswerLimits()
    ) throws(TrackerFailure) -> ScrapeAnswer {
        let root = try BencodeDocument.trackerAnswer(bytes, limits).root
        guard let entries = root["files"]?.dictionary else {
            throw TrackerFailure(reason: "The tracker's answer has no files.")
        }
        var files: [InfoHash: ScrapeCounts] = [:]
        for (key, value) in entries {
            guard files.count < limits.torrents else { break }
            guard let hash = InfoHash(bytes: key) else { continue }
            func count(_ key: String) -> UInt32? { value[key]?.integer.map { UInt32(clamping: $0) } }
            files[hash] = ScrapeCounts(
                complete: count("complete") ?? 0, downloaded: count("downloaded") ?? 0,
                incomplete: count("incomplete") ?? 0, downloaders: count("downloaders"))
        }
        let wait = root["flags"]?["min_request_interval"]?.integer
        return ScrapeAnswer(files: files, minRequestInterval: wait.map { UInt32(clamping: $0) })
    }
}
