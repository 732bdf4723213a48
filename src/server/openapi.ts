import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance, type FastifySchema } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject, validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { type ErrorCode, errorTable } from "../base/errors.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import { problemSchema } from "./problems.ts";

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** Makes `app` keep an OpenAPI document of the routes that are added after this. */
export async function registerOpenApi(app: FastifyInstance, info: ApiInfo): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed and sent as text; only tests check them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: info.title, version: info.version, description: info.description ?? "" },
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description: "A token of server.token or server.tokens. Not needed where none is set.",
          },
        },
      },
    },
    transform: (input) =>
      input.schema?.hide ? { schema: input.schema, url: input.url } : jsonSchemaTransform(input),
    transformObject: (input) => withoutUnused(jsonSchemaTransformObject(input)),
  });
}

/** The OpenAPI document of `routes`, without a server. */
export async function describeApi(routes: readonly RouteDefinition[], info: ApiInfo): Promise<object> {
  const app = Fastify();
  await registerOpenApi(app, info);
  for (const route of routes)
    app.route({ method: route.method, url: route.path, schema: schemaOf(route), handler: () => "" });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

/** What Fastify checks requests by and the document is made of. */
export function schemaOf(route: RouteDefinition): FastifySchema {
  const content = {
    ...(route.response === undefined ? {} : { "application/json": { schema: route.response } }),
    ...(route.produces === undefined ? {} : { [route.produces]: { schema: z.string() } }),
  };
  const ok =
    Object.keys(content).length === 0
      ? z.undefined().describe("Done; there is no body.")
      : { description: "Success.", content };
  return {
    ...(route.params === undefined ? {} : { params: route.params }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.body === undefined ? {} : { body: route.body }),
    ...(route.rawBody === undefined ? {} : { body: z.any().describe(route.rawBody.description) }),
    ...(route.requestHeaders === undefined ? {} : { headers: headersOf(route.requestHeaders) }),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-z0-9]+(.?)/gi, (_, next: string) => next.toUpperCase())}`,
    security: route.access === "member" ? [{ bearer: [] }] : [],
    response: {
      [route.status]: ok,
      ...Object.fromEntries((route.otherStatuses ?? []).map((status) => [status, ok])),
      ...problemsOf(route),
    },
  };
}

function headersOf(headers: Readonly<Record<string, string>>): z.ZodType {
  return z.looseObject(
    Object.fromEntries(
      Object.entries(headers).map(([name, meaning]) => [name, z.string().optional().describe(meaning)]),
    ),
  );
}

/** Every answer that is no success: what the route names, and what any route may say. */
function problemsOf(route: RouteDefinition): Record<string, unknown> {
  const codes = new Set<ErrorCode>(route.errors ?? []);
  if (route.params !== undefined || route.query !== undefined || route.body !== undefined)
    codes.add("request-invalid");
  if (route.body !== undefined || route.rawBody !== undefined) codes.add("body-too-large");
  if (route.access === "member") codes.add("unauthorized");
  codes.add("overloaded").add("internal");
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const taken = new Set([route.status, ...(route.otherStatuses ?? [])]);
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => !taken.has(status))
      .map(([status, those]) => [
        status,
        {
          description: those.map((code) => `\`${code}\``).join(", "),
          content: { "application/problem+json": { schema: problemSchema } },
        },
      ]),
  );
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** zod lists every schema with an id in the process, so the document would depend on what else was loaded. */
function withoutUnused(document: Document): Document {
  const { components, ...rest } = document as { components?: { schemas?: Record<string, unknown> } };
  const all = components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      if (!used.has(name!)) {
        used.add(name!);
        visit(all[name!] ?? {});
      }
  };
  visit(rest);
  const schemas = Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => used.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { ...document, components: { ...components, schemas } } as Document;
}
