// Every page, for everybody: no violation that axe finds, at any width, in either scheme, by keyboard alone.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { gzipSync } from "node:zlib";
import { LARGEST_SPEC, LONGEST_LINK, SEED_LINK, fill, fillHostile, register, registerLargest } from "./given";
import { expect, serving, test } from "./test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
const MAX_HTML = 100_000;
const MAX_CSS = 30_000;
const MAX_WASM_GZIP = 350_000;

/** A page: how to get there. */
interface Visited {
  name: string;
  open: (page: Page) => Promise<unknown>;
}

test.describe.configure({ mode: "parallel" });

let blocked: string;
let unit: string;
let request: string;
let links: { seed: string } & Awaited<ReturnType<typeof fillHostile>>;

function at(name: string, path: () => string, status = 200): Visited {
  const open = async (page: Page) => expect((await page.goto(path()))!.status()).toBe(status);
  return { name, open };
}

const PAGES: Visited[] = [
  at("overview", () => "/"),
  at("links", () => "/links"),
  at("links that nothing matches", () => "/links?q=no-such-thing"),
  at("new link", () => "/links/new"),
  { name: "new link, refused", open: refusedLink },
  at("link", () => `/links/${links.seed}`),
  at("link that was just filed", () => `/links/${links.seed}?done=filed`),
  { name: "link, event refused", open: refusedEvent },
  at("link with the longest names", () => `/links/${links.longest}`),
  at("link with as much as it may have", () => `/links/${links.largest}`),
  at("link that names nobody", () => `/links/${links.bare}`),
  at("payout", () => `/links/${links.seed}/payout`),
  at("payout, as tried", () => `/links/${links.seed}/payout?pool=99.95&currency=EUR&wi_pool=120&wi_balance=1&why=3`),
  at("payout, refused", () => `/links/${links.seed}/payout?pool=1.005&currency=EUR`, 422),
  at("payout of the longest names", () => `/links/${links.longest}/payout?pool=999999999999.9999`),
  at("payout of many rows", () => `/links/${links.large}/payout`),
  at("payout of as many rows as there may be", () => `/links/${links.largest}/payout?why=700`),
  at("payout that pays nobody", () => `/links/${links.bare}/payout`),
  at("gates", () => "/gates"),
  { name: "gates, commit refused", open: refusedCommit },
  at("run of a gate that was blocked", () => `/gates/runs/${blocked}`),
  at("specs", () => "/specs"),
  at("specs that nothing matches", () => "/specs?q=no-such-thing"),
  at("new spec", () => "/specs/new"),
  at("spec", () => `/specs/${SEED_LINK.spec_id}`),
  at("spec, to be edited", () => `/specs/${SEED_LINK.spec_id}/edit`),
  at("spec, one long field to be edited", () => `/specs/${SEED_LINK.spec_id}/edit?field=summary`),
  at("spec with as much as it may have", () => `/specs/${LARGEST_SPEC}`),
  at("spec with the longest names", () => `/specs/${LONGEST_LINK.spec_id}`),
  { name: "spec, contributor refused", open: refusedContributor },
  at("idea", () => `/ideas/${SEED_LINK.idea_id}`),
  at("idea, to be edited", () => `/ideas/${SEED_LINK.idea_id}/edit`),
  at("specs of an idea", () => `/specs?idea_id=${SEED_LINK.idea_id}`),
  at("gate of a commit", () => "/gates?gate=merged-contract"),
  at("contributors", () => "/contributors"),
  at("contributors that nothing matches", () => "/contributors?q=no-such-thing"),
  at("contributor", () => "/contributors/ada"),
  at("contributor who is an agent", () => "/contributors/rio?credits=all"),
  { name: "contributor, decision refused", open: refusedDecision },
  at("change", () => `/units/${unit}`),
  at("claim", () => "/claims/tides-rise"),
  at("chain of a position", () => "/trace/position/build-a-harbour"),
  at("imports", () => "/imports?reason=front_matter_open"),
  at("governance", () => "/governance"),
  at("new link from a change", () => `/links/new?unit=${unit}`),
  at("change requests", () => "/governance/change-requests"),
  at("change request", () => `/governance/change-requests/${request}`),
  at("no such link", () => "/links/lnk_00000000000000000000000000", 404),
  at("no such page", () => "/nowhere", 404),
  at("address that makes no sense", () => "/links?sort=sideways", 422),
  at("sign in", () => "/sign-in"),
];

