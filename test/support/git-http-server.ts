import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface GitServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Paths asked for, in order. */
  readonly requests: string[];
  readonly authorizations: string[];
  /** Bytes of all answers. */
  readonly traffic: { bytes: number };
  /** Goes away, as a server that is switched off. */
  close(): void;
}

export interface GitServerOptions {
  /** Answers a request itself; true when it did. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Bytes after which the answer stops for ever, as a slow network does. */
  readonly stallAfterBytes?: number;
  /** Wait before each answer. */
  readonly delayMs?: number;
  /** False: a server that knows no partial clone. */
  readonly allowsFilter?: boolean;
}

/** A real smart-HTTP Git server over the repositories in `root`. Goes away with the test. */
export async function startGitServer(root: string, options: GitServerOptions = {}): Promise<GitServer> {
  const server = await openGitServer(root, options);
  onTestFinished(() => server.close());
  return server;
}

/** The same for scripts, which close it themselves. Git's own http-backend behind node:http. */
export async function openGitServer(root: string, options: GitServerOptions = {}): Promise<GitServer> {
  const requests: string[] = [];
  const authorizations: string[] = [];
  const traffic = { bytes: 0 };
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (request.headers.authorization !== undefined) authorizations.push(request.headers.authorization);
    if (options.intercept?.(request, response)) return;
    setTimeout(() => serve(root, request, response, options, traffic), options.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests, authorizations, traffic, close };
}

function serve(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: GitServerOptions,
  traffic: { bytes: number },
): void {
  const stallAfterBytes = options.stallAfterBytes ?? Infinity;
  const url = new URL(request.url ?? "/", "http://localhost");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_0: String(options.allowsFilter ?? true),
      GIT_CONFIG_KEY_1: "safe.directory",
      GIT_CONFIG_VALUE_1: "*",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      ...(request.headers["git-protocol"] === undefined
        ? {}
        : {
            HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"]),
            GIT_PROTOCOL: String(request.headers["git-protocol"]),
          }),
    },
  });
  request.pipe(backend.stdin);
  backend.stdin.on("error", () => {});
  let head = Buffer.alloc(0);
  let isBody = false;
  let sent = 0;
  backend.stdout.on("data", (piece: Buffer) => {
    if (isBody) return write(piece);
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    isBody = true;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [name, value] = line.split(": ");
      if (name!.toLowerCase() === "status") response.statusCode = Number.parseInt(value!, 10);
      else response.setHeader(name!, value!);
    }
    write(head.subarray(end + 4));
  });
  backend.stdout.on("end", () => {
    if (sent < stallAfterBytes) response.end();
  });
  response.on("close", () => backend.kill());

  function write(piece: Buffer): void {
    if (sent >= stallAfterBytes) return;
    response.write(piece.subarray(0, stallAfterBytes - sent));
    sent += piece.length;
    traffic.bytes += piece.length;
  }
}
