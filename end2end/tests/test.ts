// The `test` of every file here: it has a server, and no page of it may report an error.

import { test as base, type Page } from "@playwright/test";
import { Api } from "./given";
import { type Options, Server } from "./server";

export { expect } from "@playwright/test";

/** What a browser reports of a page that it should not. */
function watch(page: Page, found: string[]) {
  const documents = new Set<string>();
  page.on("response", (response) => {
    if (response.request().isNavigationRequest()) documents.add(response.url());
  });
  page.on("pageerror", (error) => found.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The status of a page that says what went wrong is no fault of the page.
    const url = message.location().url;
    if (/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text()) && documents.has(url)) return;
    found.push(`${page.url()}: ${message.text()} (${url})`);
  });
}

export const test = base.extend<{ reported: string[] }>({
  /** Errors of scripts and breaches of the content security policy; there may be none. */
  reported: [
    async ({ context }, use) => {
      const found: string[] = [];
      context.pages().forEach((page) => watch(page, found));
      context.on("page", (page) => watch(page, found));
      await use(found);
      base.expect(found, "errors that pages reported").toEqual([]);
    },
    { auto: true },
  ],
});

/** A server for the tests of a file, from its first to its last; addresses are relative to it. */
export function serving(options: Options = {}, prepare: (api: Api) => Promise<void> = async () => {}) {
  const running = {} as { url: string; api: Api };
  let server: Server;
  test.beforeAll(async () => {
    server = await Server.start(options);
    running.url = server.url;
    running.api = new Api(server.url);
    await prepare(running.api);
  });
  test.afterAll(() => server?.stop());
  test.use({ baseURL: async ({}, use) => use(running.url) });
  return running;
}
