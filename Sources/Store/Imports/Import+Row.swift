import Catalog
import Metainfo
import Postgres

extension Import {
    /// Everything about imports, in the order `init(columns:)` reads, and the tables it comes from.
    static let selection: SQLQuery = """
        i.id, i.owner_id, i.info_hash, i.name, i.title, i.description, i.tags, i.state, i.file_numbers, i.file_paths,
        i.file_lengths, i.chosen_file, i.wanted, i.fetched, i.rate, i.peers, i.reason, v.slug, i.created_at
        """
    static let tables: SQLQuery = "imports i LEFT JOIN videos v ON v.id = i.video_id"

    init(columns: inout Columns) throws(PostgresError) {
        let id: ImportID = try columns.id()
        let owner: UserID = try columns.id()
        let hash = try columns.infoHash()
        let name: String = try columns.next()
        let words = ImportWords(
            title: try columns.next(), description: try columns.next(), tags: try columns.next())
        guard let state = ImportState(rawValue: try columns.next()) else { throw Columns.unreadable("import") }
        let files = try Self.files(columns: &columns)
        let chosen = try columns.next(Int32?.self)
        let progress = ImportProgress(
            wanted: try columns.next(), fetched: try columns.next(), rate: try columns.next(),
            peers: Int(try columns.next(Int32.self)))
        self.init(
            id: id, ownerID: owner, infoHash: hash, name: name, words: words, state: state, files: files,
            chosenFile: chosen.map(Int.init), progress: progress, reason: try columns.next(),
            videoSlug: try columns.next(String?.self).flatMap { Slug($0) }, createdAt: try columns.time())
    }

    private static func files(columns: inout Columns) throws(PostgresError) -> [ImportFile] {
        let numbers: [Int32] = try columns.next()
        let paths: [String] = try columns.next()
        let lengths: [Int64] = try columns.next()
        return zip(numbers, zip(paths, lengths)).map {
            ImportFile(number: Int($0), path: $1.0, length: $1.1)
        }
    }
}
