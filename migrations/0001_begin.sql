-- The first schema. All times are this database's clock; all ids are given out here.

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('viewer', 'publisher', 'admin')),
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_name ON users (lower(name));

CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL CONSTRAINT sessions_token UNIQUE CHECK (octet_length(token_hash) = 32),
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    csrf text NOT NULL,
    idle_seconds integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL CONSTRAINT api_tokens_token UNIQUE CHECK (octet_length(token_hash) = 32),
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    ends_at timestamptz
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);

-- At most one row: the link for the first admin.
CREATE TABLE setup_tokens (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    ends_at timestamptz NOT NULL
);

-- One row per stored content. Columns from size on are set by publishing.
CREATE TABLE media (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'complete', 'deleting')),
    file_name text NOT NULL,
    chunk_size integer NOT NULL CHECK (chunk_size BETWEEN 4096 AND 16777216),
    declared_size bigint,
    touched_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    size bigint CHECK (size > 0),
    container text,
    media_type text,
    duration double precision,
    width integer,
    height integer,
    facts bytea,
    etag text,
    has_thumbnail boolean NOT NULL DEFAULT false,
    CHECK (state <> 'complete' OR (size IS NOT NULL AND container IS NOT NULL AND media_type IS NOT NULL
        AND facts IS NOT NULL AND etag IS NOT NULL))
);
CREATE INDEX media_unfinished ON media (touched_at) WHERE state <> 'complete';

-- The bytes. Already compressed, so they are stored as they are. Only inserted and deleted; vacuum follows deletions
-- closely, so that the space is used again. No foreign key: a check per chunk would cost, and the sweeper deletes.
CREATE TABLE media_chunks (
    media_id bigint NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 0),
    data bytea NOT NULL,
    PRIMARY KEY (media_id, sequence)
);
ALTER TABLE media_chunks ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE media_chunks SET (
    autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_scale_factor = 1, autovacuum_analyze_scale_factor = 0.2,
    toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_insert_scale_factor = 1
);

CREATE TABLE media_pictures (
    media_id bigint PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    jpeg bytea NOT NULL
);
ALTER TABLE media_pictures ALTER COLUMN jpeg SET STORAGE EXTERNAL;

CREATE TABLE media_index (
    media_id bigint PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    encoded bytea NOT NULL
);

-- Both kinds of hashes, whatever the torrent's format.
CREATE TABLE media_hashes (
    media_id bigint PRIMARY KEY REFERENCES media ON DELETE CASCADE,
    piece_length integer NOT NULL CHECK (piece_length > 0),
    sha1_pieces bytea NOT NULL CHECK (octet_length(sha1_pieces) % 20 = 0),
    sha256_layer bytea NOT NULL CHECK (octet_length(sha256_layer) % 32 = 0),
    pieces_root bytea NOT NULL
);
ALTER TABLE media_hashes ALTER COLUMN sha1_pieces SET STORAGE EXTERNAL;
ALTER TABLE media_hashes ALTER COLUMN sha256_layer SET STORAGE EXTERNAL;

-- A torrent belongs to a content; info_hash is what is announced.
CREATE TABLE torrents (
    info_hash bytea PRIMARY KEY CHECK (octet_length(info_hash) = 20),
    info_hash_v2 bytea CONSTRAINT torrents_v2 UNIQUE CHECK (octet_length(info_hash_v2) = 32),
    media_id bigint NOT NULL CONSTRAINT torrents_media UNIQUE REFERENCES media,
    info bytea NOT NULL,
    piece_length integer NOT NULL CHECK (piece_length > 0),
    piece_count integer NOT NULL CHECK (piece_count > 0),
    uploaded bigint NOT NULL DEFAULT 0,
    completed bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE torrents ALTER COLUMN info SET STORAGE EXTERNAL;

CREATE TABLE videos (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CONSTRAINT videos_slug UNIQUE,
    title text NOT NULL,
    description text NOT NULL,
    tags text[] NOT NULL,
    state text NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'taken_down')),
    owner_id bigint NOT NULL REFERENCES users,
    media_id bigint NOT NULL REFERENCES media,
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT videos_key UNIQUE (owner_id, idempotency_key)
);
CREATE INDEX videos_published ON videos (published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX videos_media ON videos (media_id);
CREATE INDEX videos_tags ON videos USING gin (tags);

CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    media_id bigint,
    payload text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    failed boolean NOT NULL DEFAULT false,
    error text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE NOT failed;
-- What waits need not wait twice.
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, coalesce(media_id, 0), payload) WHERE NOT failed AND attempts = 0;

CREATE TABLE settings (
    key text PRIMARY KEY,
    value text NOT NULL
);

-- Rows outlive what they are about, so they refer to nothing.
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    by_user bigint,
    by_name text,
    video_id bigint,
    reason text NOT NULL DEFAULT ''
);
CREATE INDEX audit_log_video ON audit_log (video_id) WHERE video_id IS NOT NULL;
