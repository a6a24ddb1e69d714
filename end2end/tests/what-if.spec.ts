// What if: the same engine in the browser as on the server, to the unit and to the byte.

import type { Locator, Page } from "@playwright/test";
import { type NewLink, SEED_EVENTS, SEED_LINK, investment } from "./given";
import { column, parts, payoutRows, sum, whatIfRows } from "./read";
import { expect, serving, test } from "./test";

let seed: string;
let bundled = false;

const server = serving({}, async (api) => {
  seed = await api.file(SEED_LINK, SEED_EVENTS);
  bundled = (await fetch(`${server.url}/pkg/tributary.wasm`)).ok;
});

const sliders = (page: Page) => page.getByRole("form", { name: "What if" });
const slider = (page: Page, label: string) => sliders(page).getByRole("slider", { name: label, exact: true });
const amounts = (page: Page) => column(whatIfRows(page), "What if");

/** Opens a payout and waits until its island is awake: a slider's figure follows the slider. */
async function open(page: Page, path: string) {
  await page.goto(path);
  await expect(sliders(page).getByRole("button", { name: "Recompute" })).toBeHidden();
  const shown = sliders(page).locator("output").last();
  await expect(async () => {
    const before = await shown.textContent();
    await slider(page, "Balance").press("ArrowRight");
    expect(await shown.textContent()).not.toBe(before);
  }).toPass();
  await sliders(page).getByRole("link", { name: "Back to the policy" }).click();
  await expect(slider(page, "Balance")).toHaveValue("0.1");
}

async function press(field: Locator, key: string, times: number) {
  await field.focus();
  for (let at = 0; at < times; at += 1) await field.press(key);
}

test.describe("in the browser", { tag: "@javascript" }, () => {
  test.beforeEach(() => test.skip(!bundled, "this server was built without the islands' bundle"));

  test("unmoved sliders show the server's own amounts", async ({ page }) => {
    for (const asked of ["", "?pool=2500.05&currency=EUR", "?pool=7&currency=JPY&policy=energy-linear-v1", "?pool=0.0001"]) {
      await open(page, `/links/${seed}/payout${asked}`);
      const own = (await column(payoutRows(page), "Amount")).map(parts);
      // A slider was moved and moved back: what is shown was computed by the browser.
      expect((await amounts(page)).map(parts), asked).toEqual(own);
      for (const delta of await column(whatIfRows(page), "Delta")) expect(parts(delta)).toBe(0n);
    }
  });

  test("a slider moved by keyboard changes amounts at once, and they still sum to the pool", async ({ page }) => {
    await open(page, `/links/${seed}/payout?pool=1000&currency=EUR`);
    await expect(page.getByRole("region", { name: "What if", exact: true })).toContainText(
      "This is a what-if: the policy does not change, and nothing here is saved.",
    );
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const own = await amounts(page);
    for (const [label, key, times] of [
      ["Coherence", "ArrowRight", 20],
      ["Friction relief", "End", 1],
      ["Awareness", "Home", 1],
      ["Energy flow", "ArrowLeft", 7],
    ] as const) {
      const before = await amounts(page);
      await press(slider(page, label), key, times);
      await expect.poll(() => amounts(page), label).not.toEqual(before);
      expect(sum(await amounts(page)), label).toBe(parts("1000"));
      expect(sum(await column(whatIfRows(page), "Delta")), label).toBe(0n);
    }
    await expect(sliders(page).locator("output").nth(1)).toHaveText("0.55");
    // What the policy gives stays beside it.
    expect(await column(whatIfRows(page), "Policy")).toEqual(own);
    expect((await column(payoutRows(page), "Amount")).map(parts)).toEqual(own.map(parts));

    const pool = slider(page, "Pool");
    await press(pool, "ArrowRight", 3);
    const tried = await sliders(page).locator("output").first().textContent();
    expect(parts(tried!)).toBeGreaterThan(parts("1000"));
    expect(sum(await amounts(page))).toBe(parts(tried!));

    await sliders(page).getByRole("link", { name: "Back to the policy" }).click();
    await expect.poll(() => amounts(page)).toEqual(own);
    await expect(slider(page, "Coherence")).toHaveValue("0.35");
    expect(requests, "nothing was asked of the server").toEqual([]);
  });

  test("weights that pay nobody leave the pool unallocated, and say so", async ({ page }) => {
    await open(page, `/links/${seed}/payout`);
    for (const label of ["Coherence", "Energy flow", "Awareness", "Friction relief", "Balance"]) {
      await press(slider(page, label), "Home", 1);
    }
    await expect(whatIfRows(page)).toHaveAccessibleName(/nobody is paid: all of 1,000.0000 is unallocated/);
    expect(sum(await amounts(page))).toBe(0n);
  });

  test("what is tried in the address is what the sliders try", async ({ page }) => {
    await open(page, `/links/${seed}/payout?pool=1000&currency=EUR`);
    await press(slider(page, "Coherence"), "ArrowRight", 20);
    await press(slider(page, "Balance"), "End", 1);
    const live = await amounts(page);
    const plain = await page.request.get(`/links/${seed}/payout?pool=1000&currency=EUR&wi_coherence=0.55&wi_balance=1`);
    const markup = (await plain.text()).replace(/<script\b[\s\S]*?<\/script>/g, "");
    const answered = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "text/html");
      return Array.from(parsed.querySelectorAll("#what-if tbody tr"), (row) => row.children[2].textContent);
    }, markup);
    expect(answered).toEqual(live);
  });

  test("native and wasm answer byte for byte", async ({ page }) => {
    await page.goto(`/links/${seed}/payout`);
    await page.waitForLoadState("networkidle");
    let compared = 0;
    const paid = new Set<string>();
    for (const { link, events, pools } of generated(40)) {
      const id = await server.api.file(link, events);
      for (const { units, places, currency, policy } of pools) {
        const given = { pool: decimal(units, places), policy, ...(currency && { currency }) };
        const html = await (await page.request.get(`/links/${id}/payout?${new URLSearchParams(given)}`)).text();
        const path = `/api/value-lineage/links/${id}/payout-preview`;
        const native = await server.api.post(path, { payout_pool: Number(given.pool), policy, ...(currency && { currency }) });
        const props = html.includes("<leptos-island");
        expect(props || /"payouts":\[\]/.test(native), "an island where anybody is paid").toBe(true);
        if (!props) continue;
        const wasm = await page.evaluate(
          async ([html, units, places]) => {
            const parsed = new DOMParser().parseFromString(html, "text/html");
            const { policy, record } = JSON.parse(parsed.querySelector("leptos-island")!.getAttribute("data-props")!);
            const address = "/pkg/tributary.js";
            const bundle = await import(address);
            await bundle.default({ module_or_path: "/pkg/tributary.wasm" });
            return bundle.preview_json(policy, record, units, places) as string;
          },
          [html, String(units), places] as const,
        );
        // The browser's function knows units and places, not the name of a currency.
        const expected = currency ? native.replace(`"currency":"${currency}"`, '"currency":null') : native;
        expect(wasm, JSON.stringify({ link, given })).toBe(expected);
        compared += 1;
        paid.add(id);
      }
    }
    expect(paid.size, "links that pay somebody").toBeGreaterThanOrEqual(30);
    expect(compared).toBeGreaterThanOrEqual(60);
  });
});

