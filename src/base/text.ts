/**
 * Text from a repository made safe for a terminal: control characters (escape sequences, carriage returns,
 * bidirectional overrides) become visible `\x1b`-like text. Newlines and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escapeCharacter,
  );
}

/** As `printable`, for a name inside one line: newlines and tabs are escaped too. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\n") return String.raw`\n`;
  if (character === "\t") return String.raw`\t`;
  return code < 0x100
    ? String.raw`\x${code.toString(16).padStart(2, "0")}`
    : String.raw`\u${code.toString(16).padStart(4, "0")}`;
}

// A byte order mark at the beginning of a name is part of the name.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of a file name as text: UTF-8 where it is, otherwise each byte above ASCII as `\xNN`. */
export function decodeName(bytes: Uint8Array): { readonly text: string; readonly exact: boolean } {
  try {
    return { text: decoder.decode(bytes), exact: true };
  } catch {
    let text = "";
    for (const byte of bytes)
      text += byte < 0x80 ? String.fromCharCode(byte) : String.raw`\x${byte.toString(16)}`;
    return { text, exact: false };
  }
}

/** `1,234,567`: numbers for people, the same in any locale. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Bytes as `812 B`, `3.4 KB`, `120 MB` (units of 1024). */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  // As it will be shown: never `1024 KB`.
  while (Math.round(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
