/** Longer answers are no answers; an address may be anything. */
const mostBytes = 64 * 2 ** 20;

/**
 * The one way to providers of models. Private addresses are fine: the operator configured them. Redirects are not
 * followed, so that a key reaches nobody else, and what is read is bounded.
 */
export function createModelFetch(send: typeof fetch, limitBytes = mostBytes): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: "manual" });
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel();
      const error = { message: "The address answers with a redirect, which is not followed." };
      return Response.json({ error }, { status: 400 });
    }
    if (response.body === null) return response;
    const body = response.body.pipeThrough(boundBytes(limitBytes));
    return new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

function boundBytes(limitBytes: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > limitBytes) controller.error(new Error(`The answer is longer than ${limitBytes} bytes.`));
      else controller.enqueue(chunk);
    },
  });
}
