import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { loadConfig } from "../../config/load.ts";
import type { ServeOptions } from "../../contracts/serving.ts";
import type { Services } from "../../contracts/services.ts";
import command from "./serve.command.ts";

async function serve(
  options: { readonly roles?: string; readonly host?: string; readonly port?: string },
  given: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly isInteractive?: boolean;
    readonly url?: string | null;
  } = {},
) {
  const home = temporaryFolder();
  const config = loadConfig({ environment: { HOME: home, ...given.environment }, flags: {}, cwd: home });
  const asked: ServeOptions[] = [];
  const stopping = new AbortController();
  const terminal = { ...recordTerminal(), isInteractive: given.isInteractive ?? false };
  const { url = "http://127.0.0.1:4000" } = given;
  const services = {
    config,
    serve(wanted: ServeOptions, signal: AbortSignal) {
      asked.push(wanted);
      const stopped = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
      setTimeout(() => stopping.abort(), 10);
      return Promise.resolve({ url, stopped });
    },
  } as unknown as Services;
  const code = await command.run({
    positionals: [],
    options: { roles: undefined, host: undefined, port: undefined, ...options },
    services,
    terminal,
    cwd: home,
    signal: stopping.signal,
  });
  return { code, asked: asked[0], output: terminal.output(), notes: terminal.notes() };
}

test("settings say what is served where, and options win over them", async () => {
  const all = { roles: ["api", "worker", "scheduler"], host: "127.0.0.1", port: 4000 };
  expect(await serve({})).toMatchObject({ code: 0, asked: all });
  const environment = { REPOWRIGHT_SERVER_PORT: "5000", REPOWRIGHT_SERVER_ROLES: "worker" };
  expect((await serve({}, { environment })).asked).toMatchObject({ port: 5000, roles: ["worker"] });
  const options = { port: "0", roles: "api, scheduler", host: "::1" };
  expect((await serve(options, { environment })).asked).toEqual({
    port: 0,
    roles: ["api", "scheduler"],
    host: "::1",
  });
});

test.each([{ port: "70000" }, { port: "x" }, { roles: "cook" }, { roles: "" }])(
  "refuses %j",
  async (options) => {
    await expect(serve(options)).rejects.toMatchObject({ code: "usage" });
  },
);

describe("what to try", () => {
  test("is told on a terminal, without the token", async () => {
    const environment = { REPOWRIGHT_SERVER_TOKEN: "s3cret-t0ken" };
    const { output, notes } = await serve({}, { isInteractive: true, environment });
    expect(output).toBe("");
    expect(notes.match(/^ {2}curl .*http:\/\/127\.0\.0\.1:4000/gm)).toHaveLength(3);
    expect(notes).toContain("$REPOWRIGHT_SERVER_TOKEN");
    expect(notes).not.toContain("s3cret");
    expect((await serve({}, { isInteractive: true })).notes).not.toContain("authorization");
  });

  test("is not told where nobody reads it, nor without an API", async () => {
    expect((await serve({})).notes).toBe("");
    expect((await serve({}, { isInteractive: true, url: null })).notes).toBe("");
  });
});
