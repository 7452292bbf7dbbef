-- +goose Up

-- A customer is an account of a bill and the plans that it has had.
CREATE TABLE customers (
	account  TEXT PRIMARY KEY, -- provider and billing account, as the bill names them
	timeline TEXT NOT NULL     -- JSON
);

-- A book holds the cards of one currency by their effective dates.
CREATE TABLE books (
	currency TEXT PRIMARY KEY,
	book     TEXT NOT NULL -- JSON
);

-- An import is a bill that was read to its end. Its key is the file's digest, so
-- that no bill counts twice.
CREATE TABLE imports (
	digest TEXT PRIMARY KEY,
	file   TEXT NOT NULL
);

-- A usage is one account's spend in one period by one bill. Bills are summed
-- when documents are issued.
CREATE TABLE usages (
	digest  TEXT NOT NULL REFERENCES imports (digest),
	account TEXT NOT NULL,
	period  TEXT NOT NULL, -- the period's start, RFC 3339 in UTC
	usage   TEXT NOT NULL, -- JSON, exact decimals as text
	PRIMARY KEY (digest, account, period)
);

-- A document is issued once and never changed. Amounts are minor units: cents.
CREATE TABLE documents (
	account  TEXT   NOT NULL,
	period   TEXT   NOT NULL,
	number   BIGINT NOT NULL, -- 1, 2, … within the account's period
	id       TEXT   NOT NULL UNIQUE,
	kind     TEXT   NOT NULL,
	currency TEXT   NOT NULL,
	minor    BIGINT NOT NULL,
	document TEXT   NOT NULL, -- JSON
	PRIMARY KEY (account, period, number)
);

-- +goose Down
DROP TABLE documents;
DROP TABLE usages;
DROP TABLE imports;
DROP TABLE books;
DROP TABLE customers;
