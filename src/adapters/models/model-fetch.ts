import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable, Transform } from "node:stream";

/** Longer answers are no answers; an address may be anything. */
const mostBytes = 64 * 2 ** 20;

/**
 * The one way to providers of models. Private addresses are fine: the operator configured them. Redirects are not
 * followed, so that a key reaches nobody else, and what is read is bounded. Not Node's own `fetch`, which gives up after
 * five minutes without headers: a model on a machine at home may take longer. Time is the caller's matter.
 */
export function createModelFetch(limitBytes = mostBytes): typeof fetch {
  return async (input, init = {}) => {
    const { body = null, signal = null } = init;
    if (body !== null && typeof body !== "string") throw new TypeError("Only text can be sent to a model.");
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init.headers);
    headers.set("accept-encoding", "identity");
    if (body !== null) headers.set("content-length", String(Buffer.byteLength(body)));
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
      method: init.method ?? "GET",
      headers: Object.fromEntries(headers),
      // A connection for each call: one that was kept may be closed by the other side just when it is used again.
      agent: false,
      ...(signal ? { signal } : {}),
    });
    request.end(body);
    return toResponse(await answerTo(request), limitBytes);
  };
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Also after the answer has begun, when the body says so too.
    request.on("error", reject);
  });
}

function toResponse(incoming: IncomingMessage, limitBytes: number): Response {
  const status = incoming.statusCode!;
  if (status >= 300 && status < 400) {
    incoming.destroy();
    const error = { message: "The address answers with a redirect, which is not followed." };
    return Response.json({ error }, { status: 400 });
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  if (status === 204) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  const bounded = boundBytes(limitBytes);
  incoming.once("error", (error) => bounded.destroy(error));
  bounded.once("close", () => incoming.destroy());
  const body = Readable.toWeb(incoming.pipe(bounded)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(body, { status, headers });
}

function boundBytes(limitBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.byteLength;
      if (seen > limitBytes) done(new Error(`The answer is longer than ${limitBytes} bytes.`));
      else done(null, chunk);
    },
  });
}
