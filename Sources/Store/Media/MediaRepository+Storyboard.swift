public import Catalog
import Postgres

extension MediaRepository {
    /// How the content's sheet of small pictures is laid out; nil while there is none.
    public func storyboard(of id: MediaID) async throws(StoreError) -> StoryboardSheet? {
        try await storing {
            try await database.first(
                """
                SELECT columns, rows, frames, tile_width, tile_height, seconds_each FROM media_storyboards
                WHERE media_id = \(id.rawValue)
                """
            )?.read { (columns) throws(PostgresError) in
                StoryboardSheet(
                    columns: try columns.next(), rows: try columns.next(), frames: try columns.next(),
                    tileWidth: try columns.next(), tileHeight: try columns.next(), secondsEach: try columns.next())
            }
        }
    }

    /// The content's sheet of small pictures (JPEG); nil while there is none.
    public func storyboardPicture(of id: MediaID) async throws(StoreError) -> [UInt8]? {
        try await storing {
            try await database.first("SELECT jpeg FROM media_storyboards WHERE media_id = \(id.rawValue)")?.column(0)
        }
    }

    /// Stores the content's sheet of small pictures; nothing happens where the content is gone.
    public func setStoryboard(_ jpeg: [UInt8], _ sheet: StoryboardSheet, of id: MediaID) async throws(StoreError) {
        try await storing {
            try await database.execute(
                """
                INSERT INTO media_storyboards
                    (media_id, jpeg, columns, rows, frames, tile_width, tile_height, seconds_each)
                SELECT id, \(jpeg), \(sheet.columns), \(sheet.rows), \(sheet.frames), \(sheet.tileWidth),
                    \(sheet.tileHeight), \(sheet.secondsEach)
                FROM media WHERE id = \(id.rawValue) AND state = 'complete'
                ON CONFLICT (media_id) DO UPDATE SET jpeg = excluded.jpeg, columns = excluded.columns,
                    rows = excluded.rows, frames = excluded.frames, tile_width = excluded.tile_width,
                    tile_height = excluded.tile_height, seconds_each = excluded.seconds_each
                """)
        }
    }
}
