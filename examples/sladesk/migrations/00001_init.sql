-- +goose Up

-- A case as it was opened. The events follow in a table of their own.
CREATE TABLE cases (
	id       TEXT PRIMARY KEY,
	opening  TEXT NOT NULL,   -- JSON of the case without events
	closed   INTEGER NOT NULL -- 1 if nothing is pending any more
);

-- An event has the sender's ID, so that one that is sent twice counts once.
CREATE TABLE events (
	case_id TEXT NOT NULL REFERENCES cases (id),
	id      TEXT NOT NULL,
	at      TEXT NOT NULL,    -- RFC 3339
	event   TEXT NOT NULL,    -- JSON
	PRIMARY KEY (case_id, id)
);

-- A notice is a warning or a breach that is to be sent. It is written when it is
-- due and marked when it was handed over, so that a crash between the two sends
-- it again and never loses it.
CREATE TABLE notices (
	case_id TEXT NOT NULL REFERENCES cases (id),
	notice  TEXT NOT NULL,    -- such as "first-response/1/75" or "resolution/1/breach"
	at      TEXT NOT NULL,
	sent    INTEGER NOT NULL,
	PRIMARY KEY (case_id, notice)
);

-- +goose Down
DROP TABLE notices;
DROP TABLE events;
DROP TABLE cases;
