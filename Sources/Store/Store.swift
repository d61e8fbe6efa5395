public import Catalog
public import Postgres

/// All that the site keeps, one repository per noun. Every method throws `StoreError`; times are the database's.
public struct Store: Sendable {
    /// Videos: words, states, library.
    public let videos: VideoRepository
    /// Contents: chunks, pictures, clip indexes, hashes.
    public let media: MediaRepository
    /// Torrents of contents and their totals.
    public let torrents: TorrentRepository
    /// Users and the one-time set-up.
    public let users: UserRepository
    /// Login sessions.
    public let sessions: SessionRepository
    /// API tokens.
    public let tokens: TokenRepository
    /// Background jobs.
    public let jobs: JobRepository
    /// The admin's settings.
    public let settings: SettingsRepository
    /// The record of what was done.
    public let audit: AuditRepository
    /// Who is in the swarms, over restarts.
    public let swarms: SwarmRepository
    /// What swarms were like, for charts.
    public let history: SwarmHistoryRepository
    /// Films on their way from swarms of others.
    public let imports: ImportRepository
    /// Saved parts of films.
    public let clips: ClipRepository

    let database: Database

    /// Makes the repositories over one database.
    public init(database: Database) {
        self.database = database
        videos = VideoRepository(database: database)
        media = MediaRepository(database: database)
        torrents = TorrentRepository(database: database)
        users = UserRepository(database: database)
        sessions = SessionRepository(database: database)
        tokens = TokenRepository(database: database)
        jobs = JobRepository(database: database)
        settings = SettingsRepository(database: database)
        audit = AuditRepository(database: database)
        swarms = SwarmRepository(database: database)
        history = SwarmHistoryRepository(database: database)
        imports = ImportRepository(database: database)
        clips = ClipRepository(database: database)
    }

    /// Asks the database for nothing; throws where it does not answer.
    public func ping() async throws(StoreError) {
        try await storing { _ = try await database.rows("SELECT 1") }
    }

    /// Makes a received content visible in one synchronous transaction: last chunks, facts, hashes, index, torrent,
    /// video and jobs. A content whose info hash exists already is not stored again: the video points to the existing
    /// content, and the new chunks are marked for deletion (with a job that removes them). The same owner and
    /// idempotency key again give the video of the first time.
    /// - Throws: `.conflict` where the content is not in reception (it was swept or published), `.unknownOutcome`
    ///   where the connection broke while committing.
    public func publish(_ record: PublishRecord) async throws(StoreError) -> Video {
        try await PublishTransaction(database: database, record: record).run()
    }
}
