// A server with keys: forms lead to the sign-in, a key opens them, and no other site can use that.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, serving, test } from "./test";

const SECRET = "5ca1ab1e".repeat(8);
const server = serving({ keys: `alice ${SECRET}\n` });

/** Links filed so far; reading is open. */
const filed = async () => (await server.api.links()).length;

async function signIn(page: Page, key: string) {
  await page.getByLabel("API key").fill(key);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

async function fileLink(page: Page, idea: string): Promise<string> {
  await page.goto("/links/new");
  await page.getByLabel("Idea id").fill(idea);
  await page.getByLabel("Spec id").fill("spec");
  await page.getByLabel("Estimated cost").fill("1");
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  await expect(page).toHaveURL(/done=filed$/);
  return new URL(page.url()).pathname;
}

test("a key is asked for once, and opens every form until one signs out", async ({ page, context }) => {
  await page.goto("/links/new");
  await expect(page.getByLabel("Idea id"), "no form that would be refused").toHaveCount(0);
  await page.getByRole("link", { name: "Sign in with your key" }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByLabel("API key")).toHaveAttribute("type", "password");

  await signIn(page, "not-the-key");
  await expect(page.getByLabel("API key")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("API key")).toHaveAccessibleDescription(/This key is not known here/);
  await expect(page).toHaveTitle("Error: Sign in · Tributary");
  expect(await context.cookies()).toEqual([]);

  await signIn(page, SECRET);
  await expect(page, "back where one came from").toHaveURL("/links/new");
  await expect(page.getByText("Signed in as alice")).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(cookies[0].value).not.toContain(SECRET);

  const path = await fileLink(page, "by-alice");
  const form = page.getByRole("form", { name: "Append event" });
  await form.getByLabel("Source").fill("api");
  await form.getByLabel("Metric").fill("calls");
  await form.getByLabel("Value").fill("2");
  await form.getByRole("button", { name: "Append event" }).click();
  await expect(page.getByRole("status")).toContainText("Measured value is now 2.00.");

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/");
  expect(await context.cookies()).toEqual([]);
  await expect(page.getByRole("link", { name: "Sign in", exact: true })).toBeVisible();
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "Sign in to append an event" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 }), "reading stays open").toHaveText("by-alice");
});

test("a form kept open past the end of a session is kept as it was typed until its sender has signed in", async ({ page, context }) => {
  const before = await filed();
  await page.goto("/sign-in?next=/links/new");
  await signIn(page, SECRET);
  await page.getByLabel("Idea id").fill("too-late");
  await page.getByLabel("Spec id").fill("spec");
  await page.getByLabel("Estimated cost").fill("1");
  await context.clearCookies();
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  await expect(page.getByRole("main")).toContainText("You are not signed in, or not any more.");
  await expect(page.getByLabel("Idea id")).toHaveValue("too-late");
  expect(await filed()).toBe(before);
  const other = await context.newPage();
  await other.goto("/sign-in");
  await signIn(other, SECRET);
  await expect(other).toHaveURL("/");
  await page.getByRole("main").getByRole("button", { name: "File link" }).last().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("too-late");
  expect(await filed()).toBe(before + 1);
});

test("the sign-in leads to no other site", async ({ page }) => {
  await page.goto("/sign-in?next=https://elsewhere.example/");
  await signIn(page, SECRET);
  await expect(page).toHaveURL("/");
});

test("without a key nothing is written", async ({ request }) => {
  const before = await filed();
  const form = await request.post("/links/new", { form: { idea_id: "a", spec_id: "b", estimated_cost: "1" }, maxRedirects: 0 });
  expect(form.status()).toBe(401);
  const link = { idea_id: "a", spec_id: "b", estimated_cost: 1, contributors: {} };
  expect((await request.post("/api/value-lineage/links", { data: link })).status()).toBe(401);
  const bearer = { authorization: `Bearer ${SECRET}` };
  expect((await request.post("/api/value-lineage/links", { data: link, headers: bearer })).status()).toBe(201);
  expect(await filed()).toBe(before + 1);
});

test.describe("a page of another origin", () => {
  let elsewhere: HttpServer;

  test.beforeAll(async () => {
    // Forms that a stranger's page would send in the name of whoever is signed in here.
    const fields = `<input name="idea_id" value="forged"><input name="spec_id" value="s"><input name="estimated_cost" value="1">`;
    const form = (action: string, name: string) =>
      `<form method="post" action="${server.url}${action}">${fields}<input type="hidden" name="key" value="${SECRET}"><button>${name}</button></form>`;
    const body = `<!doctype html><title>elsewhere</title>${form("/links/new", "File")}${form("/sign-out", "Leave")}${form("/sign-in", "Enter")}`;
    elsewhere = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(body));
    await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
  });

  test.afterAll(() => {
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  // The first is the same site to a browser, which sends the cookie along; the second is another one.
  for (const host of ["127.0.0.1", "localhost"]) {
    test(`on ${host} cannot send a form here`, async ({ page, context }) => {
      await page.goto("/sign-in");
      await signIn(page, SECRET);
      await expect(page.getByText("Signed in as alice")).toBeVisible();
      const before = await filed();
      for (const button of ["File", "Leave", "Enter"]) {
        await page.goto(`http://${host}:${(elsewhere.address() as AddressInfo).port}/`);
        const answered = page.waitForResponse((response) => response.request().method() === "POST");
        await page.getByRole("button", { name: button }).click();
        expect((await answered).status(), button).toBe(403);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("Refused");
        await expect(page.getByRole("main")).toContainText("This form was sent from another site.");
      }
      expect(await filed()).toBe(before);
      expect(await context.cookies(server.url), "still signed in").toHaveLength(1);
    });
  }
});
