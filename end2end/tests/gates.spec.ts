// May this deployment be trusted? A gate is run from its page, by whoever looks at it.

import type { Page } from "@playwright/test";
import { column } from "./read";
import { expect, serving, test } from "./test";

const KEY = "a-key-of-32-characters-for-gates-0";

const checks = (page: Page) => page.getByRole("table", { name: "In the order of the contract" });

async function run(page: Page) {
  await page.goto("/gates");
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(page).toHaveURL(/\/gates$/);
}

test.describe("where anybody may write", () => {
  serving();

  test("before its first run the page says so, and how to run it", async ({ page }) => {
    await page.goto("/gates");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Gates");
    await expect(page.getByRole("heading", { name: "Nobody has asked yet" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Run now" })).toBeVisible();
    const pipeline = page.getByRole("region", { name: "From a pipeline", exact: true });
    await expect(pipeline).toContainText("tributary gate run public-deploy-contract");
    await expect(pipeline).toContainText("Exit code 0 is pass, 1 fail, 2 inconclusive");
  });

  test("run now tells its verdict first, then each check, and what the transaction proved", async ({ page }) => {
    await run(page);
    const verdict = page.getByRole("region", { name: "This deployment may be trusted" });
    await expect(verdict).toContainText("public-deploy-contract");
    const verdicts = await column(checks(page), "Verdict");
    const observed = await column(checks(page), "Observed");
    expect(verdicts.length).toBeGreaterThan(7);
    for (const [at, text] of verdicts.entries()) {
      expect(text, "a word and a sign").toMatch(/^[✓?]\s*(pass|inconclusive)$/);
      expect(observed[at].trim()).not.toBe("");
    }
    await expect(page.getByText(/^(\d+) of \1 promises kept\.$/)).toBeVisible();
    await expect(page.getByRole("list", { name: "Last runs, oldest first" }).getByRole("link")).not.toHaveCount(0);
  });

  test("each run has a page of its own, with its result", async ({ page }) => {
    await run(page);
    await page.getByRole("list", { name: "Last runs, oldest first" }).getByRole("link").last().click();
    await expect(page).toHaveURL(/\/gates\/runs\/run_/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Run of public-deploy-contract");
    await expect(page.getByRole("main")).toContainText("public_contract_passed");
    await expect(checks(page)).toBeVisible();
  });

  test("another commit than the one deployed blocks, says what to do, and is no verdict of the page's own", async ({ page }) => {
    await run(page);
    await page.getByLabel("Expected commit").fill("0123456789abcdef");
    await page.getByRole("button", { name: "Run against this commit" }).click();
    await expect(page).toHaveURL(/\/gates\/runs\/run_/);
    const todo = page.getByRole("region", { name: "What to do" });
    await expect(todo).toContainText("Is the commit expected");
    await expect(todo).toContainText("0123456789abcdef");
    await page.goto("/gates");
    await expect(page.getByRole("heading", { name: "This deployment may be trusted" })).toBeVisible();
  });

  test("what is no commit is refused beside its field, and kept as it was typed", async ({ page }) => {
    await page.goto("/gates");
    const field = page.getByLabel("Expected commit");
    await field.fill("not-a-commit");
    await page.getByRole("button", { name: "Run against this commit" }).click();
    await expect(page.getByRole("alert")).toContainText("No gate was run");
    await expect(field).toHaveValue("not-a-commit");
    await expect(field).toHaveAccessibleDescription(/hexadecimal digits/);
  });

  test("without a repository the page says how to name one", async ({ page }) => {
    await page.goto("/gates");
    const merged = page.getByRole("region", { name: "Check a merged commit" });
    await expect(merged).toContainText("--repository PATH");
    await expect(merged.getByRole("button")).toHaveCount(0);
  });

  test("a run that is not there is a 404 that leads back", async ({ page }) => {
    const answer = await page.goto("/gates/runs/run_00000000000000000000000000");
    expect(answer!.status()).toBe(404);
    await page.getByRole("link", { name: "All gates" }).click();
    await expect(page).toHaveURL(/\/gates$/);
  });
});

test.describe("where a repository is given", () => {
  let sha: string;

  const server = serving({ repository: true }, async (api) => {
    sha = (await api.get("/api/gates/main-head")).sha;
    await api.post("/api/spec-registry", { spec_id: "a-spec", title: "A spec" });
    await api.file({
      idea_id: "an-idea",
      spec_id: "a-spec",
      estimated_cost: 1,
      implementation_refs: [`commit:${sha}`],
      contributors: { implementation: "ada" },
    });
  });

  test("a merged commit is checked by its form, and kept in the gate's history", async ({ page }) => {
    await page.goto("/gates");
    await page.getByLabel("Commit", { exact: true }).fill(sha.slice(0, 12));
    await page.getByRole("button", { name: "Check commit" }).click();
    await expect(page).toHaveURL(/\/gates\/runs\/run_/);
    await expect(page.getByRole("heading", { name: "This commit may be trusted" })).toBeVisible();
    await expect(checks(page)).toContainText("ada (implementation)");
    await page.goto(`${server.url}/gates`);
    await page.getByRole("link", { name: "Merged contract" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Merged contract");
    await expect(page.getByRole("list", { name: "Last runs, oldest first" }).getByRole("link")).not.toHaveCount(0);
    await expect(page.getByRole("button", { name: "Run now" })).toHaveCount(0);
  });
});

test.describe("the overview", () => {
  const server = serving({}, async (api) => {
    await api.file({ idea_id: "an-idea", spec_id: "a-spec", estimated_cost: 1, contributors: {} });
  });

  test("tells the last verdict in a word, and leads to the gates", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("main")).toContainText("Deploy gate has not run yet");
    await run(page);
    await page.goto("/");
    await page.getByRole("link", { name: "Deploy gate" }).click();
    await expect(page).toHaveURL(`${server.url}/gates`);
  });
});

test.describe("where writing asks for a key", () => {
  serving({ keys: `ops ${KEY}\n` });

  test("reading is open, and running asks to sign in first", async ({ page }) => {
    await page.goto("/gates");
    await expect(page.getByRole("button", { name: "Run now" })).toHaveCount(0);
    await page.getByRole("link", { name: "Sign in to run it" }).first().click();
    await page.getByLabel("API key").fill(KEY);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/gates$/);
    await page.getByRole("button", { name: "Run now" }).click();
    await expect(page.getByRole("heading", { name: "This deployment may be trusted" })).toBeVisible();
  });
});
