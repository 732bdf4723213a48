import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { loadConfig } from "../../config/load.ts";
import { settingKeys } from "../../config/schema.ts";
import type { Services } from "../../contracts/services.ts";
import command from "./config-show.command.ts";

const secret = "s3cret-v4lue";

async function show(json: boolean): Promise<string> {
  const home = temporaryFolder();
  const environment = {
    HOME: home,
    REPOWRIGHT_GIT_TOKENS: `git.example=${secret}`,
    REPOWRIGHT_LOG_LEVEL: "debug",
  };
  const config = loadConfig({ environment, flags: { "limits.paths": "7" }, cwd: home });
  const terminal = recordTerminal();
  const code = await command.run({
    positionals: [],
    options: { json },
    services: { config } as Services,
    terminal,
    cwd: home,
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  expect(terminal.notes()).toBe("");
  return terminal.output();
}

test("every setting has a line with its value and where it came from", async () => {
  const lines = (await show(false)).trimEnd().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(settingKeys);
  expect(lines.find((line) => line.startsWith("log.level"))).toMatch(
    / "debug" +environment REPOWRIGHT_LOG_LEVEL$/,
  );
  expect(lines.find((line) => line.startsWith("limits.paths"))).toMatch(/ 7 +flag --limits-paths$/);
  expect(lines.find((line) => line.startsWith("git.program"))).toMatch(/ "git" +default$/);
});

test("--json is the same as an object", async () => {
  const { settings } = JSON.parse(await show(true)) as { settings: { key: string; origin: string }[] };
  expect(settings.map((setting) => setting.key)).toEqual(settingKeys);
  expect(settings).toContainEqual({ key: "limits.paths", value: 7, origin: "flag --limits-paths" });
});

test.each([true, false])("no secret is shown (json: %s)", async (json) => {
  const text = await show(json);
  expect(text).toContain("git.example");
  expect(text).not.toContain(secret);
});
