export interface Tile<Item> {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Squarified treemap (Bruls, Huizing, van Wijk 2000): tiles whose areas are the values, as near to squares as a
 * row by row layout gets. Values that are not above 0 get no tile.
 */
export function squarify<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
  width: number,
  height: number,
): Tile<Item>[] {
  const sorted = items
    .map((item) => ({ item, value: valueOf(item) }))
    .filter((entry) => entry.value > 0 && Number.isFinite(entry.value));
  sorted.sort((a, b) => b.value - a.value);
  const total = sorted.reduce((sum, entry) => sum + entry.value, 0);
  const perValue = (width * height) / total;
  const tiles: Tile<Item>[] = [];
  const room = { x: 0, y: 0, width, height };
  let start = 0;
  while (start < sorted.length) {
    const side = Math.min(room.width, room.height);
    let end = start + 1;
    let area = sorted[start]!.value * perValue;
    let worst = worstRatio(area, area, area, side);
    while (end < sorted.length) {
      const next = sorted[end]!.value * perValue;
      const ratio = worstRatio(sorted[start]!.value * perValue, next, area + next, side);
      if (ratio > worst) break;
      area += next;
      worst = ratio;
      end++;
    }
    const isColumn = room.width >= room.height;
    const thickness = side === 0 ? 0 : area / side;
    let offset = 0;
    for (const { item, value } of sorted.slice(start, end)) {
      const length = thickness === 0 ? 0 : (value * perValue) / thickness;
      tiles.push(
        isColumn
          ? { item, x: room.x, y: room.y + offset, width: thickness, height: length }
          : { item, x: room.x + offset, y: room.y, width: length, height: thickness },
      );
      offset += length;
    }
    if (isColumn) {
      room.x += thickness;
      room.width = Math.max(0, room.width - thickness);
    } else {
      room.y += thickness;
      room.height = Math.max(0, room.height - thickness);
    }
    start = end;
  }
  return tiles;
}

function worstRatio(largest: number, smallest: number, sum: number, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}
