import type { Socket } from "node:net";
import { v7 as createId } from "uuid";
import { AppError } from "../base/errors.ts";
import { describeProblem, problemType, translate } from "./problems.ts";

const failures: Readonly<Record<string, readonly [status: number, says: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "The address and headers are longer than 16 KB together."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "The chunk extensions of the body are too long."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive within server.request_timeout."],
};

/** Answers what is not even HTTP, or never became a whole request: there is only a socket to write to. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable || socket.destroyed) {
    socket.destroy();
    return;
  }
  const [status, says] = failures[error.code ?? ""] ?? [400, "This is not a request of HTTP/1.1."];
  const requestId = createId();
  const translation = translate(new AppError("request-invalid", says, { httpStatus: status }, error));
  const body = JSON.stringify(describeProblem(translation, { instance: "", requestId, traceId: null }));
  socket.end(
    [
      `HTTP/1.1 ${status} Bad Request`,
      `Content-Type: ${problemType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
