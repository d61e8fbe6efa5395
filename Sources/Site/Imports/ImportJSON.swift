import Catalog
import HTTPTypes
import Metainfo
import WebServer

/// An import as the API tells it.
struct ImportJSON: Encodable {
    private let one: Import
    private let base: BaseURL

    init(_ one: Import, base: BaseURL) {
        self.one = one
        self.base = base
    }

    private enum Key: String, CodingKey {
        case id, state, name, infohash, title, progress, wanted, fetched, rate, peers, files, chosen, reason
        case createdAt = "created_at"
        case video
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: Key.self)
        try json.encode(one.id.rawValue, forKey: .id)
        try json.encode(one.state.rawValue, forKey: .state)
        try json.encode(one.name, forKey: .name)
        try json.encode(one.infoHash.hex, forKey: .infohash)
        try json.encode(one.words.title, forKey: .title)
        try json.encode(ImportWording.percent(one).map { Double($0) / 100 }, forKey: .progress)
        try json.encode(one.progress.wanted, forKey: .wanted)
        try json.encode(one.progress.fetched, forKey: .fetched)
        try json.encode(one.progress.rate, forKey: .rate)
        try json.encode(one.progress.peers, forKey: .peers)
        try json.encode(one.files.map(File.init), forKey: .files)
        try json.encode(one.chosenFile, forKey: .chosen)
        try json.encode(one.reason, forKey: .reason)
        try json.encode("\(one.createdAt)", forKey: .createdAt)
        try json.encode(one.videoSlug.map { base.origin + VideoPaths($0).page }, forKey: .video)
    }

    private struct File: Encodable {
        let number: Int
        let path: String
        let size: Int64

        init(_ file: ImportFile) {
            number = file.number
            path = file.path
            size = file.length
        }
    }
}