test("without JavaScript the form asks the server", { tag: "@no-javascript" }, async ({ page }) => {
  await page.goto(`/links/${seed}/payout?pool=1000&currency=EUR&policy=energy-linear-v1`);
  const own = await amounts(page);
  expect(own.map(parts)).toEqual((await column(payoutRows(page), "Amount")).map(parts));
  await press(slider(page, "Friction relief"), "End", 1);
  await press(slider(page, "Pool"), "ArrowRight", 2);
  await sliders(page).getByRole("button", { name: "Recompute" }).click();
  await expect(page).toHaveURL(/wi_friction_relief=1/);
  const asked = Object.fromEntries(new URL(page.url()).searchParams);
  expect(asked, "pool, currency and policy stay").toMatchObject({ currency: "EUR", policy: "energy-linear-v1" });
  await expect(slider(page, "Friction relief")).toHaveValue("1");
  const tried = await sliders(page).locator("output").first().textContent();
  expect(await amounts(page)).not.toEqual(own);
  expect(sum(await amounts(page))).toBe(parts(tried!));
  expect(await column(whatIfRows(page), "Policy"), "the policy's own amounts stay").toEqual(own);
  await sliders(page).getByRole("link", { name: "Back to the policy" }).click();
  await expect.poll(() => amounts(page)).toEqual(own);
});

test("a link too large for the page to carry asks the server, with JavaScript too", async ({ page }) => {
  const people = Array.from({ length: 101 }, (_, at) => investment("research", `person-${at}`, 1 + at));
  const id = await server.api.file({ ...SEED_LINK, investments: people });
  await page.goto(`/links/${id}/payout`);
  await expect(page.locator("leptos-island")).toHaveCount(0);
  const own = await amounts(page);
  await press(slider(page, "Pool"), "ArrowRight", 2);
  await sliders(page).getByRole("button", { name: "Recompute" }).click();
  await expect(page).toHaveURL(/wi_pool=/);
  await expect.poll(() => amounts(page)).not.toEqual(own);
});

/** Units as the decimal that is typed. */
function decimal(units: bigint, places: number): string {
  if (places === 0) return String(units);
  const digits = String(units).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Links with pools, the same in every run. */
function* generated(count: number) {
  // Numerical Recipes' generator; enough to vary input, and the same everywhere.
  let state = 20_240_215;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const stages = ["idea", "research", "spec", "spec_upgrade", "implementation", "review"];
  const names = ["ada", "bob", "Çelik", "דנה", "e".repeat(60), "f\"g\\h", "李"];
  const policies = ["energy-balanced-v1", "energy-linear-v1"];
  const currencies = [null, ["EUR", 2], ["JPY", 0], ["BHD", 3]] as const;
  const score = () => below(1_000_001) / 1_000_000;
  for (let at = 0; at < count; at += 1) {
    const contributors = Object.fromEntries(stages.filter(() => below(3) > 0).map((stage) => [stage, names[below(names.length)]]));
    const link: NewLink = {
      idea_id: `generated-${at}`,
      spec_id: "parity",
      contributors,
      investments: Array.from({ length: below(9) }, () =>
        investment(stages[below(6)], names[below(names.length)], (1 + below(10 ** (1 + below(9)))) / 10 ** below(7), score(), score(), score()),
      ).map((row) => ({ ...row, energy_units: Math.max(0.000001, Number(row.energy_units.toFixed(6))) })),
      estimated_cost: below(4) ? below(1_000_000_000) / 1_000 : 0,
    };
    const events = Array.from({ length: below(4) }, () => ({
      source: ["api", "web", "cli"][below(3)],
      metric: ["calls", "minutes"][below(2)],
      value: (1 + below(1_000_000_000)) / 10 ** below(7),
    }));
    const pools = policies.map((policy) => {
      const currency = currencies[below(currencies.length)];
      const units = BigInt(1 + below(10 ** (1 + below(9))));
      return { policy, units, places: currency?.[1] ?? 4, currency: currency?.[0] };
    });
    yield { link, events, pools };
  }
}
