// Forms that cannot be taken: what is wrong stands beside its field, what was typed stays, and nothing is kept.

import type { Locator, Page } from "@playwright/test";
import { payoutRows } from "./read";
import { expect, serving, test } from "./test";

const server = serving();

/** A field that is marked as wrong, with those words beside it. */
async function expectError(field: Locator, words: string | RegExp) {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(words);
  const id = (await field.getAttribute("aria-describedby"))!.split(" ")[0];
  await expect(field.page().locator(`[id="${id}"]`)).toBeVisible();
}

/** Presses a button and answers the status of the page that comes. */
async function statusOf(page: Page, button: Locator): Promise<number> {
  const answered = page.waitForResponse((response) => response.request().isNavigationRequest());
  await button.click();
  return (await answered).status();
}

const fileLink = (page: Page) => page.getByRole("main").getByRole("button", { name: "File link" }).last();

test("a link with wrong fields is refused, field by field", async ({ page, javaScriptEnabled }) => {
  await page.goto("/links/new");
  const row = page.getByRole("group", { name: "Investment 1", exact: true });
  const field = {
    idea: page.getByLabel("Idea id"),
    spec: page.getByLabel("Spec id"),
    cost: page.getByLabel("Estimated cost"),
    refs: page.getByLabel("Implementation refs"),
    review: page.getByRole("group", { name: "Contributors" }).getByLabel(/Review$/),
    stage: row.getByLabel("Stage"),
    energy: row.getByLabel("Energy"),
    coherence: row.getByLabel("Coherence"),
    who: row.getByLabel("Contributor"),
  };
  const long = "x".repeat(501);
  await field.idea.fill("an idea & <its> \"quotes\"");
  await field.spec.fill("   ");
  await field.cost.fill("-5");
  await field.refs.fill(`PR#26\n${long}`);
  await field.review.fill("r".repeat(201));
  await field.stage.selectOption({ label: "Review" });
  await field.energy.fill("0");
  await field.coherence.fill("1.5");

  expect(await statusOf(page, fileLink(page))).toBe(422);

  await expect(page).toHaveTitle("Error: File link · Tributary");
  const summary = page.getByRole("alert");
  await expect(summary.getByRole("heading")).toHaveText("Nothing was filed: 7 fields need a change");
  if (javaScriptEnabled) await expect(summary).toBeFocused();
  await expectError(field.spec, /Must be filled in\./);
  await expectError(field.cost, /negative|zero|least 0|below/i);
  await expectError(field.refs, /Line 2 .*500/);
  await expectError(field.review, /200/);
  await expectError(field.energy, /above/i);
  await expectError(field.coherence, /at most 1/);
  await expectError(field.who, /./);
  await expect(field.idea).not.toHaveAttribute("aria-invalid");
  await expect(field.stage).not.toHaveAttribute("aria-invalid");

  // All of it is as it was typed.
  await expect(field.idea).toHaveValue("an idea & <its> \"quotes\"");
  await expect(field.cost).toHaveValue("-5");
  await expect(field.refs).toHaveValue(`PR#26\n${long}`);
  await expect(field.review).toHaveValue("r".repeat(201));
  await expect(field.stage).toHaveValue("review");
  await expect(field.energy).toHaveValue("0");
  await expect(field.coherence).toHaveValue("1.5");
  expect(await server.api.links()).toEqual([]);

  // Each error leads to its field.
  await summary.getByRole("link", { name: /^Investment 1: energy units/ }).click();
  await expect(field.energy).toBeFocused();

  // What is put right is taken.
  await field.spec.fill("spec");
  await field.cost.fill("5");
  await field.refs.fill("PR#26");
  await field.review.fill("rae");
  await field.energy.fill("2");
  await field.coherence.fill("0.5");
  await field.who.fill("rae");
  await fileLink(page).click();
  await expect(page).toHaveURL(/done=filed$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("an idea & <its> \"quotes\"");
  expect(await server.api.links()).toHaveLength(1);
});

test("empty fields that must be filled do not leave the browser", async ({ page }) => {
  const before = (await server.api.links()).length;
  await page.goto("/links/new");
  await fileLink(page).click();
  await expect(page.getByLabel("Idea id")).toBeFocused();
  await expect(page).toHaveURL("/links/new");
  expect(await server.api.links()).toHaveLength(before);
});

test("an event with wrong fields is refused, field by field", async ({ page, javaScriptEnabled }) => {
  const id = await server.api.file({ idea_id: "idea", spec_id: "spec", estimated_cost: 1, contributors: {} });
  await page.goto(`/links/${id}`);
  const form = page.getByRole("form", { name: "Append event" });
  await form.getByLabel("Source").fill("api");
  await form.getByLabel("Metric").fill("   ");
  await form.getByLabel("Value").fill("12,5");
  await form.getByText("Time and your own id").click();
  await form.getByLabel("Captured at").fill("yesterday");

  expect(await statusOf(page, form.getByRole("button", { name: "Append event" }))).toBe(422);

  await expect(page.getByRole("heading", { level: 1 }), "the link is still there").toHaveText("idea");
  const summary = page.getByRole("alert");
  await expect(summary.getByRole("heading")).toHaveText("Nothing was appended: 3 fields need a change");
  if (javaScriptEnabled) await expect(summary).toBeFocused();
  await expectError(form.getByLabel("Metric"), /Must be filled in\./);
  await expectError(form.getByLabel("Value"), /number/);
  await expectError(form.getByLabel("Captured at"), /2026-02-15T00:00:00Z/);
  await expect(form.getByLabel("Source")).toHaveValue("api");
  await expect(form.getByLabel("Value")).toHaveValue("12,5");
  await expect(form.getByLabel("Captured at")).toHaveValue("yesterday");
  expect(await server.api.get(`/api/value-lineage/links/${id}/valuation`)).toMatchObject({ event_count: 0 });

  await form.getByLabel("Metric").fill("calls");
  await form.getByLabel("Value").fill("12.5");
  await form.getByLabel("Captured at").fill("2024-02-15T00:00:00+09:00");
  await form.getByRole("button", { name: "Append event" }).click();
  await expect(page.getByRole("status")).toContainText("Measured value is now 12.50.");
  await expect(page.locator('time[datetime="2024-02-14T15:00:00Z"]')).toBeVisible();
});

test("a pool finer than its currency is refused, and nothing else is shown", async ({ page }) => {
  const id = await server.api.file({ idea_id: "idea", spec_id: "spec", estimated_cost: 1, contributors: { idea: "ada" } });
  for (const [asked, label, words] of [
    ["pool=10.005&currency=EUR", "Pool", /EUR/],
    ["pool=10.5&currency=JPY", "Pool", /JPY/],
    ["pool=0.00001", "Pool", /./],
    ["pool=0", "Pool", /above/i],
    ["pool=much", "Pool", /number/],
    ["currency=XYZ", "Currency", /ISO 4217/],
    ["policy=best-v9", "Policy", /energy-balanced-v1/],
  ] as const) {
    const answer = await page.goto(`/links/${id}/payout?${asked}`);
    expect(answer!.status(), asked).toBe(422);
    const form = page.getByRole("form", { name: "Preview" });
    await expectError(form.getByLabel(label), words);
    await expect(payoutRows(page)).toHaveCount(0);
    const pool = new URLSearchParams(asked).get("pool");
    if (pool) await expect(form.getByLabel("Pool")).toHaveValue(pool);
  }
  const form = page.getByRole("form", { name: "Preview" });
  await page.goto(`/links/${id}/payout?pool=10.005&currency=EUR`);
  const summary = page.getByRole("alert").getByRole("link", { name: /^Pool is finer than EUR can be paid/ });
  await summary.click();
  await expect(form.getByLabel("Pool")).toBeFocused();
  await form.getByLabel("Pool").fill("10.01");
  await form.getByRole("button", { name: "Preview payout" }).click();
  await expect(payoutRows(page)).toBeVisible();
});

test("the same page sent twice files one link", async ({ page, request }) => {
  const before = (await server.api.links()).length;
  await page.goto("/links/new");
  await page.getByLabel("Idea id").fill("once");
  await page.getByLabel("Spec id").fill("spec");
  await page.getByLabel("Estimated cost").fill("1");
  const sent = page.waitForRequest((made) => made.method() === "POST");
  await fileLink(page).dblclick();
  const body = (await sent).postData()!;
  await expect(page).toHaveURL(/done=filed$/);
  const filed = page.url();

  // The very same once more, as from another window or a browser that tries again.
  const again = await request.post("/links/new", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: body,
    maxRedirects: 0,
  });
  expect(again.status()).toBe(303);
  expect(new URL(again.headers().location, filed).href).toBe(filed);
  expect(await server.api.links()).toHaveLength(before + 1);

  // Changed, it is something else: refused, with all that was typed.
  const other = await request.post("/links/new", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: body.replace("once", "twice"),
    maxRedirects: 0,
  });
  expect([409, 422]).toContain(other.status());
  expect(await other.text()).toContain('value="twice"');
  expect(await server.api.links()).toHaveLength(before + 1);
});

test("the same event sent twice counts once", async ({ page }) => {
  const id = await server.api.file({ idea_id: "idea", spec_id: "spec", estimated_cost: 1, contributors: {} });
  await page.goto(`/links/${id}`);
  const form = page.getByRole("form", { name: "Append event" });
  await form.getByLabel("Source").fill("api");
  await form.getByLabel("Metric").fill("calls");
  await form.getByLabel("Value").fill("3");
  await form.getByRole("button", { name: "Append event" }).dblclick();
  await expect(page.getByRole("status")).toContainText("Measured value is now 3.00.");
  expect(await server.api.get(`/api/value-lineage/links/${id}/valuation`)).toMatchObject({ event_count: 1 });
});
