/** Offset of the first byte at or after `at` that is not white space, a line end, or the end. */
export function firstInk(bytes: Uint8Array, at: number): number {
  let index = at;
  while (index < bytes.length) {
    const byte = bytes[index] as number;
    if (byte === 32 || byte === 9 || (byte >= 11 && byte <= 13)) index++;
    else break;
  }
  return index;
}

/** Offset of the `\n` that ends the line, or the end. */
export function lineEnd(bytes: Uint8Array, at: number): number {
  let index = at;
  while (index < bytes.length && bytes[index] !== 10) index++;
  return index;
}

/** Whether the line that ends at `end` has a backslash as its last byte (before a carriage return). */
export function endsInBackslash(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 1] === 92 || (bytes[end - 1] === 13 && bytes[end - 2] === 92);
}

/** Whether one of the markers (ASCII, lower case) stands at `at`, in any case. */
export function matchesAny(bytes: Uint8Array, at: number, markers: readonly string[]): boolean {
  for (const marker of markers) {
    let length = 0;
    while (length < marker.length) {
      const byte = bytes[at + length] ?? 0;
      const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
      if (lower !== marker.charCodeAt(length)) break;
      length++;
    }
    if (length === marker.length) return true;
  }
  return false;
}

/** Where text begins: behind a UTF-8 byte order mark. */
export function textStart(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