async function refusedDecision(page: Page) {
  await page.goto("/contributors/rio");
  await page.getByText("Decide what they are, and for whom they work").click();
  await page.getByLabel("Works for").fill("rio");
  await page.getByRole("button", { name: "Save decision" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
}

async function refusedLink(page: Page) {
  await page.goto("/links/new");
  await page.getByLabel("Idea id").fill("i".repeat(201));
  await page.getByLabel("Spec id").fill("spec");
  await page.getByLabel("Estimated cost").fill("-5");
  await page.getByLabel("Energy").fill("0");
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  await expect(page.getByRole("alert")).toBeVisible();
}

async function refusedCommit(page: Page) {
  await page.goto("/gates");
  await page.getByLabel("Expected commit").fill("no-commit");
  await page.getByRole("button", { name: "Run against this commit" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
}

async function refusedContributor(page: Page) {
  await page.goto(`/specs/${SEED_LINK.spec_id}`);
  const form = page.getByRole("form", { name: "Name a contributor" });
  await form.getByLabel("Contributor").fill("c".repeat(201));
  await form.getByLabel("Proposed by").fill("carol");
  await form.getByRole("button", { name: "Submit change request" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
}

async function refusedEvent(page: Page) {
  await page.goto(`/links/${links.seed}`);
  const form = page.getByRole("form", { name: "Append event" });
  await form.getByLabel("Source").fill("api");
  await form.getByLabel("Metric").fill("calls");
  await form.getByLabel("Value").fill("much");
  await form.getByRole("button", { name: "Append event" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
}

/** Opens everything that opens. */
async function openAll(page: Page) {
  await page.locator("details").evaluateAll((list) => {
    for (const details of list as HTMLDetailsElement[]) {
      details.removeAttribute("name");
      details.open = true;
    }
  });
}

/** What axe finds, shortly; by all rules, or by those that colours can break. */
async function violations(page: Page, rules: "all" | "colours"): Promise<string[]> {
  // No page has frames, for which the other mode opens a page of its own each time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await (rules === "all" ? axe.withTags(STANDARDS) : axe.withRules(COLOUR_RULES)).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 4).map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** How much wider the page is than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What of a page's structure is wrong whatever it looks like. */
async function flaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const outline = (element: Element) => element.outerHTML.slice(0, 120);
    const headings = Array.from(document.querySelectorAll("h1, h2, h3, h4, h5, h6"));
    const levels = headings.map((heading) => Number(heading.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) found.push(`headings of level 1: ${levels.join()}`);
    levels.forEach((level, at) => {
      // A refused form says so before all else, as a heading of level 2.
      const before = levels[at - 1] ?? (headings[at].closest("[role=alert]") ? 1 : 0);
      if (level > before + 1) found.push(`a heading skips a level: ${outline(headings[at])}`);
    });
    for (const table of document.querySelectorAll("table")) {
      if (!table.caption?.textContent?.trim()) found.push(`a table without caption: ${outline(table)}`);
      for (const head of table.querySelectorAll("th")) {
        if (!head.scope) found.push(`a head of neither row nor column: ${outline(head)}`);
      }
    }
    for (const picture of document.querySelectorAll("svg")) {
      if (!["img", "group"].includes(picture.getAttribute("role") ?? "")) {
        if (picture.getAttribute("aria-hidden") !== "true") found.push(`a picture neither named nor hidden: ${outline(picture)}`);
        continue;
      }
      const ids = picture.getAttribute("aria-labelledby")?.split(" ") ?? [];
      if (!ids.length || !ids.every((id) => document.getElementById(id)?.textContent?.trim())) {
        found.push(`a picture without a name: ${outline(picture)}`);
      }
      // Its table stands in the same section, or is the first after it.
      const after = Array.from(document.querySelectorAll("table")).some(
        (table) => picture.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      if (!picture.closest("section")?.querySelector("table") && !after) found.push(`a picture without a table: ${outline(picture)}`);
    }
    for (const element of document.querySelectorAll("[style]")) found.push(`an inline style: ${outline(element)}`);
    for (const element of document.querySelectorAll("[onclick], [onload], [onchange], style")) found.push(`inline: ${outline(element)}`);
    const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`twice the id ${id}`);
    for (const name of ["aria-describedby", "aria-labelledby", "for"]) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        for (const id of element.getAttribute(name)!.split(" ")) {
          if (!document.getElementById(id)) found.push(`${name} of nothing: ${outline(element)}`);
        }
      }
    }
    return found;
  });
}

function describe(name: string, pages: Visited[]) {
  test.describe(name, { tag: "@javascript" }, () => {
    for (const { name, open } of pages) {
      test(`${name}: axe finds nothing, and nothing is cut off`, async ({ page }) => {
        test.setTimeout(120_000);
        for (const viewport of [WIDE, NARROW]) {
          for (const colorScheme of ["light", "dark"] as const) {
            await test.step(`${viewport.width} ${colorScheme}`, async () => {
              await page.setViewportSize(viewport);
              await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
              await open(page);
              expect.soft(await overflow(page), "the page does not scroll sideways").toBe(0);
              await openAll(page);
              expect.soft(await overflow(page), "nor with everything open").toBe(0);
              expect.soft(await violations(page, colorScheme === "light" ? "all" : "colours")).toEqual([]);
            });
          }
        }
      });

      test(`${name}: its structure is sound, and it is light`, async ({ page }) => {
        const sizes: number[] = [];
        page.on("response", async (response) => {
          if (response.request().isNavigationRequest() && response.status() !== 303) sizes.push((await response.body()).length);
        });
        await open(page);
        await page.waitForLoadState("networkidle");
        expect.soft(await flaws(page)).toEqual([]);
        for (const size of sizes) expect.soft(size, "bytes of HTML").toBeLessThan(MAX_HTML);
      });
    }
  });
}

test.describe("with nothing filed", () => {
  serving();
  describe("empty", [
    at("overview of nothing", () => "/"),
    at("links where there are none", () => "/links"),
    at("gates where none has run", () => "/gates"),
    at("specs where there are none", () => "/specs"),
    at("contributors where there are none", () => "/contributors"),
    at("imports where there are none", () => "/imports"),
    at("governance of nothing", () => "/governance"),
    at("change requests where there are none", () => "/governance/change-requests"),
  ]);
});

test.describe("with links of every kind", () => {
  const server = serving({ history: true }, async (api) => {
    unit = (await api.get("/api/contribution-units?q=harbours")).units[0].id;
    links = { ...(await fillHostile(api)), seed: await fill(api) };
    await register(api, links.seed);
    await registerLargest(api);
    request = (await api.get("/api/governance/change-requests")).change_requests[0].id;
    await api.post("/api/gates/public-deploy-contract/runs", {});
    blocked = JSON.parse(await api.post("/api/gates/public-deploy-contract/runs", { expected_sha: "0123456789" })).id;
  });
  describe("filled", PAGES);

  test("nothing moves once a page is shown", { tag: "@javascript" }, async ({ browser }) => {
    // A zone whose times are of other length and day.
    const context = await browser.newContext({ baseURL: server.url, timezoneId: "America/Argentina/ComodRivadavia" });
    const page = await context.newPage();
    for (const { name, open } of PAGES.filter(({ name }) => !name.includes("refused"))) {
      await open(page);
      await page.waitForLoadState("networkidle");
      const shift = await page.evaluate(
        () =>
          new Promise<number>((found) => {
            let total = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries() as any[]) total += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => found(total), 150);
          }),
      );
      expect.soft(shift, name).toBeLessThan(0.01);
    }
    await context.close();
  });

  test("style and bundle are small", { tag: "@javascript" }, async ({ page, request }) => {
    await page.goto(`/links/${links.seed}/payout`);
    const sheets = await page.locator('link[rel="stylesheet"]').evaluateAll((list) => list.map((sheet) => (sheet as HTMLLinkElement).href));
    expect(sheets.length).toBeGreaterThan(0);
    let css = 0;
    for (const sheet of sheets) css += (await (await request.get(sheet)).body()).length;
    expect(css, "bytes of CSS").toBeLessThan(MAX_CSS);
    const bundle = await request.get("/pkg/tributary.wasm");
    test.skip(bundle.status() === 404, "this server was built without the islands' bundle");
    expect(gzipSync(await bundle.body()).length, "bytes of WebAssembly after gzip").toBeLessThan(MAX_WASM_GZIP);
  });

  test("the skip link comes first and leads past the navigation", { tag: "@javascript" }, async ({ page }) => {
    for (const path of ["/", "/links", "/links/new", `/links/${links.seed}`, `/links/${links.seed}/payout`, "/nowhere"]) {
      await page.goto(path);
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to content" });
      await expect(skip).toBeFocused();
      await expect(skip).toBeInViewport({ ratio: 1 });
      await page.keyboard.press("Enter");
      await expect(page.getByRole("main")).toBeFocused();
    }
  });

  test("whatever has the focus shows it, in order, on every page", { tag: "@javascript" }, async ({ page }) => {
    test.setTimeout(120_000);
    for (const path of ["/", "/links", "/links/new", `/links/${links.seed}`, `/links/${links.seed}/payout`]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.goto(path);
        await page.waitForLoadState("networkidle");
        const stops: Array<{ name: string; seen: boolean; at: number }> = [];
        for (;;) {
          await page.keyboard.press("Tab");
          const stop = await page.evaluate(() => {
            const element = document.activeElement!;
            if (element === document.body) return null;
            const style = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
            const all = Array.from(document.querySelectorAll("*"));
            return {
              name: element.outerHTML.slice(0, 100),
              seen: element.matches(":focus-visible") && drawn && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0,
              at: all.indexOf(element),
            };
          });
          if (!stop || stop.at === stops[0]?.at) break;
          stops.push(stop);
          expect(stops.length, "the focus gets around").toBeLessThan(400);
        }
        expect.soft(stops.length, path).toBeGreaterThan(5);
        expect.soft(stops.filter(({ seen }) => !seen).map(({ name }) => name), `${path} ${colorScheme}: focus that cannot be seen`).toEqual([]);
        expect.soft(stops.filter(({ at }, place) => at < (stops[place - 1]?.at ?? 0)).map(({ name }) => name), `${path}: out of order`).toEqual([]);
      }
    }
  });

  test("a link can be filed by keyboard alone", { tag: "@javascript" }, async ({ page }) => {
    await page.goto("/links/new");
    const typed: Record<string, string> = {
      idea_id: "by-keyboard",
      spec_id: "no-mouse",
      estimated_cost: "12.5",
      implementation_refs: "PR#1",
      "contributors.idea": "ada",
      "contributors.review": "grace",
      "investments[0].stage": "Spec",
      "investments[0].contributor": "edsger",
      "investments[0].energy_units": "2",
      "investments[0].friction_score": "0.25",
    };
    const left = new Set(Object.keys(typed));
    for (let stop = 0; stop < 60; stop += 1) {
      await page.keyboard.press("Tab");
      const { name, text } = await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement;
        return { name: element.getAttribute("name") ?? "", text: element.textContent };
      });
      if (left.delete(name)) await page.keyboard.type(typed[name]);
      // The head of the page has a link of that name, before the form.
      if (!left.size && text === "File link") break;
    }
    expect([...left], "fields that the keyboard does not reach").toEqual([]);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/done=filed$/);
    const [link] = (await server.api.get("/api/value-lineage/links?q=by-keyboard")).links;
    expect(link).toMatchObject({
      spec_id: "no-mouse",
      estimated_cost: 12.5,
      contributors: { idea: "ada", review: "grace", spec: null },
      investments: [{ stage: "spec", contributor: "edsger", energy_units: 2, coherence_score: 0.5, friction_score: 0.25 }],
    });
  });

  test("Enter in a field files the link; it adds and removes nothing", { tag: "@javascript" }, async ({ page }) => {
    await page.goto("/links/new");
    await page.getByLabel("Idea id").fill("by-enter");
    await page.getByLabel("Spec id").fill("spec");
    const cost = page.getByLabel("Estimated cost");
    await cost.fill("1");
    await cost.press("Enter");
    await expect(page).toHaveURL(/done=filed$/);
  });
});
