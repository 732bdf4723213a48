import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { until } from "../../../test/support/child-processes.ts";
import { createFakeJobs, type FakeJobs } from "../../../test/support/fake-jobs.ts";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { isAppError } from "../../base/errors.ts";
import { parseArguments } from "../../cli/arguments.ts";
import type { Job } from "../../contracts/job.ts";
import type { Services } from "../../contracts/services.ts";
import { commands } from "../registry.generated.ts";

const source = "https://git.example/a/b";
const context = { caller: "local", allowsLocalSources: true };
const failure = {
  code: "git-failed" as const,
  message: "Git said \u001b[2J no.",
  help: "Look.",
  retry: false,
  traceId: null,
};

function start(terminal: { readonly isInteractive?: boolean; readonly columns?: number } = {}) {
  const jobs = createFakeJobs();
  const leaving = new AbortController();
  const call = async (line: readonly string[]) => {
    const recorded = { ...recordTerminal({ columns: terminal.columns ?? 100 }), progressed: [] as string[] };
    Object.assign(recorded, {
      isInteractive: terminal.isInteractive ?? false,
      progress: ({ message }: { message: string }) => void recorded.progressed.push(message),
    });
    const entry = commands.find((one) => one.name === line.slice(0, 2).join(" "))!;
    const command = (await entry.load()).default;
    const { positionals, options } = parseArguments(command, line.slice(2));
    const code = await command
      .run({
        positionals,
        options: options as never,
        services: { jobs: () => Promise.resolve({ jobs, through: "database" }) } as unknown as Services,
        terminal: recorded,
        cwd: "/somewhere/here",
        signal: leaving.signal,
      })
      .catch((error: unknown) => {
        if (isAppError(error)) return error.code;
        throw error;
      });
    return { code, output: recorded.output(), notes: recorded.notes(), progressed: recorded.progressed };
  };
  return { jobs, leaving, run: (line: string, ...more: string[]) => call([...line.split(" "), ...more]) };
}

async function add(jobs: FakeJobs, rev?: string): Promise<Job> {
  return (await jobs.start({ kind: "analyze", source, rev }, context)).job;
}

describe("jobs list", () => {
  test("is aligned, within the terminal, and harmless", async () => {
    const { jobs, run } = start({ isInteractive: true, columns: 80 });
    const first = await add(jobs);
    const second = await add(jobs);
    jobs.become(first.id, "failed", { error: failure });
    jobs.become(second.id, "processing");
    jobs.progress(second.id, 0.25, "Reading history");
    const { code, output } = await run("jobs list");
    const lines = output.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^[\da-f-]{18} {2}processing {2}analyze {2}now {2}https/);
    expect(lines[1]).toMatch(/^[\da-f-]{18} {2}failed {6}analyze {2}now {2}https/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(output).not.toContain("\u001b");
  });

  test("gives whole ids to other programs, and everything with --all", async () => {
    const { jobs, run } = start();
    const ids: string[] = [];
    for (let n = 0; n < 130; n++) ids.unshift((await add(jobs)).id);
    const shown = (output: string) =>
      output
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(0, 36));
    expect(shown((await run("jobs list")).output)).toEqual(ids.slice(0, 20));
    expect(shown((await run("jobs list --limit 3")).output)).toEqual(ids.slice(0, 3));
    expect(shown((await run("jobs list --all")).output)).toEqual(ids);
    const { output } = await run("jobs list --all --json");
    expect((JSON.parse(output) as { jobs: Job[] }).jobs.map((job) => job.id)).toEqual(ids);
  });

  test.each(["--status odd", "--limit 0", "--limit x"])("refuses %s", async (options) => {
    expect((await start().run(`jobs list ${options}`)).code).toBe("usage");
  });

  test("of nothing says so, but not in the data", async () => {
    expect(await start().run("jobs list")).toMatchObject({ code: 0, output: "", notes: /no such jobs/ });
  });
});

