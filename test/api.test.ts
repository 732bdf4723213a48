import { expect, test } from "vitest";
import { settingKeys } from "../src/config/schema.ts";
import { startApi } from "./support/api.ts";

/** What holds for every route there is. */

test("there are routes, each with a path of its own, a summary and a group", async () => {
  const { definitions } = await startApi();
  expect(definitions.length).toBeGreaterThan(15);
  const keys = definitions.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { summary, tag, path, status } of definitions) {
    expect(summary, path).toMatch(/^[A-Z].{5,78}[^.]$/);
    expect(tag, path).toMatch(/^[a-z]+$/);
    expect(path).toMatch(/^\/([a-z0-9:/]*[a-z0-9])?$/i);
    expect(status, path).toBeGreaterThanOrEqual(200);
  }
});

test("strangers are refused by every route that is not public, before anything else", async () => {
  const { url, definitions, jobs } = await startApi({ token: "secret-token" });
  const members = definitions.filter((route) => route.access === "member");
  expect(members.length).toBeGreaterThan(12);
  for (const { method, path } of members)
    for (const authorization of [undefined, "Bearer wrong", "Basic secret-token"]) {
      const response = await fetch(url + path.replace(":id", "0198c5a0-7b1e-7000-8000-000000000000"), {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([method, path, response.status]).toEqual([method, path, 401]);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.json()).toMatchObject({ code: "unauthorized" });
    }
  expect(jobs.calls).toEqual([]);
});

test("what is to be signed is refused without a signature, also with a token of ours, before it is read", async () => {
  const { url, definitions, jobs } = await startApi({ token: "secret-token" });
  const signed = definitions.filter((route) => route.access === "signed");
  expect(signed.map((route) => route.path)).toEqual([
    "/webhook",
    "/webhooks/gitea",
    "/webhooks/github",
    "/webhooks/gitlab",
  ]);
  for (const { method, path } of signed)
    for (const body of ["{ broken", "{}"])
      for (const authorization of ["", "Bearer wrong", "Bearer secret-token"]) {
        const headers = { "x-github-event": "pull_request", authorization };
        const response = await fetch(url + path, { method, body, headers });
        expect([path, response.status]).toEqual([path, 401]);
        expect(await response.json()).toMatchObject({ code: "webhook-refused" });
      }
  expect(jobs.calls).toEqual([]);
});

test("only health and the entry are public", async () => {
  const { definitions } = await startApi();
  expect(definitions.filter((route) => route.access === "public").map((route) => route.path)).toEqual([
    "/",
    "/health",
    "/health/live",
    "/health/llm",
    "/health/ready",
  ]);
});

test("an unknown or impossible job is 404 on every route of a job", async () => {
  const { url, definitions } = await startApi();
  const ofJobs = definitions.filter((route) => route.path.startsWith("/v1/jobs/:id"));
  expect(ofJobs.length).toBe(7);
  for (const { method, path } of ofJobs)
    for (const id of ["nonsense", "0198c5a0-7b1e-7000-8000-000000000000", "%20", "..%2F..%2Fetc"]) {
      const response = await fetch(url + path.replace(":id", id), {
        method,
        ...(path.endsWith("decision")
          ? { body: '{"approved":true}', headers: { "content-type": "application/json" } }
          : {}),
      });
      expect([path, id, response.status]).toEqual([path, id, 404]);
      expect(await response.json()).toMatchObject({ code: "job-unknown" });
    }
});

test("the links of the entry lead somewhere", async () => {
  const { url } = await startApi();
  const { links } = (await (await fetch(`${url}/`)).json()) as { links: Record<string, string> };
  expect(Object.keys(links).length).toBeGreaterThan(5);
  for (const link of Object.values(links))
    expect([link, (await fetch(url + link)).status]).toEqual([link, 200]);
});

test("settings that messages name exist", () => {
  for (const key of ["server.token", "server.tokens", "server.request_timeout", "server.body_bytes"])
    expect(settingKeys).toContain(key);
});
