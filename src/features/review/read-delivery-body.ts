import { AppError } from "../../base/errors.ts";

/** The JSON of a delivery, also where it comes as the field `payload` of a form. @throws AppError `webhook-invalid` */
export function readDeliveryBody(body: Uint8Array, contentType: string | undefined): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new AppError("webhook-invalid", "The body is not UTF-8.", {}, error);
  }
  // What begins as JSON is JSON: `curl` calls anything a form.
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? "") && !/^\s*\{/.test(text))
    text = new URLSearchParams(text).get("payload") ?? "";
  // However deep it nests: the parser takes no stack for it, and whoever reads it goes by the names of fields.
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
