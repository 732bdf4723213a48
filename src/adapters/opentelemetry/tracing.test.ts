import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTracing } from "./tracing.ts";

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

/** A real collector: keeps the spans of every OTLP/HTTP JSON body. */
async function startCollector() {
  const spans: SentSpan[] = [];
  const paths: string[] = [];
  const resources: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const sent = JSON.parse(body) as {
        resourceSpans: { resource: unknown; scopeSpans: { spans: SentSpan[] }[] }[];
      };
      paths.push(`${request.url} ${String(request.headers["x-key"] ?? "")}`);
      for (const resource of sent.resourceSpans) {
        resources.push(JSON.stringify(resource.resource));
        spans.push(...resource.scopeSpans.flatMap((scope) => scope.spans));
      }
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, paths, resources };
}

const named = { service: "repowright", version: "1.2.3", closeTimeoutMs: 50 };
const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe.each(["", "http://127.0.0.1:9"])("with the collector %j", (endpoint) => {
  test("a span is below the given parent, else below the one under way, else a root", async () => {
    const tracing = await createTracing({ ...named, endpoint });
    expect(tracing.current()).toBeNull();
    const seen = await tracing.span("a", { parent }, async (a) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(tracing.current()).toBe(a);
      return tracing.span("b", {}, (b) => Promise.resolve([a, b] as const));
    });
    expect(seen.map((span) => span.traceId)).toEqual(Array(2).fill("0af7651916cd43dd8448eb211c80319c"));
    expect(seen[1].traceParent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/);
    expect(seen[1].traceParent).not.toBe(seen[0].traceParent);
    const root = await tracing.span("c", {}, (span) => Promise.resolve(span.traceId));
    expect(root).toMatch(/^[\da-f]{32}$/);
    expect(root).not.toBe(seen[0].traceId);
    expect(tracing.current()).toBeNull();
    await tracing.close();
  });

  test.each(["", "nonsense", "00-00000000000000000000000000000000-b7ad6b7169203331-01", `${parent}-x`])(
    "a parent that is none begins a new trace: %j",
    async (wrong) => {
      const tracing = await createTracing({ ...named, endpoint });
      const id = await tracing.span("a", { parent: wrong }, (span) => Promise.resolve(span.traceId));
      expect(id).toMatch(/^[\da-f]{32}$/);
      expect(id).not.toMatch(/^(0+|0af765.*)$/);
      await tracing.close();
    },
  );

  test("a parent that is not sampled keeps its trace and says so on", async () => {
    const tracing = await createTracing({ ...named, endpoint });
    const text = await tracing.span("a", { parent: parent.replace(/01$/, "00") }, (span) =>
      Promise.resolve(span.traceParent),
    );
    expect(text).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-00$/);
    await tracing.close();
  });

  test("a failure comes through unchanged", async () => {
    const tracing = await createTracing({ ...named, endpoint });
    const error = new Error("no");
    await expect(tracing.span("a", {}, () => Promise.reject(error))).rejects.toBe(error);
    await tracing.close();
  });
});

test("no two ids are the same", async () => {
  const tracing = await createTracing({ ...named, endpoint: "" });
  const seen = new Set<string>();
  for (let n = 0; n < 2_000; n++)
    await tracing.span("a", {}, (span) => {
      for (const id of span.traceParent.split("-").slice(1, 3)) seen.add(id);
      return Promise.resolve();
    });
  expect(seen.size).toBe(4_000);
});

test("spans reach the collector with parents, attributes, failures and who sent them", async () => {
  const collector = await startCollector();
  const tracing = await createTracing({
    ...named,
    closeTimeoutMs: 5_000,
    endpoint: collector.endpoint,
    headers: { "x-key": "k" },
  });
  await tracing.span("outer", { parent, attributes: { kind: "analyze" } }, async (outer) => {
    outer.set({ late: 7 });
    await tracing.span("inner", {}, () => Promise.reject(new Error("broke"))).catch(() => {});
  });
  await tracing.close();
  expect(collector.paths).toEqual(["/v1/traces k"]);
  const [inner, outer] = collector.spans;
  expect(outer).toMatchObject({ name: "outer", parentSpanId: "b7ad6b7169203331" });
  expect(outer!.attributes.map((attribute) => attribute.key)).toEqual(["kind", "late"]);
  expect(inner).toMatchObject({
    name: "inner",
    traceId: outer!.traceId,
    parentSpanId: outer!.spanId,
    status: { code: 2, message: "broke" },
  });
  expect(collector.resources[0]).toContain('"service.name","value":{"stringValue":"repowright"}');
});

test("a path of the endpoint is kept", async () => {
  const collector = await startCollector();
  const tracing = await createTracing({
    ...named,
    closeTimeoutMs: 5_000,
    endpoint: `${collector.endpoint}/otlp/mine`,
  });
  await tracing.span("a", {}, () => Promise.resolve());
  await tracing.close();
  expect(collector.paths).toEqual(["/otlp/mine "]);
});

test("a collector that hangs does not keep the process from ending", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const tracing = await createTracing({
    ...named,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  await tracing.span("a", {}, () => Promise.resolve());
  const from = performance.now();
  await tracing.close();
  expect(performance.now() - from).toBeLessThan(1_000);
});
