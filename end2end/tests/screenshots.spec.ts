// Pictures of every page, to be looked at: `SCREENSHOTS=1 npx playwright test screenshots`.

import { join } from "node:path";
import type { Page } from "@playwright/test";
import { SEED_LINK, fill, fillHostile, register } from "./given";
import { expect, serving, test } from "./test";

const FOLDER = join(import.meta.dirname, "../screenshots");
const WIDTHS = [1280, 390];

test.describe("screenshots", { tag: "@javascript" }, () => {
  test.describe("of an empty server", () => {
    serving();
    inEveryLook(async (take) => {
      await take("empty-overview", "/");
      await take("empty-links", "/links");
      await take("empty-gates", "/gates");
      await take("empty-specs", "/specs");
      await take("sign-in", "/sign-in");
    });
  });

  test.describe("of a server in use", () => {
    let seed: string;
    let blocked: string;
    serving({}, async (api) => {
      seed = await fill(api);
      await register(api, seed);
      for (let runs = 0; runs < 5; runs += 1) await api.post("/api/gates/public-deploy-contract/runs", {});
      blocked = JSON.parse(await api.post("/api/gates/public-deploy-contract/runs", { expected_sha: "0123456789" })).id;
    });
    inEveryLook(async (take) => {
      await take("overview", "/");
      await take("links", "/links");
      await take("links-searched", "/links?q=alerts&sort=value");
      await take("links-none", "/links?q=nothing-like-it");
      await take("new-link", "/links/new");
      await take("new-link-refused", "/links/new", refuse);
      await take("link", `/links/${seed}?done=filed`);
      await take("link-open", `/links/${seed}`, openAll);
      await take("payout", `/links/${seed}/payout`);
      await take("payout-tried", `/links/${seed}/payout?pool=2500&currency=EUR&wi_balance=1&wi_pool=3000`);
      await take("payout-open", `/links/${seed}/payout`, openAll);
      await take("payout-refused", `/links/${seed}/payout?pool=1.005&currency=EUR`);
      await take("gates", "/gates");
      await take("gates-open", "/gates", openAll);
      await take("gate-run-blocked", `/gates/runs/${blocked}`, openAll);
      await take("specs", "/specs?sort=value_gap");
      await take("spec", `/specs/${SEED_LINK.spec_id}`);
      await take("new-spec", "/specs/new");
      await take("idea", `/ideas/${SEED_LINK.idea_id}`);
      await take("change-requests", "/governance/change-requests");
      await take("not-found", "/links/lnk_00000000000000000000000000");
    });
  });

  test.describe("of a server with a history", () => {
    let unit: string;
    serving({ history: true }, async (api) => {
      await register(api, await fill(api));
      unit = (await api.get("/api/contribution-units?q=harbours")).units[0].id;
    });
    inEveryLook(async (take) => {
      await take("history-overview", "/");
      await take("contributors", "/contributors");
      await take("contributors-outcomes", "/contributors?weights=ci-v0&version=v2");
      await take("contributor", "/contributors/ada", openAll);
      await take("contributor-agent", "/contributors/rio?credits=all", openAll);
      await take("unit", `/units/${unit}`, openAll);
      await take("claim", "/claims/tides-rise", openAll);
      await take("trace", "/trace/position/build-a-harbour", openAll);
      await take("imports", "/imports?reason=front_matter_open");
      await take("governance", "/governance", openAll);
      await take("link-from-change", `/links/new?unit=${unit}`);
      await take("spec-edit", `/specs/${SEED_LINK.spec_id}/edit`);
    });
  });

  test.describe("of a server that was given the worst", () => {
    let links: Awaited<ReturnType<typeof fillHostile>>;
    serving({}, async (api) => {
      links = await fillHostile(api);
    });
    inEveryLook(async (take) => {
      await take("worst-overview", "/");
      await take("worst-links", "/links");
      for (const [name, id] of Object.entries(links)) {
        await take(`worst-link-${name}`, `/links/${id}`);
        await take(`worst-payout-${name}`, `/links/${id}/payout`);
      }
    });
  });
});

type Take = (name: string, path: string, then?: (page: Page) => Promise<void>) => Promise<void>;

function inEveryLook(pages: (take: Take) => Promise<void>) {
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`${width} wide, ${colorScheme}`, async ({ page }) => {
        test.setTimeout(180_000);
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await pages(async (name, path, then) => {
          await page.goto(path);
          await then?.(page);
          await page.waitForLoadState("networkidle");
          await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        });
      });
    }
  }
}

async function openAll(page: Page) {
  await page.locator("details").evaluateAll((list) => {
    for (const details of list as HTMLDetailsElement[]) {
      details.removeAttribute("name");
      details.open = true;
    }
  });
}

async function refuse(page: Page) {
  await page.getByLabel("Idea id").fill("an-idea");
  await page.getByLabel("Spec id").fill("s".repeat(201));
  await page.getByLabel("Estimated cost").fill("-5");
  await page.getByLabel("Implementation refs").fill(`PR#26\n${"x".repeat(501)}`);
  await page.getByLabel("Energy").fill("0");
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  await expect(page.getByRole("alert")).toBeVisible();
}
