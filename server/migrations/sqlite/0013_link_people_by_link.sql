-- Who is named on a link, so that they are forgotten and verified without looking through everybody.
CREATE INDEX link_people_by_link ON link_people (link_id);
