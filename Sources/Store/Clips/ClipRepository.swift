public import Catalog
import Postgres

/// Saved clips. They go with their film; whether one can be seen is its film's state.
public struct ClipRepository: Sendable {
    let database: Database

    /// The most clips that one list has.
    public static let longestList = 500

    /// Saves a clip. Throws `.notFound` where the film is gone.
    public func create(_ new: NewClip) async throws(StoreError) -> Clip {
        try await storing {
            try await database.transaction { transaction in
                let film = try await transaction.first(
                    "SELECT 1 FROM videos WHERE id = \(new.videoID.rawValue) FOR KEY SHARE")
                guard film != nil else { throw StoreError.missing("video") }
                let base = Slug.from(title: new.title.rawValue)
                for attempt in 0..<4 {
                    let slug = attempt < 2 ? try await freeSlug(base, transaction) : base.withRandomSuffix
                    if let clip = try await insert(new, slug, transaction) { return clip }
                }
                throw StoreError(.conflict, "A clip of the same name is just being saved.")
            }
        }
    }

    /// The clip at an address, in any state of its film; nil if there is none.
    public func clip(slug: Slug) async throws(StoreError) -> Clip? {
        try await clips(where: "c.slug = \(slug.rawValue)").first
    }

    /// The clip with a number, in any state of its film; nil if there is none.
    public func clip(id: ClipID) async throws(StoreError) -> Clip? {
        try await clips(where: "c.id = \(id.rawValue)").first
    }

    /// The clips of a film, by their beginning; at most ``longestList``.
    public func list(ofVideo video: VideoID) async throws(StoreError) -> [Clip] {
        try await clips(where: "c.video_id = \(video.rawValue)")
    }

    /// The clips of some films (at most 500), by film and beginning; at most ``longestList`` in all. Where there are
    /// more, every film has its first ones before any has more of them.
    public func list(ofVideos videos: [VideoID]) async throws(StoreError) -> [Clip] {
        let numbers = videos.prefix(500).map(\.rawValue)
        return try await clips(
            where: """
                c.id IN (
                    SELECT id FROM (
                        SELECT id, video_id, row_number() OVER (PARTITION BY video_id ORDER BY starts_at, id) AS place
                        FROM clips WHERE video_id = ANY(\(numbers))
                    ) placed
                    ORDER BY place, video_id DESC LIMIT \(Self.longestList))
                """)
    }

    /// The clips that one user saved, newest first.
    public func list(
        ofOwner owner: UserID, page: Int = 1, perPage: Int = 50
    ) async throws(StoreError) -> Page<Clip> {
        let window = PageWindow(page: page, perPage: perPage)
        return try await storing {
            let total: Int? = try await database.first(
                "SELECT count(*) FROM clips WHERE owner_id = \(owner.rawValue)")?.column(0)
            let items = try await database.rows(
                """
                SELECT \(Clip.selection) FROM \(Clip.tables)
                WHERE c.owner_id = \(owner.rawValue) ORDER BY c.id DESC \(window.limits)
                """
            ).read { (columns) throws(PostgresError) in try Clip(columns: &columns) }
            return window.page(items, total: total ?? 0)
        }
    }

    /// Changes a clip's words. Throws `.notFound` where it is not there, or `owner` is given and it is not theirs.
    public func rename(
        _ id: ClipID, _ changes: ClipChanges, owner: UserID?
    ) async throws(StoreError) -> Clip {
        try await storing {
            let changed = try await database.execute(
                """
                UPDATE clips c SET title = coalesce(\(changes.title?.rawValue), c.title),
                    description = coalesce(\(changes.description?.rawValue), c.description), updated_at = now()
                WHERE c.id = \(id.rawValue) AND \(owner.map { "c.owner_id = \($0.rawValue)" as SQLQuery } ?? "true")
                """)
            guard changed == 1, let clip = try await clip(id: id) else { throw StoreError.missing("clip") }
            return clip
        }
    }

    /// Deletes a clip, with an audit row. Throws `.notFound` where it is not there, or `owner` is given and neither it
    /// nor its film is theirs.
    public func delete(_ id: ClipID, by: UserID, owner: UserID?) async throws(StoreError) {
        try await storing {
            try await database.transaction { transaction in
                let row = try await transaction.first(
                    """
                    DELETE FROM clips c USING videos v WHERE c.id = \(id.rawValue) AND \(Self.reach(of: owner))
                    RETURNING c.video_id, c.title
                    """)
                guard let row else { throw StoreError.missing("clip") }
                try await transaction.audit(
                    "clip.delete", by: by, video: VideoID(rawValue: try row.column(0)), reason: try row.column(1))
            }
        }
    }

    // MARK: - Parts

    /// The clip and its film belong together, and one of them to the owner.
    static func reach(of owner: UserID?) -> SQLQuery {
        guard let owner else { return "v.id = c.video_id" }
        return "v.id = c.video_id AND (c.owner_id = \(owner.rawValue) OR v.owner_id = \(owner.rawValue))"
    }

    private func clips(where condition: SQLQuery) async throws(StoreError) -> [Clip] {
        try await storing {
            try await database.rows(
                """
                SELECT \(Clip.selection) FROM \(Clip.tables)
                WHERE \(condition) ORDER BY c.video_id, c.starts_at, c.id LIMIT \(Self.longestList)
                """
            ).read { (columns) throws(PostgresError) in try Clip(columns: &columns) }
        }
    }

    /// Nil where another clip took the slug at the same moment.
    private func insert(_ new: NewClip, _ slug: Slug, _ transaction: Transaction) async throws -> Clip? {
        let row = try await transaction.first(
            """
            INSERT INTO clips (slug, video_id, owner_id, title, description, starts_at, ends_at)
            VALUES (\(slug.rawValue), \(new.videoID.rawValue), \(new.ownerID.rawValue), \(new.title.rawValue),
                \(new.description.rawValue), \(new.times.start), \(new.times.end))
            ON CONFLICT (slug) DO NOTHING RETURNING id
            """)
        guard let id: Int64 = try row?.column(0) else { return nil }
        return try await transaction.first("SELECT \(Clip.selection) FROM \(Clip.tables) WHERE c.id = \(id)")?
            .read { (columns) throws(PostgresError) in try Clip(columns: &columns) }
    }

    private func freeSlug(_ base: Slug, _ transaction: Transaction) async throws -> Slug {
        let candidates = base.candidates
        let taken: Set<String> = Set(
            try await transaction.rows("SELECT slug FROM clips WHERE slug = ANY(\(candidates.map(\.rawValue)))")
                .read { (columns) throws(PostgresError) in try columns.next() })
        return candidates.first { !taken.contains($0.rawValue) } ?? base.withRandomSuffix
    }
}

extension Slug {
    /// The slug itself, and with -2 to -9.
    var candidates: [Slug] { [self] + (2...9).map { appending(suffix: String($0)) } }

    /// The slug with eight random hex digits.
    var withRandomSuffix: Slug {
        appending(suffix: String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16))
    }
}
