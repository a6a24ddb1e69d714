// Pages that keep themselves in step with what happens elsewhere.

import type { Page } from "@playwright/test";
import { SEED_EVENTS, SEED_LINK } from "./given";
import { expect, serving, test } from "./test";

const PATH = `/specs/${SEED_LINK.spec_id}`;

let link: string;
let bundled = false;

const server = serving({}, async (api) => {
  link = await api.file(SEED_LINK, SEED_EVENTS);
  await api.post("/api/governance/change-requests", {
    kind: "link_contributor",
    lineage_id: link,
    stage: "review",
    contributor: "mallory",
    proposer: "mallory",
  });
  bundled = (await fetch(`${server.url}/pkg/tributary.wasm`)).ok;
});

const value = (page: Page) =>
  page.getByRole("term").filter({ hasText: /^Actual value$/ }).locator("xpath=following-sibling::dd[1]");
const refresh = (page: Page) => page.getByText(/^Last refresh/);
const append = () => server.api.append(link, { source: "api", metric: "calls", value: 1 });

/** Opens the page and waits until its island is awake: it says so by pausing and resuming. */
async function open(page: Page) {
  await page.goto(PATH);
  await expect(async () => {
    await page.getByRole("button", { name: "Pause" }).click({ timeout: 500 });
    await expect(page.getByRole("button", { name: "Resume" })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(refresh(page)).toContainText(/\d\d:\d\d:\d\d/);
}

test.describe("with the islands", { tag: "@javascript" }, () => {
  test.beforeEach(() => test.skip(!bundled, "this server was built without the islands' bundle"));

  test("what changes elsewhere appears by itself, and all else stays as it was", async ({ page }) => {
    await open(page);
    await page.getByText("Process view").click();
    const closed = await page.locator("details:not([open])").count();
    await page.evaluate(() => scrollTo(0, 200));
    const before = await value(page).innerText();
    await append();
    await expect(value(page)).not.toHaveText(before, { timeout: 15_000 });
    expect(await page.locator("details:not([open])").count(), "what is closed stays closed").toBe(closed);
    expect(await page.evaluate(() => scrollY)).toBe(200);
    // Times are still the reader's own.
    await expect(page.locator("time").first()).not.toBeEmpty();
  });

  test("what the page shows nothing of does not load it again", async ({ page }) => {
    await open(page);
    let loads = 0;
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === PATH) loads += 1;
    });
    await server.api.post("/api/ideas", { idea_id: "elsewhere", title: "Elsewhere" });
    // Longer than the ledger's end is read once and told of.
    await page.waitForTimeout(3_000);
    expect(loads).toBe(0);
    const before = await value(page).innerText();
    await append();
    await expect(value(page)).not.toHaveText(before, { timeout: 15_000 });
    expect(loads).toBeGreaterThan(0);
  });

  test("nothing changes under the hands of whoever is typing", async ({ page }) => {
    await open(page);
    const before = await value(page).innerText();
    const field = page.getByLabel("Your name").first();
    await field.fill("da");
    await append();
    await page.waitForTimeout(4_000);
    await expect(value(page)).toHaveText(before);
    await field.pressSequentially("ve");
    await field.blur();
    await expect(value(page)).not.toHaveText(before, { timeout: 15_000 });
    await expect(field).toHaveValue("dave");
  });

  test("a pause holds, also when the page is loaded again", async ({ page }) => {
    await open(page);
    await page.getByRole("button", { name: "Pause" }).click();
    const before = await value(page).innerText();
    await append();
    await page.waitForTimeout(3_000);
    await expect(value(page)).toHaveText(before);
    await page.reload();
    await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
    await expect(refresh(page)).toHaveText("Last refresh never");
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(refresh(page)).toContainText(/\d\d:\d\d:\d\d/);
  });

  test("where the server cannot tell of changes, the page asks by itself", async ({ page }) => {
    await page.clock.install();
    await page.route("**/api/changes", (route) => route.fulfill({ status: 204 }));
    await page.goto(PATH);
    const before = await value(page).innerText();
    await append();
    await expect(async () => {
      await page.clock.runFor(31_000);
      await expect(value(page)).not.toHaveText(before, { timeout: 500 });
    }).toPass({ timeout: 20_000 });
  });
});

test("without JavaScript a link loads the page again", { tag: "@no-javascript" }, async ({ page }) => {
  await page.goto(PATH);
  const before = await value(page).innerText();
  await append();
  await page.getByRole("link", { name: "Reload" }).click();
  await expect(value(page)).not.toHaveText(before);
  await expect(page.getByRole("button", { name: "Pause" })).toBeHidden();
});
