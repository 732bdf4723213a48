import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { startCluster, type Cluster } from "../support/fault-cluster.ts";
import { startGitServer } from "../support/git-http-server.ts";
import { canRun, type Mode } from "../support/platforms.ts";

/** Whether a small file system can be mounted here: root in a container often may not. */
function mountSmall(folder: string, size: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]).status === 0;
}

const place = mkdtempSync(join(tmpdir(), "repowright-disk-"));
const canMount = process.getuid?.() === 0 && mountSmall(join(place, "probe"), "1m");
if (canMount) execFileSync("umount", [join(place, "probe")]);

describe.skipIf(!canMount)("F10: disk full", () => {
  const repository = join(place, "large.git");
  beforeAll(() => {
    const tree = join(place, "tree");
    mkdirSync(tree);
    const git = (...args: string[]): void => void execFileSync("git", args, { cwd: tree, stdio: "ignore" });
    git("init", "-b", "main");
    for (let each = 0; each < 8; each++) writeFileSync(join(tree, `blob-${each}`), randomBytes(3 * 2 ** 20));
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-m", "large");
    execFileSync("git", ["clone", "--bare", "-q", tree, repository]);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  async function withSmallDisk(
    mode: Mode,
    size: string,
    work: (cluster: Cluster) => Promise<void>,
  ): Promise<void> {
    const dataDir = join(place, "data");
    expect(mountSmall(dataDir, size)).toBe(true);
    const cluster = await startCluster(
      mode,
      {
        FAULT_KINDS: "real",
        REPOWRIGHT_GIT_PROTOCOLS: "http,file",
        REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
        REPOWRIGHT_DATABASE_BALLAST_BYTES: "8mb",
        REPOWRIGHT_DATABASE_SNAPSHOT_EVERY: "0",
      },
      { dataDir },
    );
    try {
      await work(cluster);
    } finally {
      await cluster.close();
      execFileSync("umount", ["-l", dataDir]);
    }
  }

  test.skipIf(!canRun("postgres"))(
    "a clone that does not fit fails clearly and leaves nothing",
    () =>
      withSmallDisk("postgres", "12m", async (cluster) => {
        const member = await cluster.start();
        const server = await startGitServer(place, { allowsFilter: false });
        const id = await analyze(cluster, `${server.url}/large.git`);
        const attempt = await eventually("an attempt to end", 20_000, async () => {
          const { body } = await cluster.get(`/v1/jobs/${id}`);
          return (body["attempts"] as { outcome: string | null }[])?.find((each) => each.outcome !== null);
        });
        // Tried again: by then somebody may have made room.
        expect(attempt).toMatchObject({ outcome: "failed", error: { code: "disk-full", retry: true } });
        expect((await cluster.get("/health")).status).toBe(200);
        expect(member.isUp()).toBe(true);
        const left = Number(
          execFileSync("du", ["-sm", cluster.dataDir], { encoding: "utf8" }).split("\t")[0],
        );
        expect(left).toBeLessThan(6);
      }),
    60_000,
  );

  test(
    "the embedded database's disk: the server stays up and says so, and goes on when there is room",
    () =>
      withSmallDisk("embedded", "200m", async (cluster) => {
        const member = await cluster.start();
        const before = await analyze(cluster);
        const filling = join(cluster.dataDir, "filling");
        writeFileSync(filling, Buffer.alloc(0));
        spawnSync("dd", ["if=/dev/zero", `of=${filling}`, "bs=64k"], { stdio: "ignore" });
        // What is written goes into pages that are there, for a while.
        const refused = await eventually("a refusal", 30_000, async () => {
          const { status, body } = await post(cluster, { rev: randomBytes(200).toString("hex") });
          return status !== 202 && { status, body };
        });
        expect(refused.status, member.said().slice(-3_000)).not.toBe(0);
        expect(["disk-full", "database-unavailable"]).toContain(refused.body["code"]);
        expect((await cluster.get("/health/live")).status).toBe(200);
        expect(member.isUp()).toBe(true);
        rmSync(filling);
        await eventually(
          "a job to be accepted again",
          20_000,
          async () => (await post(cluster, {})).status === 202,
        );
        await eventually("the first job to end", 20_000, async () => {
          const { body } = await cluster.get(`/v1/jobs/${before}`);
          return ["completed", "failed"].includes(String(body["status"]));
        });
        expect(readdirSync(cluster.dataDir).length).toBeGreaterThan(0);
      }),
    90_000,
  );

  const post = (cluster: Cluster, more: object) =>
    cluster.request("/v1/jobs", { kind: "analyze", source: `file://${repository}`, ...more });
  async function analyze(cluster: Cluster, source = `file://${repository}`): Promise<string> {
    const { status, body } = await post(cluster, { source });
    expect(status).toBe(202);
    return String(body["id"]);
  }
});
