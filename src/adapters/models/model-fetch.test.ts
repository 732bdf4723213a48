import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.ts";
import { createModelFetch } from "./model-fetch.ts";

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const send = createModelFetch(1_000);

test("method, headers and text go there, status, headers and body come back", async () => {
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    response.writeHead(201, { "x-more": "1" });
    response.end(`${request.method} ${request.headers["x-key"] as string} ${body}`);
  });
  const response = await send(url, { method: "POST", headers: { "x-key": "k" }, body: "größe" });
  expect([response.status, response.headers.get("x-more"), await response.text()]).toEqual([
    201,
    "1",
    "POST k größe",
  ]);
  expect((await send(new URL(url))).status).toBe(201);
});

test("a body comes as it is sent", async () => {
  const url = await serve((_, response) => {
    response.write("one");
    setTimeout(() => response.end("two"), 50);
  });
  const pieces: string[] = [];
  const { body } = await send(url);
  for await (const chunk of body!) pieces.push(Buffer.from(chunk).toString());
  expect(pieces).toEqual(["one", "two"]);
});

test("a redirect is not followed", async () => {
  let asked = 0;
  const other = await serve((_, response) => void response.end(String(asked++)));
  const url = await serve((_, response) => void response.writeHead(307, { location: other }).end());
  const response = await send(url, { method: "POST", headers: { authorization: "Bearer x" }, body: "{}" });
  expect([response.status, asked]).toEqual([400, 0]);
});

test("an answer without end is cut off", async () => {
  let isGone = false;
  const url = await serve((_, response) => {
    const timer = setInterval(() => response.write("x".repeat(400)), 5);
    response.once("close", () => {
      clearInterval(timer);
      isGone = true;
    });
  });
  await expect((await send(url)).text()).rejects.toThrow("longer than 1000 bytes");
  expect(await eventually("the other side notices", 10_000, () => isGone)).toBe(true);
});

test.each(["before the headers", "in the middle"])("aborting %s ends the call over there", async (when) => {
  let isGone = false;
  let hasCome = false;
  const url = await serve((_, response) => {
    hasCome = true;
    response.once("close", () => (isGone = true));
    if (when === "in the middle") response.write("x");
  });
  const leaving = new AbortController();
  const asking = send(url, { signal: leaving.signal }).then((response) => response.text());
  asking.catch(() => {});
  await eventually("it arrives", 10_000, () => hasCome);
  leaving.abort();
  await expect(asking).rejects.toThrow("aborted");
  expect(await eventually("the other side notices", 10_000, () => isGone)).toBe(true);
});

test("who stops reading ends the call", async () => {
  let isGone = false;
  const url = await serve((_, response) => {
    response.write("x");
    response.once("close", () => (isGone = true));
  });
  await (await send(url)).body!.cancel();
  expect(await eventually("the other side notices", 10_000, () => isGone)).toBe(true);
});

test("a connection that breaks is an error, before and after the headers", async () => {
  await expect(send("http://127.0.0.1:1/")).rejects.toThrow("ECONNREFUSED");
  const before = await serve((_, response) => void response.destroy());
  await expect(send(before)).rejects.toThrow("hang up");
  const after = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("x");
    setTimeout(() => response.destroy(), 20);
  });
  await expect((await send(after)).text()).rejects.toThrow("aborted");
});
