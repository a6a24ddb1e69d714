import { defineConfig } from "@playwright/test";

// Run by `cargo xtask test`, which names the server and the browser. By hand: `npx playwright test`.
export default defineConfig({
  testDir: "tests",
  // Pictures are taken where they are asked for: `SCREENSHOTS=1 npx playwright test screenshots`.
  testIgnore: process.env.SCREENSHOTS ? [] : "**/screenshots.spec.ts",
  outputDir: "test-results",
  reporter: "line",
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
    // Neither the reader's zone nor their language is that of the machine that runs the tests.
    timezoneId: "UTC",
    locale: "en-GB",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.TRIBUTARY_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "javascript", grepInvert: /@no-javascript/ },
    { name: "no-javascript", grepInvert: /@javascript/, use: { javaScriptEnabled: false } },
  ],
});
