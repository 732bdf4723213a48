import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../../test/support/repositories.ts";
import { AppError } from "../base/errors.ts";
import { configReference, describeConfig } from "./describe.ts";
import { type ConfigInput, describeOrigin, loadConfig } from "./load.ts";
import { environmentName, flagName, isSecret, type SettingKey, settingKeys, settings } from "./schema.ts";

interface Given {
  readonly user?: string;
  readonly project?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: ConfigInput["flags"];
}

/** A home with a user file, and inside it a project with a file of its own and a folder to stand in. */
function given({ user, project, environment = {}, flags = {} }: Given) {
  const home = temporaryFolder();
  const userFile = join(home, ".config", "repowright", "config.toml");
  const projectFile = join(home, "project", "repowright.toml");
  const cwd = join(home, "project", "deep", "down");
  for (const folder of [dirname(userFile), cwd]) mkdirSync(folder, { recursive: true });
  if (user !== undefined) writeFileSync(userFile, user);
  if (project !== undefined) writeFileSync(projectFile, project);
  const load = () => loadConfig({ environment: { HOME: home, ...environment }, flags, cwd });
  return { home, userFile, projectFile, cwd, load };
}

function failure(load: () => unknown): AppError {
  try {
    load();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It was expected to fail.");
}

describe("the strongest place wins and is named", () => {
  const user = "[limits]\npaths = 6";
  const project = "[limits]\npaths = 3";
  const environment = { REPOWRIGHT_LIMITS_PATHS: "4" };
  const flags = { "limits.paths": "5" };
  test.each([
    [{}, 500_000, () => "default"],
    [{ user }, 6, (at: ReturnType<typeof given>) => `user file ${at.userFile}`],
    [{ user, project }, 3, (at: ReturnType<typeof given>) => `project file ${at.projectFile}`],
    [{ user, project, environment }, 4, () => "environment REPOWRIGHT_LIMITS_PATHS"],
    [{ user, project, environment, flags }, 5, () => "flag --limits-paths"],
    [{ user, flags }, 5, () => "flag --limits-paths"],
  ])("%j", (places, value, origin) => {
    const at = given(places);
    const { values, origins } = at.load();
    expect(values["limits.paths"]).toBe(value);
    expect(describeOrigin(origins["limits.paths"])).toBe(origin(at));
    expect(describeOrigin(origins["limits.file_bytes"])).toBe("default");
  });
});

test.each([
  ["limits.file_bytes", "1024", 1024],
  ["limits.file_bytes", "512KB", 512 * 1024],
  ["limits.file_bytes", "1.5 MiB", 1.5 * 2 ** 20],
  ["git.clone_timeout", "250", 250],
  ["git.clone_timeout", "10m", 600_000],
  ["git.clone_timeout", "0.5h", 1_800_000],
  ["git.protocols", "https, ,file", ["https", "file"]],
  ["git.protocols", "", []],
  ["git.allow_private_hosts", "YES", true],
  ["git.allow_private_hosts", "0", false],
  ["analyze.workers", " 3 ", 3],
] satisfies [SettingKey, string, unknown][])("%s from the text %j is %j", (key, text, value) => {
  expect(given({ flags: { [key]: text } }).load().values[key]).toEqual(value);
});

test("files give numbers, lists and tables as they are", () => {
  const user =
    '[git]\nprotocols = ["https"]\nclone_timeout = 5\n[git.tokens]\n"github.com" = "a"\n"gitlab.com" = "b=c"';
  const { values } = given({ user }).load();
  expect(values["git.protocols"]).toEqual(["https"]);
  expect(values["git.clone_timeout"]).toBe(5);
  expect(values["git.tokens"]).toEqual({ "github.com": "a", "gitlab.com": "b=c" });
});

test.each([
  ["limits.file_bytes", "-1"],
  ["limits.file_bytes", "1 parsec"],
  ["limits.paths", "0"],
  ["limits.paths", ""],
  ["limits.paths", "1.5"],
  ["limits.paths", "0x10"],
  ["git.clone_timeout", "10 minutes"],
  ["git.allow_private_hosts", "maybe"],
  ["log.level", "loud"],
] satisfies [SettingKey, string][])("%s does not take %j and says what it takes", (key, text) => {
  const error = failure(given({ flags: { [key]: text } }).load);
  expect(error.code).toBe("config-invalid");
  expect(error.message).toContain(
    `Setting ${key} (flag --${flagName(key)}): ${JSON.stringify(text)} does not fit`,
  );
  expect(error.message).toMatch(/expected/i);
});

test.each(["limits.paths = true", "log.level = 2020-01-01", "git.protocols = [1]"])(
  "a file may not say %s",
  (user) => {
    const at = given({ user });
    const error = failure(at.load);
    expect(error.message).toContain(`user file ${at.userFile}`);
    expect(error.message).toContain(user.split(" ")[0]);
  },
);

describe("files", () => {
  test.each([
    ["limit.paths", "[limit]\npaths = 1", "limits.paths"],
    ["git.clone_timout", "[git]\nclone_timout = 1", "git.clone_timeout"],
    ["workers", "workers = 1", "analyze.workers"],
    ["nothing.like.it", "[nothing.like]\nit = 1", undefined],
  ])("%s is not a setting", (key, user, meant) => {
    const at = given({ user });
    const error = failure(at.load);
    expect(error.code).toBe("config-invalid");
    expect(error.message).toContain(`${at.userFile} sets ${key}, which is not a setting.`);
    expect(/Did you mean (.*)\?/.exec(error.message)?.[1]).toBe(meant);
  });

  test.each(settingKeys.filter((key) => /^(data_dir|git\.|log\.|cache\.)/.test(key)))(
    "%s is the operator's: not for a project file, even with a fitting value",
    (key) => {
      const line = `${key} = ${JSON.stringify(settings[key].parse(undefined)).replace(/^\{\}$/, '{ "h" = "t" }')}`;
      const at = given({ project: line });
      expect(failure(at.load).message).toContain(`${at.projectFile} sets ${key}, which only`);
      expect(() => given({ user: line }).load()).not.toThrow();
    },
  );

  test.each([
    ["user", "[limits]\npaths = 1\nfile_bytes = = 2\n", 3],
    ["project", '[limits]\n\n\nfile_bytes = "2', 4],
  ] as const)("a broken %s file is named with its line", (which, text, line) => {
    const at = given({ [which]: text });
    const error = failure(at.load);
    expect(error.code).toBe("config-invalid");
    expect(error.message).toContain(`${at[`${which}File`]}:${line}:`);
    expect(error.message).not.toContain("\n");
  });

  test("a project file is found from any folder below", () => {
    const at = given({ project: "[limits]\npaths = 7" });
    mkdirSync(join(at.cwd, "repowright.toml"));
    expect(at.load().values["limits.paths"]).toBe(7);
  });

  test("a project file may lower a limit, not raise it", () => {
    expect(given({ project: "[limits]\npaths = 499999" }).load().values["limits.paths"]).toBe(499_999);
    const at = given({ user: "[limits]\npaths = 10", project: "[limits]\npaths = 11" });
    expect(failure(at.load).message).toContain(`11 is above 10 (user file ${at.userFile})`);
  });

  test("a link to a device is no settings file: reading /dev/zero would never end", () => {
    const at = given({ project: "[limits]\npaths = 7" });
    // Undefended, this one would be read as an empty file; the other would take all memory.
    symlinkSync("/dev/null", join(at.cwd, "repowright.toml"));
    expect(at.load().values["limits.paths"]).toBe(7);
  });

  test("a file too large to be settings is refused", () => {
    const at = given({ project: `# ${"x".repeat(2 ** 20)}` });
    expect(failure(at.load).message).toContain(at.projectFile);
  });
});

describe("data_dir", () => {
  test.each([
    [{}, {}, ".local/share/repowright"],
    [{ XDG_DATA_HOME: "/xdg" }, {}, "/xdg/repowright"],
    [{ REPOWRIGHT_DATA_DIR: "own" }, {}, "project/deep/down/own"],
    [{ REPOWRIGHT_DATA_DIR: "own" }, { data_dir: "/flag" }, "/flag"],
  ])("environment %j, flags %j", (environment, flags, expected) => {
    const at = given({ environment, flags });
    const wanted = expected.startsWith("/") ? expected : join(at.home, expected);
    expect(at.load().values["data_dir"]).toBe(wanted);
  });

  test("XDG_CONFIG_HOME moves the user file", () => {
    const at = given({ project: "" });
    const folder = join(at.home, "elsewhere");
    mkdirSync(join(folder, "repowright"), { recursive: true });
    writeFileSync(join(folder, "repowright", "config.toml"), "[limits]\npaths = 9");
    const input = { environment: { HOME: at.home, XDG_CONFIG_HOME: folder }, flags: {}, cwd: at.cwd };
    expect(loadConfig(input).values["limits.paths"]).toBe(9);
  });
});

describe("secrets", () => {
  const secret = "s3cret-v4lue";

  test("are masked where settings are shown, their names are not", () => {
    const user = `[git]\nproxy = "http://me:${secret}@proxy.example:3128"\n[git.tokens]\n"github.com" = "${secret}"`;
    const shown = describeConfig(given({ user }).load());
    expect(shown.map((setting) => setting.key)).toEqual(settingKeys);
    expect(shown.find((setting) => setting.key === "git.tokens")?.value).toEqual({
      "github.com": "********",
    });
    expect(JSON.stringify(shown)).toContain("proxy.example:3128");
    expect(JSON.stringify(shown)).not.toContain(secret);
  });

  test.each([
    ["a value of the wrong kind", { user: `[git]\ntokens = ["${secret}"]` }],
    ["text that is no table", { environment: { REPOWRIGHT_GIT_TOKENS: secret } }],
    ["a file that is broken right there", { user: `[git.tokens]\n"github.com" = "${secret}` }],
    ["a file that is broken in the next line", { user: `[git.tokens]\n"github.com" = "${secret}"\n= 1` }],
    ["a table with a wrong name", { user: `[git.token]\n"github.com" = "${secret}"` }],
  ] satisfies [string, Given][])("stay out of the failure: %s", (_, places) => {
    const error = failure(given(places).load);
    expect(error.code).toBe("config-invalid");
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      expect(at.message).not.toContain(secret);
      expect(at.stack).not.toContain(secret);
    }
  });
});

