import { AppError } from "../../base/errors.ts";

/** Deeper than this no host nests; reading what is deeper can exhaust the stack of whoever walks it. */
const maxDepth = 200;

/** The JSON of a delivery, also where it comes as the field `payload` of a form. @throws AppError `webhook-invalid` */
export function readDeliveryBody(body: Uint8Array, contentType: string | undefined): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new AppError("webhook-invalid", "The body is not UTF-8.", {}, error);
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? ""))
    text = new URLSearchParams(text).get("payload") ?? "";
  if (depthOf(text) > maxDepth)
    throw new AppError("webhook-invalid", `The body nests more than ${maxDepth} deep.`);
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new AppError("webhook-invalid", "The body is not JSON.", {}, error);
  }
  if (typeof payload !== "object" || payload === null || Array.isArray(payload))
    throw new AppError("webhook-invalid", "The body is not a JSON object.");
  return payload;
}

/** How deep brackets nest outside of texts. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isText = false;
  for (let index = 0; index < text.length && most <= maxDepth; index++) {
    const code = text.charCodeAt(index);
    if (isText) {
      if (code === 0x5c) index++;
      else if (code === 0x22) isText = false;
    } else if (code === 0x22) isText = true;
    else if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return most;
}
