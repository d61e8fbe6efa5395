public import Catalog
import Postgres

/// Films made out of clips.
extension ClipRepository {
    /// Queues the making of a film out of a clip, which will be `user`'s; nothing happens while one is made or is
    /// there. Throws `.notFound` where the clip is not there, or `owner` is given and neither it nor its film is
    /// theirs.
    public func beginMaking(
        _ id: ClipID, isExact: Bool = false, by user: UserID, owner: UserID?
    ) async throws(StoreError) -> Clip {
        try await storing {
            try await database.transaction { transaction in
                let found = try await transaction.first(
                    """
                    SELECT c.making, c.made_video_id IS NULL, v.media_id FROM clips c, videos v
                    WHERE c.id = \(id.rawValue) AND \(Self.reach(of: owner)) FOR UPDATE OF c
                    """)
                guard let found else { throw StoreError.missing("clip") }
                let (state, isMissing): (String, Bool) = (try found.column(0), try found.column(1))
                guard isMissing, state != "making" else { return }
                try await transaction.execute(
                    """
                    UPDATE clips SET making = 'making', making_reason = '', making_since = now(),
                        made_by = \(user.rawValue)
                    WHERE id = \(id.rawValue)
                    """)
                try await transaction.enqueue(
                    NewJob(
                        kind: .materialise, mediaID: MediaID(rawValue: try found.column(2)),
                        payload: ClipToMake(clip: id, isExact: isExact).payload))
            }
            guard let clip = try await clip(id: id) else { throw StoreError.missing("clip") }
            return clip
        }
    }

    /// Whose a film that is being made will be; nil where none is being made.
    public func maker(of id: ClipID) async throws(StoreError) -> UserID? {
        try await storing {
            try await database.first(
                """
                SELECT made_by FROM clips
                WHERE id = \(id.rawValue) AND making = 'making' AND made_by IS NOT NULL AND made_video_id IS NULL
                """
            ).map { UserID(rawValue: try $0.column(0)) }
        }
    }

    /// Says that a clip has become a film; nothing happens where the clip is gone.
    public func setMade(_ id: ClipID, _ video: VideoID) async throws(StoreError) {
        try await storing {
            try await database.execute(
                """
                UPDATE clips SET made_video_id = \(video.rawValue), making = 'not', making_reason = ''
                WHERE id = \(id.rawValue)
                """)
        }
    }

    /// Says why a clip could not become a film, in a sentence.
    public func failMaking(_ id: ClipID, reason: String) async throws(StoreError) {
        let words = String(reason.unicodeScalars.filter { $0 != "\0" }.prefix(500).map(Character.init))
        try await storing {
            try await database.execute(
                """
                UPDATE clips SET making = 'failed', making_reason = \(words)
                WHERE id = \(id.rawValue) AND making = 'making'
                """)
        }
    }

    /// Marks what is said to be in the making while no job makes it, with the sentence that the job has left. One
    /// without a sentence was never answered: the server died.
    @discardableResult
    public func failOrphans() async throws(StoreError) -> Int {
        try await storing {
            try await database.execute(
                """
                UPDATE clips SET making = 'failed', making_reason = coalesce(
                    (SELECT error FROM jobs
                        WHERE kind = \(JobKind.materialise.rawValue) AND failed
                            AND split_part(payload, ' ', 1) = clips.id::text AND created_at >= making_since
                            AND error LIKE '%.'
                        ORDER BY jobs.id DESC LIMIT 1),
                    'The server was stopped while it was made.')
                WHERE making = 'making' AND making_since < now() - interval '10 seconds' AND NOT EXISTS (
                    SELECT 1 FROM jobs
                    WHERE kind = \(JobKind.materialise.rawValue) AND NOT failed
                        AND split_part(payload, ' ', 1) = clips.id::text)
                """)
        }
    }
}
