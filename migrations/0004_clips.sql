-- Saved parts of films. A clip is shown with its film and goes with it; nothing of the film is stored twice.
CREATE TABLE clips (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CONSTRAINT clips_slug UNIQUE,
    video_id bigint NOT NULL REFERENCES videos ON DELETE CASCADE,
    owner_id bigint NOT NULL REFERENCES users,
    title text NOT NULL,
    description text NOT NULL,
    -- Seconds from the film's beginning.
    starts_at double precision NOT NULL CHECK (starts_at >= 0),
    ends_at double precision NOT NULL CHECK (ends_at > starts_at AND ends_at <= 1e9),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- The film of its own that the clip has become, and how making it stands.
    made_video_id bigint REFERENCES videos ON DELETE SET NULL,
    making text NOT NULL DEFAULT 'not' CHECK (making IN ('not', 'making', 'failed')),
    making_reason text NOT NULL DEFAULT '',
    making_since timestamptz,
    made_by bigint REFERENCES users ON DELETE SET NULL
);
CREATE INDEX clips_video ON clips (video_id, starts_at, id);
CREATE INDEX clips_owner ON clips (owner_id, id DESC);
CREATE INDEX clips_made ON clips (made_video_id) WHERE made_video_id IS NOT NULL;
CREATE INDEX clips_making ON clips (making_since) WHERE making = 'making';

-- Small pictures of the whole film on one sheet, row by row, one for every `seconds_each` seconds.
CREATE TABLE media_storyboards (
    media_id bigint PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    jpeg bytea NOT NULL,
    columns integer NOT NULL CHECK (columns > 0),
    rows integer NOT NULL CHECK (rows > 0),
    frames integer NOT NULL CHECK (frames BETWEEN 1 AND columns * rows),
    tile_width integer NOT NULL CHECK (tile_width > 0),
    tile_height integer NOT NULL CHECK (tile_height > 0),
    seconds_each double precision NOT NULL CHECK (seconds_each > 0)
);
ALTER TABLE media_storyboards ALTER COLUMN jpeg SET STORAGE EXTERNAL;

-- Indexes have another form now: all are made anew, with storyboards, by jobs.
DELETE FROM media_index;
DELETE FROM jobs WHERE kind = 'packet_scan';
INSERT INTO jobs (kind, media_id)
    SELECT kind, id FROM media, unnest(ARRAY['clip_index', 'storyboard']) AS kind
    WHERE state = 'complete' AND (kind = 'clip_index' OR width IS NOT NULL) ORDER BY id DESC;
