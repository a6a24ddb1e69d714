-- One row for each spec that was registered or is named by a link (a stub). What changes with every event stands in
-- this small row; what is written of a spec stands in spec_contents.
CREATE TABLE specs (
    spec_id TEXT NOT NULL PRIMARY KEY,
    -- The order in which specs came to be known: the digits of an id that is sorted by time.
    seq TEXT NOT NULL DEFAULT '',
    registered BIGINT NOT NULL DEFAULT 0 CHECK (registered IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 0,
    inventory_source TEXT NOT NULL DEFAULT 'lineage' CHECK (inventory_source IN ('local', 'import', 'lineage')),
    idea_id TEXT,
    potential_value BIGINT NOT NULL DEFAULT 0 CHECK (potential_value >= 0),
    estimated_cost BIGINT NOT NULL DEFAULT 0 CHECK (estimated_cost >= 0),
    given_cost BIGINT CHECK (given_cost >= 0),
    has_implementation BIGINT NOT NULL DEFAULT 0,
    has_evidence BIGINT NOT NULL DEFAULT 0,
    -- Running totals over the links of work and their events.
    actual_value BIGINT NOT NULL DEFAULT 0 CHECK (actual_value >= 0),
    link_cost BIGINT NOT NULL DEFAULT 0 CHECK (link_cost >= 0),
    link_count BIGINT NOT NULL DEFAULT 0 CHECK (link_count >= 0),
    named_link_count BIGINT NOT NULL DEFAULT 0 CHECK (named_link_count >= 0),
    implemented_link_count BIGINT NOT NULL DEFAULT 0 CHECK (implemented_link_count >= 0),
    event_count BIGINT NOT NULL DEFAULT 0 CHECK (event_count >= 0),
    -- What lists are sorted by; it follows from the columns above.
    value_gap BIGINT NOT NULL DEFAULT 0,
    cost_gap BIGINT NOT NULL DEFAULT 0,
    estimated_roi_sort BIGINT NOT NULL DEFAULT 0,
    actual_roi_sort BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL DEFAULT 0,
    updated_at BIGINT NOT NULL DEFAULT 0,
    title TEXT NOT NULL DEFAULT '',
    excerpt TEXT NOT NULL DEFAULT '',
    search_text TEXT NOT NULL DEFAULT ''
);
CREATE INDEX specs_by_updated ON specs (updated_at, seq);
CREATE INDEX specs_by_value_gap ON specs (value_gap, seq);
CREATE INDEX specs_by_cost_gap ON specs (cost_gap, seq);
CREATE INDEX specs_by_estimated_roi ON specs (estimated_roi_sort, seq);
CREATE INDEX specs_by_actual_roi ON specs (actual_roi_sort, seq);
CREATE INDEX specs_by_potential_value ON specs (potential_value, seq);
CREATE INDEX specs_by_actual_value ON specs (actual_value, seq);
CREATE INDEX specs_by_idea ON specs (idea_id, spec_id);

-- All that is written of a registered spec, as JSON.
CREATE TABLE spec_contents (
    spec_id TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
);

-- One row for each idea that was registered or is named by a link or a spec (a stub).
CREATE TABLE ideas (
    idea_id TEXT NOT NULL PRIMARY KEY,
    seq TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    search_text TEXT NOT NULL
);
CREATE INDEX ideas_by_updated ON ideas (updated_at, seq);

-- All that is written of a registered idea, as JSON.
CREATE TABLE idea_contents (
    idea_id TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
);

-- Every change request, whole, as JSON; what it is found and counted by stands in columns.
CREATE TABLE change_requests (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('link_contributor', 'spec', 'idea')),
    status TEXT NOT NULL CHECK (status IN ('open', 'applied', 'declined', 'failed')),
    vote_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX change_requests_by_created ON change_requests (created_at, id);
CREATE INDEX change_requests_by_status ON change_requests (status, created_at, id);

-- What a change request is about: 'link:…', 'spec:…', 'idea:…'.
CREATE TABLE change_request_subjects (
    subject TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    id TEXT NOT NULL REFERENCES change_requests (id),
    PRIMARY KEY (subject, created_at, id)
);

CREATE INDEX links_by_spec ON links (spec_id, id) WHERE origin = 'work';
CREATE INDEX links_by_idea ON links (idea_id, id) WHERE origin = 'work';

-- Whatever links name already becomes a stub, with their totals. The third line of a link's search text is its spec's
-- id in small letters, the second its idea's.
INSERT INTO specs (spec_id, seq, idea_id, created_at, updated_at, search_text, link_count, named_link_count,
    implemented_link_count, link_cost, actual_value, event_count, cost_gap, actual_roi_sort)
WITH summed AS (
    SELECT spec_id, MIN(id) AS first_id, MIN(created_at) AS created_at, COUNT(*) AS link_count,
        SUM(CASE WHEN investments = '[]' AND contributors = '{"idea":null,"research":null,"spec":null,"spec_upgrade":null,"implementation":null,"review":null}' THEN 0 ELSE 1 END) AS named,
        SUM(CASE WHEN implementation_refs = '[]' THEN 0 ELSE 1 END) AS implemented,
        CAST(SUM(estimated_cost) AS BIGINT) AS cost,
        CAST(SUM(measured_value_total) AS BIGINT) AS value, CAST(SUM(event_count) AS BIGINT) AS events
    FROM links WHERE origin = 'work' GROUP BY spec_id
)
SELECT summed.spec_id, substr(first_id, 5), links.idea_id, summed.created_at, summed.created_at,
    split_part(search_text, chr(10), 3) || chr(10) || split_part(search_text, chr(10), 2),
    summed.link_count, named, implemented, cost, value, events, cost,
    CASE WHEN cost <= 0 THEN 0
        WHEN value / cost >= 922337203685477 THEN 9223372036854775807
        WHEN cost < 922337203685477 THEN value / cost * 10000 + value % cost * 10000 / cost
        ELSE value / cost * 10000 + value % cost / (cost / 10000) END
FROM summed JOIN links ON links.id = first_id;

INSERT INTO ideas (idea_id, seq, version, created_at, updated_at, title, excerpt, search_text)
WITH firsts AS (
    SELECT idea_id, MIN(id) AS first_id, MIN(created_at) AS created_at FROM links WHERE origin = 'work' GROUP BY idea_id
)
SELECT firsts.idea_id, substr(first_id, 5), 0, firsts.created_at, firsts.created_at, '', '', split_part(search_text, chr(10), 2)
FROM firsts JOIN links ON links.id = first_id;
