import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eventually } from "../support/eventually.ts";
import { createRandom, type Member, pickSeed } from "../support/fault-cluster.ts";
import { canRun, modes, type Mode } from "../support/platforms.ts";
import { checkReviews, debuggers, jobProcessesOf, startReviewWorld } from "../support/review-world.ts";
import { locate } from "../support/servers.ts";

/**
 * F8 at length: `node test/faults/review-kills.ts [--mode M] [--kills N] [--pulls N]`. Each delivery comes a hundred times,
 * under its own id and under others, and pull requests are pushed to, while servers and job processes are killed and GitHub
 * answers slowly or drops connections. Prints what GitHub has at the end; exits with 1 when that is not each review once.
 */
const { values } = parseArgs({
  options: {
    mode: { type: "string" },
    kills: { type: "string", default: "20" },
    pulls: { type: "string", default: "12" },
  },
});
await locate();
const chosen = modes.filter((mode) => canRun(mode) && (values.mode === undefined || values.mode === mode));
if (chosen.length === 0)
  throw new Error(`No such mode here: ${values.mode}; there are: ${modes.join(", ")}.`);
const repeats = 100;
const endMs = 60_000;

let isBroken = false;
process.stdout.write(
  "| mode | servers killed | job processes killed | 202s | heads | reviews posted | line comments | dead letters started again | broken |\n|---|---|---|---|---|---|---|---|---|\n",
);
for (const mode of chosen) process.stdout.write(`${await runMode(mode)}\n`);
process.exit(isBroken ? 1 : 0);

async function runMode(mode: Mode): Promise<string> {
  const random = createRandom(pickSeed(`reviews, ${mode}`));
  const world = await startReviewWorld(mode, { REPOWRIGHT_WORKER_LEASE: "2s" });
  const { cluster, github } = world;
  try {
    const roles = mode === "embedded" ? [undefined] : ([["api"], ["worker"], ["scheduler"]] as const);
    const members: Member[] = await Promise.all(roles.map((each) => cluster.start(each)));
    const expected = new Map<number, { head: string; comments: number }>();
    let deliveries = 0;
    const sending: Promise<unknown>[] = [];
    const send = (number: number, head: string, more: { before?: string; at: string }, key: string): void => {
      for (let time = 0; time < repeats; time++)
        sending.push(
          (async () => {
            await sleep(random() * 1_000 * Number(values.kills));
            const id = time % 4 === 3 ? `${key}-${time}` : key;
            await world.submit(number, head, {
              id,
              ...more,
              ...(more.before === undefined ? {} : { action: "synchronize" }),
            });
            deliveries++;
          })(),
        );
    };
    for (let number = 1; number <= Number(values.pulls); number++) {
      const comments = 1 + (number % 3);
      const first = world.push(number, { [`src/p${number}.js`]: debuggers(comments) });
      expected.set(number, { head: first, comments });
      send(number, first, { at: "2026-03-01T10:00:00Z" }, `opened-${number}`);
    }
    spoil();
    let servers = 0;
    let jobs = 0;
    let pushes = 0;
    while (servers + jobs < Number(values.kills)) {
      await sleep(300 + random() * 1_200);
      // Every third time something new is pushed, so that a review is replaced while it runs or is posted.
      if ((servers + jobs) % 3 === 2 && pushes < expected.size / 2) pushAgain(++pushes);
      const at = Math.floor(random() * members.length);
      const victim = random() < 0.5 ? pickJobProcess() : null;
      if (victim !== null) {
        process.kill(victim, "SIGKILL");
        jobs++;
        continue;
      }
      const { roles: had } = members[at]!;
      await members[at]!.kill();
      servers++;
      members[at] = await cluster.start(mode === "embedded" ? undefined : had);
    }
    await Promise.all(sending);
    let revived = 0;
    const look = (): Promise<readonly string[]> => checkReviews(world, expected);
    const broken = await eventually("everything is right", endMs, async () => {
      revived += await revive();
      const found = await look();
      return found.length === 0 ? found : null;
    }).catch(look);
    for (const line of broken) process.stderr.write(`${line}\n`);
    if (broken.length > 0) {
      isBroken = true;
      const { body } = await cluster.get("/v1/jobs?kind=review&limit=100");
      for (const { id, status, attempt, error, commit } of body["items"] as Record<string, unknown>[])
        if (status !== "completed")
          process.stderr.write(`${JSON.stringify({ id, status, attempt, commit, error })}\n`);
    }
    const sum = (lists: Iterable<readonly unknown[]>): number =>
      [...lists].reduce((count, list) => count + list.length, 0);
    const { reviews, lineComments } = github.state;
    return `| ${[mode, servers, jobs, deliveries, world.accepted.size, sum(reviews.values()), sum(lineComments.values()), revived, broken.length].join(" | ")} |`;

    /** A job that lost three processes is a dead letter, which an operator starts again. */
    async function revive(): Promise<number> {
      const { body } = await cluster.get("/v1/jobs?kind=review&status=failed&limit=100");
      const dead = (body["items"] as { id: string; error: { code: string } }[]).filter(
        ({ error }) => error.code === "worker-lost",
      );
      for (const { id } of dead) await cluster.request(`/v1/jobs/${id}/retry`, {});
      return dead.length;
    }

    function pushAgain(number: number): void {
      const { head: before, comments } = expected.get(number)!;
      const head = world.push(number, { [`src/q${number}.js`]: debuggers(1, "again") });
      expected.set(number, { head, comments: comments + 1 });
      send(number, head, { before, at: "2026-03-02T10:00:00Z" }, `pushed-${number}`);
    }

    function pickJobProcess(): number | null {
      const found = members.filter((member) => member.isUp()).flatMap(({ pid }) => jobProcessesOf(pid));
      return found[Math.floor(random() * found.length)] ?? null;
    }
  } finally {
    await world.close();
  }

  /** GitHub is slow all the time, and now and then it does what it is asked without saying so. */
  function spoil(): void {
    for (let times = 0; times < 40; times++)
      github.fail({ method: "POST", kind: random() < 0.3 ? "reset-after" : "slow", delayMs: random() * 800 });
    github.fail({ kind: "slow", delayMs: 150, times: Infinity });
  }
}
