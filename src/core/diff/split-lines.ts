/**
 * Cuts pieces of bytes into lines, without their line feeds. A line that spans pieces is put together, but of one longer
 * than `maxLineBytes` only the beginning is kept, one byte more than that, so that the reader sees it is too long.
 */
export function createLineSplitter(
  maxLineBytes: number,
  onLine: (bytes: Buffer, start: number, end: number) => void,
): { push(piece: Buffer): void; end(): void } {
  let carried: Buffer[] = [];
  let carriedBytes = 0;

  function carry(piece: Buffer): void {
    const room = maxLineBytes + 1 - carriedBytes;
    // A copy: the reader of a pipe may use its memory again.
    if (room > 0 && piece.length > 0) carried.push(Buffer.from(piece.subarray(0, room)));
    carriedBytes += Math.min(piece.length, Math.max(0, room));
  }

  function flush(): void {
    const line = carried.length === 1 ? carried[0]! : Buffer.concat(carried);
    carried = [];
    carriedBytes = 0;
    onLine(line, 0, line.length);
  }

  return {
    push(piece) {
      let at = 0;
      if (carriedBytes > 0) {
        const end = piece.indexOf(10);
        carry(end < 0 ? piece : piece.subarray(0, end));
        if (end < 0) return;
        flush();
        at = end + 1;
      }
      while (at < piece.length) {
        const end = piece.indexOf(10, at);
        if (end < 0) {
          carry(piece.subarray(at));
          return;
        }
        onLine(piece, at, end);
        at = end + 1;
      }
    },
    end() {
      if (carriedBytes > 0) flush();
    },
  };
}