describe("the definition of every setting", () => {
  test.each(settingKeys)("%s has a description, and a default that fits", (key) => {
    const schema: z.ZodType = settings[key];
    expect(z.globalRegistry.get(schema)?.description).toMatch(/^[A-Z].*[.`]$/);
    expect(schema.parse(undefined)).toEqual(schema.parse(schema.parse(undefined)));
    expect(key).toMatch(/^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?$/);
  });

  test("names of environment variables and flags are unique", () => {
    expect(new Set(settingKeys.map(environmentName)).size).toBe(settingKeys.length);
    expect(new Set(settingKeys.map(flagName)).size).toBe(settingKeys.length);
    expect(environmentName("git.clone_timeout")).toBe("REPOWRIGHT_GIT_CLONE_TIMEOUT");
    expect(flagName("git.clone_timeout")).toBe("git-clone-timeout");
  });

  test("tokens are secret, and the reference offers no flag for what is secret", () => {
    const secrets = settingKeys.filter(isSecret);
    expect(secrets).toEqual([
      "database.url",
      "redis.url",
      "server.token",
      "server.tokens",
      "git.tokens",
      "llm.keys",
      "webhooks.secrets",
      "hosts.tokens",
      "hosts.github_private_key",
    ]);
    const lines = configReference().split("\n");
    for (const key of secrets)
      expect(lines.find((line) => line.startsWith(`| \`${key}\``))).not.toContain(`--${flagName(key)}`);
    expect(lines.find((line) => line.startsWith("| `git.proxy`"))).toContain("--git-proxy");
  });
});
