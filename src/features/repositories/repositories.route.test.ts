import { expect, test } from "vitest";
import { startApi } from "../../../test/support/api.ts";

async function start(given: Parameters<typeof startApi>[0] = {}) {
  const { url } = await startApi(given);
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      location: response.headers.get("location"),
      body: (text === "" ? null : JSON.parse(text)) as Record<string, unknown>,
    };
  };
}

test("a repository is named once, listed, and forgotten", async () => {
  const send = await start();
  const made = await send("POST", "/v1/repositories", { source: "https://git.example/a/b" });
  expect(made).toMatchObject({ status: 201, location: "/v1/repositories/r1", body: { name: "b" } });
  expect((await send("POST", "/v1/repositories", { source: "https://git.example/a/b" })).status).toBe(200);
  await send("POST", "/v1/repositories", { source: "https://git.example/a/c" });
  const page = await send("GET", "/v1/repositories?limit=1");
  expect(page.body).toMatchObject({ items: [{ id: "r1" }], nextCursor: "1" });
  expect((await send("GET", "/v1/repositories?limit=1&cursor=1")).body).toMatchObject({
    items: [{ id: "r2" }],
    nextCursor: null,
  });
  expect((await send("GET", "/v1/repositories/r1")).status).toBe(200);
  expect((await send("DELETE", "/v1/repositories/r1")).status).toBe(204);
  expect((await send("GET", "/v1/repositories/r1")).body).toMatchObject({ code: "repository-unknown" });
});

test("an analysis is told by its commit", async () => {
  const send = await start();
  await send("POST", "/v1/repositories", { source: "https://git.example/a/b" });
  expect((await send("GET", "/v1/repositories/r1/analysis")).body).toEqual({ schema: "x" });
  const commit = "a".repeat(40);
  expect((await send("GET", `/v1/repositories/r1/analysis?commit=${commit}`)).body).toMatchObject({
    code: "analysis-unknown",
  });
  expect((await send("GET", "/v1/repositories/r1/analysis?commit=main")).status).toBe(400);
});

test("a path of this machine only where that is allowed", async () => {
  const allowed = await start();
  expect((await allowed("POST", "/v1/repositories", { source: "/srv/x" })).status).toBe(201);
  const refused = await start({ localSources: "never" });
  expect(await refused("POST", "/v1/repositories", { source: "/srv/x" })).toMatchObject({
    status: 403,
    body: { code: "source-refused" },
  });
});
