-- Who is named on links of work, by handle, so that somebody's payouts are found without looking through links.
CREATE TABLE link_people (
    handle TEXT COLLATE "C" NOT NULL,
    link_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (handle, link_id)
);
INSERT INTO link_people (handle, link_id)
SELECT lower(named.value), links.id FROM links, json_each_text(links.contributors::json) AS named
WHERE links.origin = 'work' AND named.value IS NOT NULL
UNION
SELECT lower(invested.value ->> 'contributor'), links.id
FROM links, json_array_elements(links.investments::json) AS invested (value)
WHERE links.origin = 'work';
