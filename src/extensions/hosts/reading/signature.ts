import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Whether one of the keys made the signature of the body, an HMAC with SHA-256. All are tried, so that time tells nothing. */
export function isSignedBy(
  keys: readonly (string | Uint8Array)[],
  parts: readonly (string | Uint8Array)[],
  signature: Uint8Array,
): boolean {
  let isSigned = false;
  for (const key of keys) {
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    if (expected.length === signature.length && timingSafeEqual(expected, signature)) isSigned = true;
  }
  return isSigned;
}

/** The bytes of 64 hexadecimal digits; empty, which no signature is, for anything else. */
export function fromHex(text: string | undefined): Uint8Array {
  return text !== undefined && /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : new Uint8Array();
}

/** Whether a text is one of the secrets; hashes have one length, so that time tells nothing of theirs. */
export function isOneOf(secrets: readonly string[], text: string): boolean {
  const given = createHash("sha256").update(text).digest();
  let isKnown = false;
  for (const secret of secrets)
    if (timingSafeEqual(createHash("sha256").update(secret).digest(), given)) isKnown = true;
  return isKnown;
}
