// Where is a link? Search, order and page are all in the address.

import type { Page } from "@playwright/test";
import { investment } from "./given";
import { column, near } from "./read";
import { expect, serving, test } from "./test";

const COUNT = 57;
const ON_A_PAGE = 50;

const server = serving({}, async (api) => {
  for (let at = 0; at < COUNT; at += 1) {
    // Costs and values run through all places without any order in time.
    const cost = 10 + ((at * 23) % COUNT);
    const value = 5 + ((at * 31) % COUNT) * 2;
    await api.file(
      {
        idea_id: `idea-${String(at).padStart(2, "0")}`,
        spec_id: at % 10 === 0 ? "tenth-spec" : "other-spec",
        implementation_refs: [`PR#${1000 + at}`],
        contributors: { idea: at % 8 === 3 ? "Zoë" : "ada" },
        investments: at === 7 ? [investment("review", "grace-hopper", 1)] : [],
        estimated_cost: cost,
      },
      [{ source: "api", metric: "calls", value }],
    );
  }
});

const table = (page: Page) => page.getByRole("table", { name: /break-even/ });
const ideas = async (page: Page) => (await column(table(page), "Idea and spec")).map((text) => text.slice(0, "idea-00".length));
const form = (page: Page) => page.getByRole("search", { name: "Links" });
const asked = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

async function search(page: Page, words: string) {
  await form(page).getByLabel("Search").fill(words);
  await form(page).getByRole("button", { name: "Search" }).click();
}

test("the last touched come first, a page at a time, and back again", async ({ page }) => {
  await page.goto("/links");
  const newest = Array.from({ length: COUNT }, (_, at) => `idea-${String(COUNT - 1 - at).padStart(2, "0")}`);
  await expect(table(page)).toHaveAccessibleName(/^Last touched first/);
  expect(await ideas(page)).toEqual(newest.slice(0, ON_A_PAGE));
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText(`${ON_A_PAGE} links`);
  await expect(pages.getByRole("link", { name: "First page" })).toHaveCount(0);

  await pages.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL(/cursor=/);
  expect(await ideas(page)).toEqual(newest.slice(ON_A_PAGE));
  await expect(pages.getByRole("link", { name: "Next page" })).toHaveCount(0);
  await page.reload();
  expect(await ideas(page), "the address alone names the page").toEqual(newest.slice(ON_A_PAGE));

  await page.goBack();
  await expect(page).not.toHaveURL(/cursor=/);
  expect(await ideas(page)).toEqual(newest.slice(0, ON_A_PAGE));
  await page.goForward();
  await pages.getByRole("link", { name: "First page" }).click();
  await expect(page).toHaveURL("/links");
  expect(await ideas(page)).toEqual(newest.slice(0, ON_A_PAGE));
});

test("heads of columns sort, and turn the order around", async ({ page }) => {
  await page.goto("/links");
  for (const [head, sort] of [["Cost", "cost"], ["Value", "value"], ["ROI", "roi"]] as const) {
    const cell = page.getByRole("columnheader", { name: head, exact: true });
    await cell.getByRole("link").click();
    await expect.poll(() => asked(page).sort).toBe(sort);
    await expect(cell).toHaveAttribute("aria-sort", "descending");
    const down = (await column(table(page), head)).map(near);
    expect(down).toEqual([...down].sort((one, other) => other - one));
    expect(down).toHaveLength(ON_A_PAGE);

    await cell.getByRole("link").click();
    await expect.poll(() => asked(page).order).toBe("asc");
    await expect(cell).toHaveAttribute("aria-sort", "ascending");
    const up = (await column(table(page), head)).map(near);
    expect(up).toEqual([...up].sort((one, other) => one - other));

    // The next page goes on where this one ends.
    await page.getByRole("link", { name: "Next page" }).click();
    await expect(page).toHaveURL(/cursor=/);
    expect(asked(page)).toMatchObject({ sort, order: "asc" });
    const rest = (await column(table(page), head)).map(near);
    expect(rest).toHaveLength(COUNT - ON_A_PAGE);
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(up.at(-1)!);
  }
});

test("the form searches and sorts; the back button undoes it", async ({ page }) => {
  await page.goto("/links");
  await form(page).getByLabel("Sort by").selectOption({ label: "Cost" });
  await form(page).getByLabel("Order").selectOption({ label: "Least or oldest first" });
  await search(page, "TENTH");
  await expect.poll(() => asked(page)).toMatchObject({ q: "TENTH", sort: "cost", order: "asc" });
  await expect(page).toHaveTitle("Links with “TENTH” · Tributary");
  expect((await ideas(page)).sort()).toEqual(["idea-00", "idea-10", "idea-20", "idea-30", "idea-40", "idea-50"]);
  const costs = (await column(table(page), "Cost")).map(near);
  expect(costs).toEqual([...costs].sort((one, other) => one - other));
  await expect(form(page).getByLabel("Search")).toHaveValue("TENTH");
  await expect(form(page).getByLabel("Sort by")).toHaveValue("cost");

  await page.getByRole("columnheader", { name: "Value" }).getByRole("link").click();
  await expect.poll(() => asked(page)).toMatchObject({ q: "TENTH", sort: "value" });
  await page.goBack();
  await expect.poll(() => asked(page)).toMatchObject({ q: "TENTH", sort: "cost" });
  await page.goBack();
  await expect(page).toHaveURL("/links");
  await expect(form(page).getByLabel("Search")).toHaveValue("");
});

test("search looks at refs and people too, and takes words for what they are", async ({ page }) => {
  await page.goto("/links");
  for (const [words, found] of [
    ["PR#1007", ["idea-07"]],
    ["grace-hopper", ["idea-07"]],
    ["idea-4 tenth", ["idea-40"]],
    ["zoë idea-1", ["idea-11", "idea-19"]],
  ] as const) {
    await search(page, words);
    await expect.poll(() => asked(page).q).toBe(words);
    expect((await ideas(page)).sort(), words).toEqual(found);
  }
  for (const words of ["%", "_______", "' or 1=1 --", "<script>alert(1)</script>"]) {
    await search(page, words);
    await expect.poll(() => asked(page).q).toBe(words);
    await expect(page.getByRole("heading", { name: `No link matches “${words}”` })).toBeVisible();
    await expect(table(page)).toHaveCount(0);
  }
  await page.getByRole("link", { name: "Show all links" }).click();
  await expect(page).toHaveURL("/links");
  expect(await ideas(page)).toHaveLength(ON_A_PAGE);
});

test("a row leads to its link", async ({ page }) => {
  await page.goto("/links?q=idea-07");
  await table(page).getByRole("link", { name: "idea-07" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("idea-07");
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Links" }).click();
  await expect(page).toHaveURL("/links");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Links" })).toHaveAttribute("aria-current", "page");
});

test("an event brings its link to the front", async ({ page }) => {
  const [link] = (await server.api.get("/api/value-lineage/links?q=idea-13")).links;
  await server.api.append(link.id, { source: "api", metric: "calls", value: 1 });
  await page.goto("/links");
  expect((await ideas(page))[0]).toBe("idea-13");
});
