// The whole way, as a person goes it: from an empty server to a payout.

import type { Page } from "@playwright/test";
import { column, figure, near, parts, payoutRows, sum } from "./read";
import { expect, serving, test } from "./test";

const server = serving();

/** A field of an investment's row. */
const ofRow = (page: Page, row: number) => page.getByRole("group", { name: `Investment ${row}`, exact: true });

async function fillInvestment(page: Page, row: number, stage: string, who: string, numbers: string[]) {
  const group = ofRow(page, row);
  await group.getByLabel("Stage").selectOption({ label: stage });
  await group.getByLabel("Contributor").fill(who);
  for (const [at, label] of ["Energy", "Coherence", "Awareness", "Friction"].entries()) {
    await group.getByLabel(label).fill(numbers[at] ?? "");
  }
}

async function appendEvent(page: Page, source: string, metric: string, value: string) {
  const form = page.getByRole("form", { name: "Append event" });
  await form.getByLabel("Source").fill(source);
  await form.getByLabel("Metric").fill(metric);
  await form.getByLabel("Value").fill(value);
  await form.getByRole("button", { name: "Append event" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Event appended." })).toBeVisible();
}

test("from an empty server to a payout", async ({ page }) => {
  await test.step("the overview teaches the first step", async () => {
    await page.goto("/");
    await expect(page).toHaveTitle("Overview · Tributary");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing is filed yet");
    await expect(page.getByRole("region", { name: "Command that files a link" })).toContainText(
      `curl -X POST ${server.url}/api/value-lineage/links`,
    );
    await page.getByRole("main").getByRole("link", { name: "File link" }).click();
    await expect(page).toHaveURL("/links/new");
  });

  await test.step("a link is filed", async () => {
    await page.getByLabel("Idea id").fill("oss-interface-alignment");
    await page.getByLabel("Spec id").fill("048-value-lineage-and-payout-attribution");
    await page.getByLabel("Estimated cost").fill("120");
    await page.getByLabel("Implementation refs").fill("PR#26\ncommit:e616516");
    const people = page.getByRole("group", { name: "Contributors" });
    const named = { Idea: "alice", Research: "rita", Spec: "bob", "Spec upgrade": "sam", Implementation: "carol", Review: "dave" };
    for (const [stage, who] of Object.entries(named)) {
      await people.getByLabel(new RegExp(`${stage}$`)).fill(who);
    }
    await fillInvestment(page, 1, "Research", "rita", ["3", "0.9", "0.8", "0.1"]);

    const add = page.getByRole("button", { name: "Add investment" });
    await add.click();
    await fillInvestment(page, 2, "Review", "nobody", ["9"]);
    await add.click();
    await fillInvestment(page, 3, "Implementation", "carol", ["4", "0.85", "0.7", "0.2"]);
    await page.getByRole("button", { name: "Remove investment 2" }).click();

    await expect(ofRow(page, 3)).toHaveCount(0);
    await expect(ofRow(page, 2).getByLabel("Contributor")).toHaveValue("carol");
    await expect(ofRow(page, 2).getByLabel("Stage")).toHaveValue("implementation");
    await expect(ofRow(page, 1).getByLabel("Energy")).toHaveValue("3");
    await expect(page.getByLabel("Idea id")).toHaveValue("oss-interface-alignment");
    await expect(page.getByLabel("Implementation refs")).toHaveValue("PR#26\ncommit:e616516");
    expect(await server.api.links(), "rows come and go without filing anything").toEqual([]);

    await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
    await expect(page).toHaveURL(/\/links\/lnk_[0-9a-z]{26}\?done=filed$/);
  });

  await test.step("the link's page shows it", async () => {
    await expect(page.getByRole("status")).toContainText("Link filed.");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("oss-interface-alignment");
    await expect(page.getByRole("main")).toContainText("048-value-lineage-and-payout-attribution");
    await expect(page.getByText("commit:e616516")).toBeVisible();
    await expect(page.getByRole("img", { name: "The chain from idea to review, and what came of it" })).toBeVisible();
    const investments = page.getByRole("region", { name: /Energy in units/ }).getByRole("table");
    expect(await column(investments, "Contributor")).toEqual([
      "alice implied", "rita", "bob implied", "sam implied", "carol", "dave implied",
    ]);
    expect(await column(investments, "Energy")).toEqual(["1.0", "3.0", "1.0", "1.0", "4.0", "1.0"]);
    await expect(figure(page, "Measured value")).toHaveText("0.00");
    await expect(figure(page, "Estimated cost")).toHaveText("120.00");
    const [link] = await server.api.links();
    expect(link).toMatchObject({
      idea_id: "oss-interface-alignment",
      implementation_refs: ["PR#26", "commit:e616516"],
      contributors: { spec_upgrade: "sam" },
      investments: [{ contributor: "rita", coherence_score: 0.9 }, { contributor: "carol", energy_units: 4 }],
      estimated_cost: 120,
    });
  });

  await test.step("events make its value", async () => {
    await appendEvent(page, "api", "adoption_events", "45.5");
    await expect(page.getByRole("status")).toContainText("Measured value is now 45.50.");
    await appendEvent(page, "web", "adoption_events", "54.5");
    const events = page.getByRole("region", { name: /Newest first/ }).getByRole("table");
    expect(await column(events, "Value")).toEqual(["54.50", "45.50"]);
    expect(await column(events, "Source")).toEqual(["web", "api"]);
    await expect(figure(page, "Measured value")).toHaveText("100.00");
    await expect(figure(page, "ROI")).toHaveText("0.8333");
    await expect(figure(page, "Events")).toHaveText("2");
    await expect(page.getByText("20.00 short of cost")).toBeVisible();
    await expect(page.getByRole("img", { name: "Measured value of this link over time" })).toBeVisible();
  });

  await test.step("a payout is previewed", async () => {
    await page.getByRole("link", { name: "Preview payout" }).click();
    await expect(page).toHaveURL(/\/payout$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Who would get what of 1,000.00");
    const amounts = await column(payoutRows(page), "Amount");
    expect(amounts).toHaveLength(6);
    expect(sum(amounts), "amounts sum to the pool").toBe(parts("1000"));
    await expect(payoutRows(page).locator("tfoot")).toContainText("1,000.0000");
  });

  await test.step("every amount can be asked", async () => {
    const names = await column(payoutRows(page), "Contributor");
    const amounts = await column(payoutRows(page), "Amount");
    for (const [at, name] of names.map((text) => text.replace(/\s*implied$/, "")).entries()) {
      await payoutRows(page).locator("tbody tr").nth(at).getByRole("link").click();
      await expectToAddUp(page, name, amounts[at]);
    }
  });

  await test.step("pool, currency and policy are in the address", async () => {
    const form = page.getByRole("form", { name: "Preview" });
    await form.getByLabel("Pool").fill("2500.05");
    await form.getByLabel("Currency").fill("EUR");
    await form.getByLabel("Policy").selectOption("energy-linear-v1");
    await form.getByRole("button", { name: "Preview payout" }).click();
    const asked = () => Object.fromEntries(new URL(page.url()).searchParams);
    await expect.poll(asked).toMatchObject({ pool: "2500.05", currency: "EUR", policy: "energy-linear-v1" });
    for (const _ of ["as answered", "loaded again"]) {
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Who would get what of 2,500.05 EUR");
      await expect(form.getByLabel("Pool")).toHaveValue("2500.05");
      await expect(form.getByLabel("Currency")).toHaveValue("EUR");
      await expect(form.getByLabel("Policy")).toHaveValue("energy-linear-v1");
      const amounts = await column(payoutRows(page), "Amount");
      expect(amounts, "this policy pays explicit investments only").toHaveLength(2);
      for (const text of amounts) expect(text, "cents").toMatch(/^[\d,]+\.\d\d\b/);
      expect(sum(amounts)).toBe(parts("2500.05"));
      await page.reload();
    }
  });

  await test.step("the overview has it", async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Each 1.00 of cost has returned 0.83");
    await expect(figure(page, "Measured value")).toHaveText("100.00");
    const newest = page.getByRole("region", { name: /last to arrive first/ }).getByRole("table");
    expect(await column(newest, "Value")).toEqual(["54.50", "45.50"]);
    await newest.getByRole("link", { name: "oss-interface-alignment" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("oss-interface-alignment");
  });
});

/** The explanation of an amount is open, and its steps lead to the amount. */
async function expectToAddUp(page: Page, name: string, amount: string) {
  const why = page.getByRole("table", { name: `How the amount of ${name} for`, exact: false });
  await expect(why).toBeVisible();
  const rows = await why.locator("tbody tr").evaluateAll((list) =>
    list.map((row) => Array.from(row.children, (cell) => cell.textContent ?? "")),
  );
  const last = (at: number) => near(rows[at].at(-1)!);
  let score = 0;
  for (const at of [0, 1, 2, 3, 4]) {
    const [, signal, weight] = /([\d.]+) × ([\d.]+)/.exec(rows[at][0])!;
    expect(last(at), rows[at][0]).toBeCloseTo(Number(signal) * Number(weight), 3);
    score += last(at);
  }
  const shown = Object.fromEntries(rows.slice(5).map((cells) => [cells[0], cells]));
  const result = (step: string) => near(shown[step].at(-1)!);
  const factor = (step: string) => near(shown[step][1].replace(/^.*=/, ""));
  expect(result("Score")).toBeCloseTo(score, 3);
  expect(result("Stage weight")).toBeCloseTo(result("Score") * factor("Stage weight"), 3);
  expect(result("√ energy")).toBeCloseTo(result("Stage weight") * factor("√ energy"), 3);
  // What is divided here has four places.
  expect(result("All rows together")).toBeCloseTo(result("√ energy") / factor("All rows together"), 2);
  expect(result("Pool")).toBeCloseTo(result("All rows together") * factor("Pool"), 2);
  const paid = parts(shown["Pool"].at(-1)!) + parts(shown["Rounding"].at(-1)!);
  expect(Math.abs(Number(paid - parts(amount))), "exact to the millionth").toBeLessThanOrEqual(1_000_000);
  expect(parts(shown[`${name} gets`].at(-1)!)).toBe(parts(amount));
}

test("what is not there says so, with ways on", async ({ page }) => {
  for (const [address, title] of [
    ["/links/lnk_00000000000000000000000000", "Lineage link not found"],
    ["/links/lnk_00000000000000000000000000/payout", "Lineage link not found"],
    ["/links/no-id-at-all", "Lineage link not found"],
    ["/nowhere", "There is no page at this address"],
  ]) {
    const answer = await page.goto(address);
    expect(answer!.status(), address).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page.getByRole("main").getByRole("link", { name: "Overview" })).toHaveAttribute("href", "/");
  }
  await page.getByRole("main").getByRole("link", { name: "Search links" }).click();
  await expect(page).toHaveURL("/links");
});

test("a link that names nobody pays nobody, and says what to do", async ({ page }) => {
  const id = await server.api.file({ idea_id: "bare", spec_id: "nobody", estimated_cost: 5, contributors: {} });
  await page.goto(`/links/${id}/payout?pool=10`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nobody to share 10.00 with yet");
  await expect(page.getByRole("heading", { name: "The whole pool is unallocated" })).toBeVisible();
  await expect(figure(page, "Unallocated")).toHaveText("10.0000");
});
