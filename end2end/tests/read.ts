// Numbers as pages show them, read exactly.

import type { Locator, Page } from "@playwright/test";

/** Places that everything is read to. */
const PLACES = 12;

/** A shown number as whole parts of 10^-12: `1,234.50`, `−0.3`, `719.5738: why?`. */
export function parts(text: string): bigint {
  const found = /([−+-]?)([\d,]+)(?:\.(\d+))?/.exec(text);
  if (!found) throw new Error(`no number in ${JSON.stringify(text)}`);
  const [, sign, whole, fraction = ""] = found;
  if (fraction.length > PLACES) throw new Error(`too many places in ${text}`);
  const size = BigInt(whole.replaceAll(",", "") + fraction.padEnd(PLACES, "0"));
  return sign === "−" || sign === "-" ? -size : size;
}

/** A shown number, roughly. */
export const near = (text: string): number => Number(parts(text)) / 10 ** PLACES;

/** The sum of shown numbers. */
export const sum = (texts: string[]): bigint => texts.reduce((total, text) => total + parts(text), 0n);

/** The cells of a table's column, by the words of its head, from its body. */
export async function column(table: Locator, head: string): Promise<string[]> {
  const heads = (await table.locator("thead th").allTextContents()).map((text) => text.trim());
  const at = heads.indexOf(head);
  if (at < 0) throw new Error(`no column ${head} in ${heads.join(", ")}`);
  return table.locator(`tbody tr > :nth-child(${at + 1})`).allTextContents();
}

/** A figure of the row of totals, by its label. */
export function figure(page: Page, label: string): Locator {
  const term = page.getByRole("term").filter({ hasText: new RegExp(`^${label}$`) });
  return term.locator("xpath=following-sibling::dd[1]");
}

/** The table of a payout's rows. */
export const payoutRows = (page: Page): Locator => page.getByRole("table", { name: /Select an amount to see why/ });

/** The table of the what-if. */
export const whatIfRows = (page: Page): Locator => page.getByRole("region", { name: "What if", exact: true }).getByRole("table");
