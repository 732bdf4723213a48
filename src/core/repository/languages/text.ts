import { isUtf8 } from "node:buffer";

/** Linguist reads this much of a file for its heuristics. */
export const heuristicBytes = 50 * 1024;

/** UTF-16 text with a byte order mark as bytes of UTF-8; anything else as it is. */
export function toByteText(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 2) return bytes;
  const littleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const bigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!littleEndian && !bigEndian) return bytes;
  // UTF-32 begins with the same two bytes; decoding it as UTF-16 only adds NULs that count as text.
  return Buffer.from(new TextDecoder(littleEndian ? "utf-16le" : "utf-16be").decode(bytes), "utf8");
}

/**
 * Binary by content: a NUL byte outside UTF-16/32, or a text-free encoding. Bytes that are not UTF-8
 * (Latin-1, Shift-JIS …) are text unless a third of the first kilobyte is control characters.
 */
export function isBinary(bytes: Uint8Array): boolean {
  const first = bytes[0];
  const second = bytes[1];
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return false;
  if (bytes.includes(0)) return true;
  if (first === 0x25 && second === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46) return true;
  const head = bytes.subarray(0, 1024);
  if (isUtf8(head.subarray(0, Math.max(0, head.length - 4)))) return false;
  let control = 0;
  for (const byte of head) if (byte < 32 && (byte < 7 || byte > 13) && byte !== 27) control++;
  return control * 3 > head.length;
}

/** One character per byte, so that offsets agree and no byte sequence is invalid: what Linguist's own matching sees. */
export function toLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    Math.min(start, bytes.length),
    Math.min(end, bytes.length),
  );
}

/** The first `count` lines, joined by `\n`, reading at most `limitBytes`. */
export function firstLines(bytes: Uint8Array, count: number, limitBytes = 4096): string {
  const limit = Math.min(bytes.length, limitBytes);
  let end = 0;
  for (let lines = 0; lines < count && end < limit; lines++) {
    while (end < limit && bytes[end] !== 10) end++;
    end++;
  }
  return toLatin1(bytes, 0, Math.min(end, limit));
}

/** The last `count` lines, reading at most `limitBytes`. */
export function lastLines(bytes: Uint8Array, count: number, limitBytes = 4096): string {
  const floor = Math.max(0, bytes.length - limitBytes);
  let start = bytes.length;
  if (start > 0 && bytes[start - 1] === 10) start--;
  for (let lines = 0; lines < count && start > floor; lines++) {
    start--;
    while (start > floor && bytes[start] !== 10) start--;
  }
  return toLatin1(bytes, start, bytes.length);
}
