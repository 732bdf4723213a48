import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { startServer } from "../../test/support/api-server.ts";
import { defineRoute, type RouteDefinition } from "../contracts/route.ts";

/** Routes whose handler waits for `gate`, and then for the end of its request or of a few turns. */
function createRoutes(
  gate: () => Promise<unknown>,
  onSignal: (signal: AbortSignal) => void,
): readonly RouteDefinition[] {
  const wait = async (
    signal: () => AbortSignal,
    turns: number,
  ): Promise<{ body: { isAborted: boolean } }> => {
    await gate();
    onSignal(signal());
    if (turns === 0)
      await new Promise((_, reject) => {
        signal().addEventListener("abort", () => reject(signal().reason as Error));
      });
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    return { body: { isAborted: signal().aborted } };
  };
  const common = {
    summary: "Wait",
    tag: "test",
    access: "public",
    status: 200,
    response: z.object({ isAborted: z.boolean() }),
  } as const;
  return [
    defineRoute({
      ...common,
      method: "POST",
      path: "/wait",
      body: z.object({ turns: z.number(), text: z.string().default("") }),
      handle: (request) => wait(() => request.signal, request.body.turns),
    }),
    defineRoute({
      ...common,
      method: "GET",
      path: "/wait",
      query: z.object({ turns: z.coerce.number() }),
      handle: (request) => wait(() => request.signal, request.query.turns),
    }),
  ] as readonly RouteDefinition[];
}

function post(url: string, body: object, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(`${url}/wait`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

const open = (): Promise<void> => Promise.resolve();
const ignore = (): void => {};

test("a request lives on when its body has been read, however long that is", async () => {
  const { url } = await startServer(createRoutes(open, ignore), {});
  expect(await (await post(url, { turns: 200 })).json()).toEqual({ isAborted: false });
  expect(await (await post(url, { turns: 200, text: "x".repeat(50_000) })).json()).toEqual({
    isAborted: false,
  });
  expect(await (await fetch(`${url}/wait?turns=200`)).json()).toEqual({ isAborted: false });
});

test.each(["POST", "GET"])("a %s ends when its client goes away", async (method) => {
  let hear: (signal: AbortSignal) => void;
  const heard = new Promise<AbortSignal>((resolve) => (hear = resolve));
  const { url } = await startServer(
    createRoutes(open, (signal) => hear(signal)),
    {},
  );
  const client = new AbortController();
  const asked =
    method === "POST"
      ? post(url, { turns: 0 }, client.signal)
      : fetch(`${url}/wait?turns=0`, { signal: client.signal });
  const signal = await heard;
  expect(signal.aborted).toBe(false);
  const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
  client.abort();
  await expect(asked).rejects.toThrow(/abort/);
  await ended;
});

test("who asks for the signal when the client has gone already is told so", async () => {
  let enter: () => void;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  let hear: (signal: AbortSignal) => void;
  const heard = new Promise<AbortSignal>((resolve) => (hear = resolve));
  const { url } = await startServer(
    createRoutes(
      () => {
        enter();
        return released;
      },
      (signal) => hear(signal),
    ),
    {},
  );
  const client = new AbortController();
  const asked = post(url, { turns: 0 }, client.signal);
  await entered;
  client.abort();
  await expect(asked).rejects.toThrow(/abort/);
  // A request that is answered after it shows that the server has seen the connection close.
  await fetch(`${url}/nowhere`);
  release!();
  const signal = await heard;
  await expect.poll(() => signal.aborted).toBe(true);
});

test("a request that takes too long is told so, whatever its method", async () => {
  const { url } = await startServer(createRoutes(open, ignore), {}, { limits: { requestTimeoutMs: 50 } });
  for (const asked of [post(url, { turns: 0 }), fetch(`${url}/wait?turns=0`)]) {
    const response = await asked;
    expect(((await response.json()) as { code: string }).code).toBe("time-limit");
  }
});
