CREATE TABLE sweep (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL
);
CREATE TABLE trial (
  sweep TEXT NOT NULL REFERENCES sweep (name),
  digest TEXT NOT NULL,
  configuration TEXT NOT NULL,
  seed BIGINT NOT NULL,
  work DOUBLE PRECISION NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'diverged', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  takeovers INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  worker TEXT,
  heartbeat_ms BIGINT,
  patience_ms BIGINT,
  started_ms BIGINT,
  finished_ms BIGINT,
  seconds DOUBLE PRECISION,
  message TEXT,
  provenance TEXT,
  PRIMARY KEY (sweep, digest),
  CHECK ((state = 'running') = (claim IS NOT NULL))
);
CREATE INDEX trial_to_claim ON trial (sweep, state, work);
CREATE TABLE metric (
  sweep TEXT NOT NULL,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  step BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (sweep, digest, name, step),
  FOREIGN KEY (sweep, digest) REFERENCES trial (sweep, digest)
);
