import Catalog
import Postgres

extension Transaction {
    /// Adds a row to the record of what was done; the user's name is kept beside the number.
    func audit(_ action: String, by: UserID?, video: VideoID?, reason: String) async throws(PostgresError) {
        try await execute(
            """
            INSERT INTO audit_log (action, by_user, by_name, video_id, reason)
            VALUES (\(action), \(by?.rawValue), (SELECT name FROM users WHERE id = \(by?.rawValue)),
                \(video?.rawValue), \(reason))
            """)
    }

    /// Marks a content for deletion, takes its torrent away with what was kept of its swarm, and queues the job that
    /// removes its chunks. What a node writes of the swarm at this very moment is found when history is thinned.
    func markDeleting(_ media: MediaID) async throws(PostgresError) {
        try await execute(
            """
            WITH gone AS (DELETE FROM torrents WHERE media_id = \(media.rawValue) RETURNING info_hash),
            forgotten AS (DELETE FROM swarms WHERE info_hash IN (SELECT info_hash FROM gone))
            DELETE FROM swarm_history WHERE info_hash IN (SELECT info_hash FROM gone)
            """)
        try await execute("UPDATE media SET state = 'deleting', touched_at = now() WHERE id = \(media.rawValue)")
        try await enqueue(NewJob(kind: .deleteChunks, mediaID: media))
    }

    /// Queues a job; an equal one that waits already is enough.
    func enqueue(_ job: NewJob) async throws(PostgresError) {
        try await execute(
            """
            INSERT INTO jobs (kind, media_id, payload, due_at)
            VALUES (\(job.kind.rawValue), \(job.mediaID?.rawValue), \(job.payload),
                now() + \(Double(max(0, job.delay))) * interval '1 second')
            ON CONFLICT DO NOTHING
            """)
    }
}