describe("jobs show", () => {
  test("tells all there is, by the beginning of an id too", async () => {
    const { jobs, run } = start();
    const { id } = await add(jobs);
    expect((await run(`jobs show ${id}`)).output).toContain("It is the next. (place 1, in about 2 s)");
    jobs.become(id, "processing");
    jobs.become(id, "failed", { error: failure });
    const { output } = await run(`jobs show ${id.slice(0, 20)}`);
    expect(output).toMatch(new RegExp(`^id +${id}\n`));
    expect(output).toMatch(/^status +failed: git-failed: Git said \\x1b\[2J no\.$/m);
    expect(output).toMatch(/^attempts\n {2}1 {2}failed +\d+ ms +w1/m);
    expect(output).toMatch(/^steps\n {2}clone: under way$/m);
    expect(output).not.toContain("\u001b");
    const json = JSON.parse((await run(`jobs show ${id} --json`)).output) as object;
    expect(json).toMatchObject({ id, place: null, attempts: [{ attempt: 1 }], steps: [{ name: "clone" }] });
  });

  test("of an id that nobody or that several have", async () => {
    const { jobs, run } = start();
    const { id } = await add(jobs);
    await add(jobs);
    expect((await run(`jobs show ${id.slice(0, 8)}`)).code).toBe("usage");
    expect((await run("jobs show 00000000-0000")).code).toBe("job-unknown");
    expect((await run("jobs show nonsense")).code).toBe("job-unknown");
  });
});

describe("jobs watch", () => {
  const live = (jobs: FakeJobs, id: string, end: "completed" | "failed") => {
    jobs.become(id, "processing");
    jobs.progress(id, 0.5, "Reading\u001b[2J");
    jobs.become(id, end, end === "completed" ? { result: "1" } : { error: failure });
  };

  test("writes a line for each event where it is piped", async () => {
    const { jobs, run } = start();
    const { id } = await add(jobs);
    const watching = run(`jobs watch ${id}`);
    await until(() => jobs.calls.includes("follow 0"), "stream");
    live(jobs, id, "completed");
    const { code, output, notes } = await watching;
    expect(code).toBe(0);
    const lines = output
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^[\d:]{8} {2}/, ""));
    expect(lines).toEqual([
      "state     pending",
      "state     processing, attempt 1",
      String.raw`progress  Reading\x1b[2J 50 %`,
      "state     completed, attempt 1",
    ]);
    expect(notes).toContain(`repowright jobs result ${id}`);
  });

  test("shows progress as one line on a terminal, and the reason of a failure", async () => {
    const { jobs, run } = start({ isInteractive: true });
    const { id } = await add(jobs);
    live(jobs, id, "failed");
    const { code, output, notes, progressed } = await run(`jobs watch ${id}`);
    expect(code).toBe(1);
    expect(output).not.toContain("progress");
    expect(progressed).toEqual(["Reading\u001b[2J"]);
    expect(notes).toContain("git-failed: Git said");
    expect(notes + output).not.toContain("\u001b");
  });

  test("is lines of JSON with --json, and nothing else", async () => {
    const { jobs, run } = start();
    const { id } = await add(jobs);
    live(jobs, id, "completed");
    const { output, notes } = await run(`jobs watch ${id} --json`);
    const events = output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq: number });
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
    expect(notes).toBe("");
  });

  test("tells what a waiting job asks and how to answer", async () => {
    const { jobs, run } = start();
    const { id } = await add(jobs);
    jobs.become(id, "waiting", { approval: { name: "push", question: "Push 3 commits?" } });
    const watching = run(`jobs watch ${id}`);
    await until(() => jobs.calls.includes("follow 0"), "stream");
    await until(() => jobs.calls.filter((call) => call === "get").length > 1, "question");
    expect((await run(`jobs approve ${id} --comment`, "go ahead")).code).toBe(0);
    expect(jobs.calls).toContain("decide true go ahead");
    live(jobs, id, "completed");
    expect((await watching).notes).toMatch(/Push 3 commits\?\n.*jobs approve/);
  });

  test("ends with Ctrl-C", async () => {
    const { jobs, run, leaving } = start();
    const { id } = await add(jobs);
    setTimeout(() => leaving.abort(), 30);
    await expect(run(`jobs watch ${id}`)).rejects.toThrow("aborted");
  });
});

