// What was specified, what came of it, and who did it.

import type { Page } from "@playwright/test";
import { SEED_EVENTS, SEED_LINK } from "./given";
import { column } from "./read";
import { expect, serving, test } from "./test";

const SPEC = SEED_LINK.spec_id;
const STUB = "a stub/with ?odd% <b>id</b>";

let unnamed: string;

const server = serving({}, async (api) => {
  await api.file(SEED_LINK, SEED_EVENTS);
  await api.post("/api/spec-registry", {
    spec_id: SPEC,
    title: "Value Lineage and Payout Attribution",
    idea_id: SEED_LINK.idea_id,
    summary: "Create a verifiable chain.\nFrom idea to payout.",
    source_files: ["specs/assets-api.md"],
    implementation_refs: ["PR#26"],
    public_endpoints: ["GET /api/value-lineage/links"],
    potential_value: 500,
    estimated_cost: 100,
  });
  await api.post("/api/spec-registry", { spec_id: "quiet-alerts", title: "Quiet alerts", potential_value: 50, estimated_cost: 80 });
  unnamed = await api.file({ idea_id: "alerts", spec_id: "quiet-alerts", estimated_cost: 20, contributors: {} });
  await api.file({ idea_id: "odd/idea", spec_id: STUB, estimated_cost: 5, contributors: { idea: "ana" } });
});

const table = (page: Page) => page.getByRole("table", { name: /break-even/ });
const specs = async (page: Page) => column(table(page), "Spec");
const pair = (page: Page, label: string) =>
  page.getByRole("term").filter({ hasText: new RegExp(`^${label}$`) }).locator("xpath=following-sibling::dd[1]");

test("specs are sorted by what is to be gained, searched and filtered, all in the address", async ({ page }) => {
  await page.goto("/specs");
  const form = page.getByRole("search", { name: "Specs" });
  await form.getByLabel("Sort by").selectOption("Value gap");
  await form.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/sort=value_gap/);
  expect((await specs(page))[0]).toContain("Value Lineage and Payout Attribution");
  await form.getByLabel("Missing contributors").check();
  await form.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/missing=contributors/);
  const lacking = await specs(page);
  expect(lacking.length).toBeGreaterThan(0);
  for (const text of lacking) expect(text).toContain("contributors");
  await form.getByLabel("Search").fill("no-such-thing");
  await form.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("heading", { name: "No spec matches" })).toBeVisible();
  await page.getByRole("link", { name: "Show all specs" }).click();
  await expect(table(page)).toBeVisible();
});

