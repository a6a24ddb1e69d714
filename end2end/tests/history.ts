// A small history of knowledge, made commit by commit: people, an agent, claims, a position, a challenge, and a file that
// cannot be read whole.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Change {
  author: string;
  message: string;
  files: Record<string, string>;
}

const claim = (title: string, more: string, text: string) =>
  `---\ntype: claim\n${more}confidence: likely\ncreated: 2026-03-01\n---\n# ${title}\n\n${text}\n`;

const CHANGES: Change[] = [
  {
    author: "Ada",
    message: "Tides and the moon\n\nReviewed-By: Ben",
    files: {
      "entities/kelvin.md": "---\ntype: person\nname: Kelvin\n---\n# Kelvin\n",
      "domains/sea/tides-rise.md": claim("Tides rise twice a day", "domain: sea\nsource: Kelvin, On tides\n", "See [[moon-pulls]]."),
      "domains/sea/moon-pulls.md": claim("The moon pulls the sea", "domain: sea\nsource: own observation\n", "As seen."),
    },
  },
  {
    author: "Relay",
    message: "rio: harbours grow (#12)\n\nReviewed-By: Ada\nPentagon-Agent: Rio <HEADLESS>",
    files: {
      "domains/trade/harbours-grow.md": claim(
        "Harbours grow where tides are small",
        "domain: trade\nsecondary_domains: [sea]\nsource: port books\n",
        "Stands on [[tides-rise]] and [[no-such-claim]].",
      ),
    },
  },
  {
    author: "Ada",
    message: "We build a harbour",
    files: { "positions/build-a-harbour.md": "---\ntype: position\n---\n# Build a harbour\n\nBecause [[harbours-grow]].\n" },
  },
  {
    author: "Ben",
    message: "Tides are not always twice a day",
    files: {
      "domains/sea/tides-rise.md": claim(
        "Tides rise twice a day",
        'domain: sea\nsource: Kelvin, On tides\nchallenged_by: ["Some coasts see one a day (Ben, 2026-03-04)"]\n',
        "See [[moon-pulls]].",
      ),
    },
  },
  { author: "Relay", message: "ingestion: archive", files: { "inbox/archive/port-books.md": "---\ntype: source\n---\n# Port books\n" } },
  { author: "Ben", message: "A claim that does not end", files: { "domains/sea/open.md": "---\ntype: claim\ndomain: sea\n# Open\n" } },
];

/** Makes the repository in a folder and returns its path. */
export function makeHistory(folder: string): string {
  const path = join(folder, "sea");
  mkdirSync(path, { recursive: true });
  const git = (words: string[], env: Record<string, string> = {}) =>
    execFileSync("git", words, {
      cwd: path,
      stdio: "pipe",
      env: { PATH: process.env.PATH!, HOME: folder, GIT_CONFIG_NOSYSTEM: "1", ...env },
    });
  git(["init", "--quiet", "--initial-branch=main"]);
  CHANGES.forEach((change, at) => {
    for (const [file, text] of Object.entries(change.files)) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }
    git(["add", "--all"]);
    const [email, date] = [`${change.author.toLowerCase()}@example.org`, `2026-03-0${at + 1}T12:00:00Z`];
    git(["commit", "--quiet", "--message", change.message], {
      GIT_AUTHOR_NAME: change.author,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: change.author,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    });
  });
  return path;
}
