-- Films that come out of swarms of others. One node works on an import at a time, under a lease.
CREATE TABLE imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    -- A .torrent's bytes, or a magnet link.
    source bytea NOT NULL CHECK (octet_length(source) BETWEEN 1 AND 10485760),
    info_hash bytea NOT NULL CHECK (octet_length(info_hash) = 20),
    name text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    tags text[] NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'fetching', 'choosing', 'publishing', 'done', 'failed', 'cancelled')),
    -- What may be chosen, where there are several files; the numbers are the files' places in the torrent.
    file_numbers integer[] NOT NULL DEFAULT '{}',
    file_paths text[] NOT NULL DEFAULT '{}',
    file_lengths bigint[] NOT NULL DEFAULT '{}',
    chosen_file integer,
    wanted bigint NOT NULL DEFAULT 0,
    fetched bigint NOT NULL DEFAULT 0,
    rate double precision NOT NULL DEFAULT 0,
    peers integer NOT NULL DEFAULT 0,
    reason text NOT NULL DEFAULT '',
    video_id bigint REFERENCES videos ON DELETE SET NULL,
    node text,
    leased_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX imports_owner ON imports (owner_id, id DESC);
-- A publisher fetches a torrent once at a time.
CREATE UNIQUE INDEX imports_under_way ON imports (owner_id, info_hash)
    WHERE state IN ('waiting', 'fetching', 'choosing', 'publishing');

-- Trackers that a torrent came with, one URL per line, an empty line between tiers; ours stand before them.
ALTER TABLE torrents ADD COLUMN other_trackers text NOT NULL DEFAULT '';
