// Who made us better, on what does it stand, and what can be said against it?

import type { Page } from "@playwright/test";
import { column } from "./read";
import { expect, serving, test } from "./test";

const server = serving({ history: true });

test.describe.configure({ mode: "serial" });

const people = (page: Page) => page.getByRole("table", { name: /Ranked by their own work/ });
const agents = (page: Page) => page.getByRole("table", { name: /Each by its own work/ });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("people are ranked, agents and authors stand in tables of their own, and weights are in the address", async ({ page }) => {
      await page.goto("/contributors");
      const ranked = (await column(people(page), "Contributor")).join(" ");
      expect(ranked).toContain("ada");
      expect(ranked).toContain("ben");
      expect(ranked).not.toContain("kelvin");
      await expect(agents(page)).toContainText("rio");
      await expect(page.getByRole("table", { name: /hold no vote/ })).toContainText("kelvin");
      const form = page.getByRole("search", { name: "Contributors" });
      await form.getByLabel("Weights").selectOption("ci-v0");
      await form.getByLabel("Index").selectOption("v2");
      await form.getByRole("button", { name: "Show" }).click();
      await expect(page).toHaveURL(/weights=ci-v0&version=v2/);
      await expect(page.getByText("v2, outcomes").first()).toBeVisible();
      await form.getByLabel("Search").fill("nobody-of-this-name");
      await form.getByRole("button", { name: "Show" }).click();
      await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
    });

    test("from a position down to its sources, with everybody on the way", async ({ page }) => {
      await page.goto("/trace/position/build-a-harbour");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Build a harbour");
      const onTheWay = await column(page.getByRole("table", { name: /played which role/ }), "Contributor");
      expect(onTheWay).toEqual(expect.arrayContaining(["ada", "rio"]));
      await page.getByRole("table", { name: /Every piece/ }).getByRole("link", { name: "Tides rise twice a day" }).click();
      await page.getByRole("link", { name: "Open claim" }).click();
      await expect(page).toHaveURL(/\/claims\/tides-rise$/);
      const main = page.getByRole("main");
      for (const text of ["Kelvin, On tides", "sea", "likely", "Challenger", "Named by 1", "Names 1"]) await expect(main).toContainText(text);
    });

    test("what could not be read is told by reason, with the file", async ({ page }) => {
      await page.goto("/imports");
      await expect(page.getByRole("table", { name: /As far as each was read/ })).toContainText("knowledge-base-v1");
      await page.getByRole("link", { name: "front matter open" }).click();
      await expect(page.getByRole("table", { name: /By repository and path/ })).toContainText("domains/sea/open.md");
    });
  });
}

