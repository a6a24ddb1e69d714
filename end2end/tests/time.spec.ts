// Times are the reader's where there is JavaScript, with UTC a pointer away; without it they are UTC.

import { expect, serving, test } from "./test";

let path: string;

serving({}, async (api) => {
  const id = await api.file({ idea_id: "late-evening", spec_id: "spec", estimated_cost: 1, contributors: {} }, [
    { source: "api", metric: "calls", value: 1, captured_at: "2024-02-15T23:30:05Z" },
    { source: "api", metric: "calls", value: 1, captured_at: "2024-09-01T00:00:00+02:00" },
  ]);
  path = `/links/${id}`;
});

test.use({ timezoneId: "Asia/Tokyo" });

const UTC = ["15 Feb 2024, 23:30", "31 Aug 2024, 22:00"];
const TOKYO = ["16 Feb 2024, 08:30", "1 Sep 2024, 07:00"];

test("times are those of the reader, with UTC in the title", async ({ page, javaScriptEnabled }) => {
  const shown = javaScriptEnabled ? TOKYO : UTC;
  for (const address of [path, "/"]) {
    await page.goto(address);
    const rows = page.getByRole("main").getByRole("table").locator("tbody time[title]");
    await expect(rows.getByText(shown[0], { exact: true }).or(rows.getByText(UTC[0], { exact: true })).first()).toBeVisible();
    const first = page.locator('tbody time[datetime="2024-02-15T23:30:05Z"]');
    const second = page.locator('tbody time[datetime="2024-08-31T22:00:00Z"]');
    await expect(first).toHaveText(shown[0]);
    await expect(second).toHaveText(shown[1]);
    await expect(first).toHaveAttribute("title", "15 Feb 2024, 23:30:05 UTC");
    await expect(second).toHaveAttribute("title", "31 Aug 2024, 22:00:00 UTC");
    await expect(page.getByRole("contentinfo")).toContainText(javaScriptEnabled ? "times in Asia/Tokyo" : "all times in UTC");
  }
});

test("days that the server counts by stay UTC for everybody", async ({ page }) => {
  await page.goto(path);
  await page.getByText("Value over time as a table").click();
  const days = page.getByRole("table", { name: /end of each day.* UTC/ });
  await expect(days.getByRole("rowheader")).toHaveText(["15 Feb 2024", "31 Aug 2024"]);
});
