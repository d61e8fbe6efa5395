-- Swarms: who is in them, so that a restart forgets nobody, and what they were like, for charts.

-- A swarm as a node's tracker last saved it, in the tracker's own form. Rewritten all the time, so half of each page is
-- left free and no column that changes is indexed: an update then stays on its page. No foreign key: a swarm is saved
-- with hundreds of others in one statement, which a torrent that was just deleted must not fail.
CREATE TABLE swarms (
    info_hash bytea NOT NULL CHECK (octet_length(info_hash) = 20),
    node text NOT NULL,
    bytes bytea NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (info_hash, node)
) WITH (
    fillfactor = 50, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_threshold = 2000,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE swarms ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What a torrent's swarm was like from a moment on, until the torrent's next row; the empty hash stands for all
-- torrents together. span is how many seconds the row sums up: 300 as recorded, at the end of the time its bytes were
-- sent in; 3600 and 86400 after thinning, at the beginning of the hour or day.
CREATE TABLE swarm_history (
    info_hash bytea NOT NULL CHECK (octet_length(info_hash) IN (0, 20)),
    at timestamptz NOT NULL DEFAULT now(),
    span integer NOT NULL DEFAULT 300 CHECK (span IN (300, 3600, 86400)),
    seeders real NOT NULL,
    leechers real NOT NULL,
    partial_seeds real NOT NULL,
    completed bigint NOT NULL,
    uploaded bigint NOT NULL,
    PRIMARY KEY (info_hash, at)
);
CREATE INDEX swarm_history_thinning ON swarm_history (span, at);

-- What the site keeps to itself: no page, no list and no audit row shows it.
CREATE TABLE secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL
);