test("a spec's page has its gaps, what is missing, and every field", async ({ page }) => {
  await page.goto(`/specs/${SPEC}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Value Lineage and Payout Attribution");
  for (const [label, figure] of [
    ["Potential value", "500.00"],
    ["Actual value", "100.00"],
    ["Value gap", "400.00"],
    ["Estimated cost", "100.00"],
    ["Actual cost", "120.00"],
    ["Cost gap", "+20.00"],
    ["Estimated ROI", "5.0000"],
    ["Actual ROI", "0.8333"],
  ]) {
    await expect(pair(page, label), label).toHaveText(figure);
  }
  const main = page.getByRole("main");
  for (const text of [
    "local",
    `/api/spec-registry/${SPEC}`,
    "specs/assets-api.md",
    "PR#26",
    "GET /api/value-lineage/links",
    "No evidence: nothing shows that it works",
    "carol",
  ]) {
    await expect(main).toContainText(text);
  }
  await page.getByRole("link", { name: SEED_LINK.idea_id }).first().click();
  await expect(page).toHaveURL(new RegExp(`/ideas/${SEED_LINK.idea_id}$`));
  await expect(table(page)).toContainText("Value Lineage");
});

test("a stub of any name has its page, and leads to the form that registers it", async ({ page }) => {
  const answer = await page.goto(`/specs/${encodeURIComponent(STUB)}`);
  expect(answer!.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(STUB);
  await page.getByRole("link", { name: "Register the spec", exact: true }).click();
  await expect(page.getByLabel("Spec id")).toHaveValue(STUB);
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("link", { name: STUB }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(STUB);
});

test("who did it is proposed by one, voted on by another, and then applied", async ({ page }, info) => {
  await page.goto("/specs/quiet-alerts");
  await page.getByRole("link", { name: "Submit a change request with contributor attribution" }).click();
  const form = page.getByRole("form", { name: "Name a contributor" });
  const who = `eli-${info.project.name}`;
  await form.getByLabel("Stage").selectOption("Implementation");
  await form.getByLabel("Contributor").fill(who);
  await form.getByLabel("Proposed by").fill("carol");
  await form.getByRole("button", { name: "Submit change request" }).click();
  await expect(page.getByRole("status")).toContainText("Change requested");
  const request = page.getByRole("listitem").filter({ hasText: `${who} for implementation` });

  // Nobody decides on their own proposal.
  await request.getByLabel("Your name").fill("carol");
  await request.getByRole("button", { name: /^Vote yes/ }).click();
  await expect(page.getByRole("alert")).toContainText("Your vote was not taken");
  await expect(request.getByLabel("Your name")).toHaveValue("carol");

  await request.getByLabel("Your name").fill("dave");
  await request.getByRole("button", { name: /^Vote yes/ }).click();
  await expect(page.getByRole("status")).toContainText("on record");
  await expect(request).toContainText("applied");
  expect((await server.api.get(`/api/value-lineage/links/${unnamed}`)).contributors.implementation).toBe(who);
  await page.goto("/governance/change-requests");
  await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Declined" }).click();
  await expect(page.getByRole("main")).toContainText("None yet.");
});

test("a change of a field is proposed on the page, and applied by enough votes with their reasons", async ({ page }, info) => {
  const id = `changed-${info.project.name}`;
  await server.api.post("/api/spec-registry", { spec_id: id, title: "To be changed" });
  await page.goto(`/specs/${id}`);
  const form = page.getByRole("form", { name: "Propose a change" });
  await form.getByLabel("Field").selectOption("Evidence refs");
  await form.getByLabel("New value").fill("a report\nanother");
  await form.getByLabel("Proposer").fill("carol");
  await form.getByLabel("Approvals needed").fill("2");
  await form.getByRole("button", { name: "Propose change" }).click();
  await expect(page.getByRole("status")).toContainText("Change requested");
  for (const [voter, left] of [["dave", "open"], ["erin", "applied"]]) {
    await page.goto(`/specs/${id}`);
    const request = page.getByRole("listitem").filter({ hasText: "Edit of spec" });
    await request.getByLabel("Your name").fill(voter);
    await request.getByLabel("Reason").fill(`${voter} has read it`);
    await request.getByRole("button", { name: /^Vote yes/ }).click();
    await expect(page.getByRole("main")).toContainText(`${voter} has read it`);
    await expect(page.getByRole("main")).toContainText(left);
  }
  expect((await server.api.get(`/api/spec-registry/${id}`)).evidence_refs).toEqual(["a report", "another"]);
});

test("an idea that a link named is registered, then edited, by its form", async ({ page }, info) => {
  const id = `named-${info.project.name}`;
  await server.api.file({ idea_id: id, spec_id: "of-that-idea", estimated_cost: 5, contributors: {} });
  await page.goto(`/ideas/${id}`);
  await page.getByRole("link", { name: "Register idea" }).click();
  await page.getByLabel("Title").fill("Named first");
  await page.getByRole("button", { name: "Register idea" }).click();
  await expect(page.getByRole("status")).toContainText("Idea registered");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Named first");
  await page.getByRole("link", { name: "Edit idea" }).click();
  await page.getByLabel("Summary").fill("Then told.");
  await page.getByRole("button", { name: "Save idea" }).click();
  await expect(page.getByRole("status")).toContainText("Idea saved");
  await expect(page.getByRole("main")).toContainText("Then told.");
});

test("what is missing of a proposal is said beside its field", { tag: "@no-javascript" }, async ({ page }) => {
  await page.goto("/specs/quiet-alerts");
  const form = page.getByRole("form", { name: "Name a contributor" });
  await form.getByLabel("Contributor").fill("c".repeat(201));
  await form.getByLabel("Proposed by").fill("carol");
  await form.getByRole("button", { name: "Submit change request" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was proposed");
  await expect(form.getByLabel("Contributor")).toHaveAccessibleDescription(/200/);
});

test("a spec is registered by form", async ({ page }, info) => {
  const id = `by-form-${info.project.name}`;
  await page.goto("/specs/new");
  await page.getByLabel("Spec id").fill(id);
  await page.getByLabel("Title").fill("By form");
  await page.getByLabel("Potential value").fill("12.5");
  await page.getByRole("main").getByRole("button", { name: "Register spec" }).click();
  await expect(page).toHaveURL(new RegExp(`/specs/${id}\\?done=registered$`));
  await expect(pair(page, "Value gap")).toHaveText("12.50");
  // What no address may end with is refused.
  await page.goto("/specs/new");
  await page.getByLabel("Spec id").fill("Not A Slug");
  await page.getByLabel("Title").fill("No");
  await page.getByRole("main").getByRole("button", { name: "Register spec" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was registered");
});

test("a spec is edited by form, and what somebody else saved first is not lost", async ({ page }, info) => {
  const id = `edited-${info.project.name}`;
  await server.api.post("/api/spec-registry", { spec_id: id, title: "Before", potential_value: 7 });
  await page.goto(`/specs/${id}`);
  await page.getByRole("link", { name: "Edit spec" }).click();
  await expect(page.getByLabel("Potential value")).toHaveValue("7.0");
  await page.getByLabel("Title").fill("After");
  await page.getByLabel("Evidence").fill("a report\nanother");
  const late = await page.context().newPage();
  await late.goto(`/specs/${id}/edit`);
  await page.getByRole("button", { name: "Save spec" }).click();
  await expect(page.getByRole("status")).toContainText("Spec saved");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("After");
  await late.getByLabel("Title").fill("Too late");
  await late.getByRole("button", { name: "Save spec" }).click();
  await expect(late.getByRole("alert")).toContainText("Nothing was saved");
  await expect(late.getByLabel("Title")).toHaveValue("Too late");
  expect((await server.api.get(`/api/spec-registry/${id}`)).title).toBe("After");
});

test("what nobody named is a 404 that leads to the list", async ({ page }) => {
  for (const path of ["/specs/no-such-spec", "/ideas/no-such-idea"]) {
    expect((await page.goto(path))!.status(), path).toBe(404);
    await expect(page.getByRole("link", { name: "Search specs" })).toBeVisible();
  }
});
