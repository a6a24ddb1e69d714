// What is there before a test begins, put there through the public API.

/** What a link is filed with. */
export interface NewLink {
  idea_id: string;
  spec_id: string;
  estimated_cost: number;
  implementation_refs?: string[];
  contributors: Record<string, string>;
  investments?: Array<Record<string, string | number>>;
}

/** What an event is appended with. */
export interface NewEvent {
  source: string;
  metric: string;
  value: number;
  captured_at?: string;
}

/** The specification's own example. */
export const SEED_LINK: NewLink = {
  idea_id: "oss-interface-alignment",
  spec_id: "048-value-lineage-and-payout-attribution",
  implementation_refs: ["PR#26", "commit:e616516"],
  contributors: {
    idea: "alice",
    research: "rita",
    spec: "bob",
    spec_upgrade: "sam",
    implementation: "carol",
    review: "dave",
  },
  investments: [
    investment("research", "rita", 3, 0.9, 0.8, 0.1),
    investment("implementation", "carol", 4, 0.85, 0.7, 0.2),
  ],
  estimated_cost: 120,
};

/** Its events: 100 in all. */
export const SEED_EVENTS: NewEvent[] = [
  { source: "api", metric: "adoption_events", value: 45.5, captured_at: "2024-02-14T09:30:00Z" },
  { source: "web", metric: "adoption_events", value: 54.5, captured_at: "2024-03-01T16:05:00Z" },
];

/** One investment, as the API takes it. */
export function investment(
  stage: string,
  contributor: string,
  energy_units: number,
  coherence_score = 0.5,
  awareness_score = 0.5,
  friction_score = 0.5,
) {
  return { stage, contributor, energy_units, coherence_score, awareness_score, friction_score };
}

/** The API of a server. */
export class Api {
  constructor(private readonly url: string) {}