test("jobs result is the text as it is stored", async () => {
  const { jobs, run } = start();
  const { id } = await add(jobs);
  expect((await run(`jobs result ${id}`)).code).toBe("job-state");
  jobs.become(id, "completed", { result: '{"a" : 1}' });
  expect((await run(`jobs result ${id}`)).output).toBe('{"a" : 1}\n');
});

describe("for several jobs", () => {
  test("one that cannot does not keep the others from it", async () => {
    const { jobs, run } = start();
    const [a, b, c] = [await add(jobs), await add(jobs), await add(jobs)];
    jobs.become(a.id, "failed");
    jobs.become(c.id, "failed");
    const { code, output, notes } = await run(`jobs retry ${a.id} ${b.id} ${c.id}`);
    expect(code).toBe(1);
    expect(output).toBe(`${a.id}  pending\n${c.id}  pending\n`);
    expect(notes).toContain(b.id);
    expect((await run(`jobs cancel ${a.id} ${b.id}`)).code).toBe(0);
    const { output: json } = await run(`jobs delete ${a.id} nonsense --json`);
    expect(JSON.parse(json)).toMatchObject({
      jobs: [
        { id: a.id, status: "deleted" },
        { id: "nonsense", error: { code: "job-unknown" } },
      ],
    });
    expect(jobs.size()).toBe(2);
  });

  test("dead ones are listed with the reason, and start anew by kind", async () => {
    const { jobs, run } = start();
    const [a, b] = [await add(jobs), await add(jobs)];
    await add(jobs);
    for (const { id } of [a, b]) jobs.become(id, "failed", { error: failure });
    const { output } = await run("jobs dead");
    expect(output.trimEnd().split("\n")).toHaveLength(2);
    expect(output).toContain("git-failed");
    expect((await run("jobs dead --retry")).code).toBe("usage");
    expect((await run("jobs dead --retry --kind other")).output).toBe("");
    expect((await run("jobs dead --retry --kind analyze")).output).toMatch(/pending\n.*pending\n$/);
    expect((await run("jobs dead")).notes).toContain("No job was given up");
  });
});

describe("jobs start", () => {
  test("stores the job with its options, and says how to follow it", async () => {
    const { jobs, run } = start();
    const { code, output, notes } = await run(
      "jobs start analyze . --rev main --priority 5 --options",
      '{"lines":false}',
    );
    expect(code).toBe(0);
    const job = await jobs.get(output.trim());
    expect(job).toMatchObject({
      source: "/somewhere/here",
      rev: "main",
      priority: 5,
      options: { lines: false },
    });
    expect(notes).toContain(`jobs watch ${job.id}`);
    const { output: remote } = await run(`jobs start analyze ${source} --json`);
    expect(JSON.parse(remote)).toMatchObject({ source });
  });

  test("can wait for the end", async () => {
    const { jobs, run } = start();
    const watching = run(`jobs start analyze ${source} --watch`);
    await until(() => jobs.calls.includes("follow 0"), "stream");
    const { items } = await jobs.list({}, { limit: 1 });
    jobs.become(items[0]!.id, "cancelled");
    expect((await watching).code).toBe(1);
  });

  test.each([["--options", "[1]"], ["--options", "{"], ["--priority", "1.5"], ["--priority=101"]])(
    "refuses %s %s",
    async (...options) => {
      const { jobs, run } = start();
      expect((await run(`jobs start analyze ${source}`, ...options)).code).toBe("usage");
      expect(jobs.size()).toBe(0);
    },
  );
});
