// A server of its own for each file of tests, on a free port, with an empty database.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { makeHistory } from "./history";

const BINARY = process.env.TRIBUTARY_BIN ?? resolve(import.meta.dirname, "../../target/debug/tributary");
const STARTS_WITHIN_MS = 30_000;

/** How a server is to be started. */
export interface Options {
  /** Lines of its API key file, `name secret`; without it anybody may write. */
  keys?: string;
  /** Whether a small history of knowledge is imported, as by an operator. */
  history?: boolean;
  /** Whether it may be asked about the commits of that history. */
  repository?: boolean;
}

/** A server that runs. */
export class Server {
  private constructor(
    /** Where it listens: `http://127.0.0.1:34567`. */
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts one and waits until it listens. */
  static async start(options: Options = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "tributary-e2e-"));
    const database = ["--database", `sqlite://${join(folder, "e2e.db")}`];
    const words = ["serve", "--addr", "127.0.0.1:0", ...database];
    if (options.keys !== undefined) {
      const file = join(folder, "keys");
      await writeFile(file, options.keys, { mode: 0o600 });
      words.push("--api-key-file", file);
    }
    // The caller's own settings must not change what is tested.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TRIBUTARY_")));
    if (options.history) {
      execFileSync(BINARY, ["import", "git", makeHistory(folder), ...database], { env, stdio: "pipe" });
    }
    if (options.repository) words.push("--repository", makeHistory(folder));
    const child = spawn(BINARY, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    return new Server(await listening(child), child, folder);
  }

  /** Ends it and removes what it kept. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGTERM");
      // A browser may hold a connection open; nobody waits for it here.
      const late = setTimeout(() => this.process.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(late);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The address that a server prints once it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let log = "";
    const fail = (why: string) => failed(new Error(`${BINARY} ${why}\n${log}`));
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      fail("did not say in time where it listens");
    }, STARTS_WITHIN_MS);
    child.stderr!.on("data", (part) => (log = (log + part).slice(-4_000)));
    child.once("error", (error) => fail(`cannot be run: ${error.message}`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const address = /^Tributary listens on (http:\/\/\S+)$/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(late);
      found(address);
    });
  });
}