  /** What a path answers, as JSON. */
  async get(path: string): Promise<any> {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** What a path answers to a body, as text. */
  async post(path: string, body: unknown): Promise<string> {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${text}`);
    return text;
  }

  /** Files a link with its events; answers its id. */
  async file(link: NewLink, events: NewEvent[] = []): Promise<string> {
    const { id } = JSON.parse(await this.post("/api/value-lineage/links", link));
    for (const event of events) await this.append(id, event);
    return id;
  }

  /** Appends an event. */
  append(id: string, event: NewEvent): Promise<string> {
    return this.post(`/api/value-lineage/links/${id}/usage-events`, event);
  }

  /** All links, up to 500. */
  async links(): Promise<any[]> {
    return (await this.get("/api/value-lineage/links?limit=500")).links;
  }
}

/** Names and numbers as long as they may be, and nothing to break a line at. */
export const LONGEST_LINK: NewLink = {
  idea_id: `idea-${"w".repeat(195)}`,
  spec_id: `spec_${"m".repeat(195)}`,
  implementation_refs: [`https://example.org/${"x".repeat(480)}`, "PR#1"],
  contributors: { idea: "i".repeat(200), implementation: "W".repeat(200), review: "<b>&amp;\"quoted\"</b>" },
  investments: [investment("implementation", "W".repeat(200), 999_999_999.123456, 0.123456, 1, 0)],
  estimated_cost: 999_999_999_999.123456,
};

/** A link with so many investments and refs. */
function linkOf(count: number): NewLink {
  const stages = Object.keys(SEED_LINK.contributors);
  return {
    idea_id: `of-${count}`,
    spec_id: "many-hands",
    implementation_refs: Array.from({ length: count }, (_, at) => `commit:${(0xe616516 + at).toString(16)}`),
    contributors: SEED_LINK.contributors,
    investments: Array.from({ length: count }, (_, at) => investment(stages[at % stages.length], `person-${at}`, 1 + (at % 17))),
    estimated_cost: 100_000,
  };
}

/** The specification's example among links as a team may have them; answers its id. */
export async function fill(api: Api): Promise<string> {
  const ideas = ["faster-search", "quiet-alerts", "typed-config", "one-click-restore", "plain-errors", "green-builds"];
  for (const [at, idea_id] of ideas.entries()) {
    const events = Array.from({ length: at * 4 }, (_, day) => ({
      source: ["api", "web", "cli"][day % 3],
      metric: ["adoption_events", "minutes_saved"][day % 2],
      value: 10 * (at + 1) + day / 4,
      captured_at: new Date(Date.UTC(2024, 2, 1 + day * 3, 8, 15)).toISOString(),
    }));
    const builder = ["eli", "fay"][at % 2];
    const link = {
      idea_id,
      spec_id: `0${50 + at}-a-plan`,
      implementation_refs: [`PR#${40 + at}`],
      contributors: { idea: ["ana", "ben", "cem"][at % 3], spec: "dee", implementation: builder },
      investments: [investment("implementation", builder, 2 + at, 0.8, 0.6, 0.2)],
      estimated_cost: 200 + 35 * at,
    };
    await api.file(link, events);
  }
  return api.file(SEED_LINK, SEED_EVENTS);
}

/** Registers the seed's spec, and proposes changes to it and to its link. */
export async function register(api: Api, seed: string) {
  await api.post("/api/spec-registry", {
    spec_id: SEED_LINK.spec_id,
    title: "Value Lineage and Payout Attribution",
    idea_id: SEED_LINK.idea_id,
    summary: "Create a verifiable, machine-readable chain from idea to payout preview, so that contributors can be rewarded.",
    process_summary: "API supports creating and fetching a lineage link.\nAPI supports appending usage events.",
    source_files: ["specs/assets-api.md", "specs/value-lineage-and-payout-attribution.md"],
    implementation_refs: SEED_LINK.implementation_refs,
    public_endpoints: ["POST /api/value-lineage/links"],
    potential_value: 500,
    estimated_cost: 100,
  });
  const proposed = { kind: "link_contributor", lineage_id: seed, stage: "review", contributor: "grace", proposer: "carol" };
  await api.post("/api/governance/change-requests", { ...proposed, reason: "She reviewed most of it." });
  const edit = { kind: "spec", spec_id: SEED_LINK.spec_id, changes: { evidence_refs: ["https://example.org/evidence"] } };
  const { id } = JSON.parse(await api.post("/api/governance/change-requests", { ...edit, proposer: "carol" }));
  await api.post(`/api/governance/change-requests/${id}/votes`, { voter: "dave", vote: "yes" });
}

/** The id of a spec with as much as it may have. */
export const LARGEST_SPEC = "as-much-as-may-be";

/** Registers a spec with as much as it may have. */
export function registerLargest(api: Api): Promise<string> {
  const refs = Array.from({ length: 200 }, (_, at) => `https://example.org/${at}/`.padEnd(500, "x"));
  const lists = ["source_files", "evidence_refs", "task_ids", "branches", "implementation_refs", "public_endpoints"];
  const texts = ["summary", "process_summary", "pseudocode_summary", "implementation_summary"];
  return api.post("/api/spec-registry", {
    spec_id: LARGEST_SPEC,
    title: "T".repeat(200),
    ...Object.fromEntries(lists.map((name) => [name, refs])),
    ...Object.fromEntries(texts.map((name) => [name, "Long words. ".repeat(833)])),
    potential_value: 999_999_999_999,
    estimated_cost: 0.000001,
  });
}

/** Links that pages must cope with; answers their ids. */
export async function fillHostile(api: Api): Promise<Record<"bare" | "longest" | "large" | "largest", string>> {
  const event = { source: "api", metric: "calls", value: 123_456_789.654321, captured_at: "2024-01-01T00:00:00Z" };
  return {
    bare: await api.file({ idea_id: "bare", spec_id: "nobody-named", estimated_cost: 0, contributors: {} }),
    longest: await api.file(LONGEST_LINK, [{ ...event, source: "s".repeat(200), metric: "m".repeat(200) }]),
    large: await api.file(linkOf(100), [event]),
    // As much as a link may have.
    largest: await api.file(linkOf(1_000), [event]),
  };
}
