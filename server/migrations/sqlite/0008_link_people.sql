-- Who is named on links of work, by handle, so that somebody's payouts are found without looking through links.
CREATE TABLE link_people (
    handle TEXT NOT NULL,
    link_id TEXT NOT NULL,
    PRIMARY KEY (handle, link_id)
) STRICT, WITHOUT ROWID;
INSERT INTO link_people (handle, link_id)
SELECT lower(named.value), links.id FROM links, json_each(links.contributors) AS named
WHERE links.origin = 'work' AND named.value IS NOT NULL
UNION
SELECT lower(invested.value ->> 'contributor'), links.id FROM links, json_each(links.investments) AS invested
WHERE links.origin = 'work';