test("for whom an agent works is decided by form, on record, and counts for governance from its day on", async ({ page }) => {
  await page.goto("/contributors/rio");
  await page.getByText("Decide what they are, and for whom they work").click();
  const form = page.getByRole("form", { name: "Decide about this contributor" });
  await form.getByLabel("Works for").fill("nobody-known");
  await form.getByRole("button", { name: "Save decision" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was decided");
  await form.getByLabel("Works for").fill("ada");
  await form.getByLabel("From").fill("2026-03-01T00:00:00Z");
  await form.getByLabel("Reason").fill("Ada directs it.");
  await form.getByRole("button", { name: "Save decision" }).click();
  await expect(page.getByRole("status").first()).toContainText("on record");
  await expect(page.getByRole("table", { name: /Each holds until the next/ })).toContainText("Ada directs it.");
  await page.goto("/contributors");
  await expect(people(page).getByRole("row", { name: /rio/ })).toBeVisible();
});

test("a profile tells each credit with how it is known, and every number that enters", async ({ page }) => {
  await page.goto("/contributors/rio");
  const credits = page.getByRole("table", { name: /counts once in a change|role counts once/ });
  await expect(credits).toContainText("trailer");
  await expect(credits).toContainText("what the change does");
  await page.getByText("What enters CI v1, roles").click();
  await expect(page.getByRole("region", { name: "Factors of v1" })).toContainText("0.35");
  await page.getByRole("link", { name: "All, with ended ones and what each is for" }).click();
  await expect(page).toHaveURL(/credits=all/);
});

test("a change is flagged and rolled back by form, nothing is blocked, and the veto is undone", async ({ page }) => {
  await page.goto("/contributors/rio");
  await page.getByRole("link", { name: "rio: harbours grow (#12)" }).first().click();
  await page.getByText("Flag this: something looks wrong").click();
  const flag = page.getByRole("form", { name: "Flag this" });
  await flag.getByLabel("Flagged by").fill("ada");
  await flag.getByLabel("What looks wrong").fill("The port books say otherwise.");
  await flag.getByRole("button", { name: "Raise flag" }).click();
  await expect(page.getByRole("status").first()).toContainText("Flagged");
  await page.getByText("Roll back: its credits stop counting").click();
  const veto = page.getByRole("form", { name: "Roll this change back" });
  await veto.getByLabel("Rolled back by").fill("rio");
  await veto.getByLabel("Why").fill("Wrong.");
  await veto.getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByRole("alert")).toContainText("only a person may");
  await veto.getByLabel("Rolled back by").fill("ada");
  await veto.getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByRole("main")).toContainText("Its credits count nothing since");

  await page.goto("/governance");
  await expect(page.getByRole("main")).toContainText("The port books say otherwise.");
  await expect(page.getByRole("main")).toContainText("rolled back");
  await page.getByText("Undo this veto").click();
  const undo = page.getByRole("form", { name: "Undo veto" });
  await undo.getByLabel("Undone by").fill("ada");
  await undo.getByLabel("Why").fill("They were misread.");
  await undo.getByRole("button", { name: "Undo veto" }).click();
  await expect(page.getByRole("status").first()).toContainText("Undone");
});

test("a level of autonomy is proposed by record and decided by a person", async ({ page }) => {
  await page.goto("/governance");
  const table = page.getByRole("table", { name: /clean run/ });
  await expect(table.getByRole("row", { name: /rio/ })).toContainText("nobody yet");
  await page.getByText("Decide the level of an agent").click();
  const form = page.getByRole("form", { name: "Decide the level of an agent" });
  await form.getByLabel("Agent").selectOption("rio");
  await form.getByLabel("Level").selectOption("supervised");
  await form.getByLabel("Decided by").fill("ada");
  await form.getByLabel("Why").fill("Still new.");
  await form.getByRole("button", { name: "Save decision" }).click();
  await expect(table.getByRole("row", { name: /rio/ })).toContainText("ada");
});

test("a link is made from a change, shows what it leads to, and shares a pool by the index", async ({ page }) => {
  const units = (await server.api.get("/api/contribution-units?q=harbours")).units;
  await page.goto(`/units/${units[0].id}`);
  await page.getByRole("link", { name: "Create a link from this change" }).click();
  await expect(page.getByLabel("Implementation refs")).toHaveValue(new RegExp(`commit:${units[0].sha}\\n.*PR#12`));
  await expect(page.locator('[name="contributors.implementation"]')).toHaveValue("rio");
  const proposed = await page.getByLabel("Estimated cost").inputValue();
  await page.getByLabel("Idea id").fill("harbour");
  await page.getByLabel("Spec id").fill("harbour-spec");
  await page.getByLabel("Estimated cost").fill("9");
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  const built = page.getByRole("region", { name: "What was built" });
  await expect(built).toContainText("harbours grow");
  await expect(built).toContainText("submitted by whoever filed the link");
  await expect(built).toContainText(proposed);
  await page.getByRole("link", { name: "Preview payout" }).click();
  await page.goto(`${page.url()}?policy=contribution-index-v1&pool=100`);
  await expect(page.getByRole("main")).toContainText("contribution-index-v1");
  const paid = await column(page.getByRole("table", { name: /largest first/ }), "Contributor");
  expect(paid.join(" ")).toContain("rio");
});
