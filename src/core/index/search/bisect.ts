/** Index of `value` in the ascending `column` between `from` and `to` (excluded), or -1. */
export function bisect(column: Uint32Array, value: number, from = 0, to = column.length): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = column[middle]!;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
