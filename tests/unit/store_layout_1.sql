-- SPDX-License-Identifier: Apache-2.0
-- A data file of layout 1 with one conversation. Never changed: files like it are in use.
PRAGMA application_id = 1399341669;
PRAGMA user_version = 1;
CREATE TABLE conversations ( id INTEGER PRIMARY KEY AUTOINCREMENT, token_hash BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL, owner INTEGER NOT NULL, agent INTEGER NOT NULL, agent_name TEXT NOT NULL, episode INTEGER NOT NULL, is_closed INTEGER NOT NULL, reason INTEGER NOT NULL, priority INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, waiting_since_ms INTEGER NOT NULL, mood REAL NOT NULL, trend INTEGER NOT NULL, language TEXT NOT NULL, intent TEXT NOT NULL, last_text TEXT NOT NULL, last_author INTEGER NOT NULL, last_at_ms INTEGER NOT NULL, visitor_name TEXT NOT NULL, visitor_email TEXT NOT NULL, subject TEXT NOT NULL, profile TEXT NOT NULL, ticket_ms INTEGER NOT NULL, handover_right INTEGER NOT NULL) STRICT;
CREATE INDEX conversations_by_change ON conversations (is_closed, updated_ms);
CREATE INDEX conversations_waiting ON conversations (priority, waiting_since_ms) WHERE owner = 2;
CREATE INDEX conversations_of_agent ON conversations (agent) WHERE agent <> 0;
CREATE INDEX conversations_of_subject ON conversations (subject) WHERE subject <> '';
CREATE INDEX conversations_with_ticket ON conversations (updated_ms) WHERE ticket_ms <> 0;
CREATE TABLE events ( id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER, seq INTEGER, at_ms INTEGER, kind INTEGER, author INTEGER, agent INTEGER, agent_name TEXT, client_id TEXT, text TEXT, html TEXT, options TEXT, owner INTEGER, owner_agent INTEGER, episode INTEGER, reason INTEGER, action INTEGER, intent TEXT, confidence REAL, polarity REAL, frustration REAL, language TEXT, rates INTEGER, helpful INTEGER, csat INTEGER, ces INTEGER, nps INTEGER, handover_right INTEGER, comment TEXT, contact_name TEXT, contact_email TEXT, details TEXT, UNIQUE (conversation, seq));
CREATE UNIQUE INDEX events_by_client_id ON events (conversation, client_id, author, agent) WHERE client_id <> '' AND kind = 1;
CREATE TABLE days (day INTEGER PRIMARY KEY, first_event INTEGER NOT NULL) STRICT;
CREATE TABLE agents ( id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL, password_hash TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sessions ( hash BLOB PRIMARY KEY, agent INTEGER NOT NULL REFERENCES agents (id), created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_agent ON sessions (agent);
CREATE TABLE kept_values (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO conversations VALUES (1, x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 3, 1, 0, '', 1, 0, 0, 0, 1766314800000, 1766314803000, 0, 0.0, 0, 'de', 'track-order', 'Follow it here.', 2, 1766314803000, 'Ada', '', '', '', 0, -1);
INSERT INTO events VALUES (1, 1, 1, 1766314801000, 1, 1, 0, '', 'm-1', 'Wo ist mein Päckchen?', '', '', 1, 0, 1, 0, 0, '', 0.0, -0.1, 0.0, 'de', 0, -1, -1, -1, -1, -1, '', '', '', '');
INSERT INTO events VALUES (2, 1, 2, 1766314802000, 2, 2, 0, '', '', '', '', '', 1, 0, 1, 0, 1, 'track-order', 0.9, 0.0, 0.0, '', 0, -1, -1, -1, -1, -1, '', '', '', '{"rule":"sure"}');
INSERT INTO events VALUES (3, 1, 3, 1766314803000, 1, 2, 0, '', '', 'Follow it here.', '<p>Follow it here.</p>', 'person' || char(9) || 'A person' || char(10), 1, 0, 1, 0, 0, 'track-order', 0.0, 0.0, 0.0, '', 0, -1, -1, -1, -1, -1, '', '', '', '');
INSERT INTO days VALUES (20443, 1);
INSERT INTO agents VALUES (1, 'Anna', 'anna', 2, 'hash', 1766314800000);
INSERT INTO kept_values VALUES ('identity_secret', x'00ff');
