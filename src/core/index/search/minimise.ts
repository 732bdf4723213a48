/** A function to be made small: its value at a point, and its slope written into `slope`. */
export type Objective = (point: Float64Array, slope: Float64Array) => number;

const memory = 8;
const enoughDecrease = 1e-4;
const maxHalvings = 30;

/**
 * Limited-memory BFGS with a search that halves the step. Meant for smooth convex functions of a few dozen
 * variables; needs no randomness, so the same input gives the same point.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { iterations = 100, tolerance = 1e-6 }: { iterations?: number; tolerance?: number } = {},
): Float64Array {
  const size = start.length;
  const history: { readonly step: Float64Array; readonly turn: Float64Array; readonly scale: number }[] = [];
  let point = start.slice();
  let slope = new Float64Array(size);
  let value = objective(point, slope);
  for (let round = 0; round < iterations; round++) {
    const direction = descend(slope, history);
    let fall = dot(direction, slope);
    if (fall >= 0) {
      // Rounding has spoilt what was remembered.
      history.length = 0;
      for (let at = 0; at < size; at++) direction[at] = -slope[at]!;
      fall = -dot(slope, slope);
    }
    if (-fall < tolerance * tolerance) break;
    const next = new Float64Array(size);
    const nextSlope = new Float64Array(size);
    let nextValue = value;
    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(-fall)) : 1;
    let isLower = false;
    for (let halving = 0; halving < maxHalvings && !isLower; halving++, length /= 2) {
      for (let at = 0; at < size; at++) next[at] = point[at]! + length * direction[at]!;
      nextValue = objective(next, nextSlope.fill(0));
      isLower = nextValue <= value + enoughDecrease * length * fall;
    }
    if (!isLower) break;
    const step = next.map((coordinate, at) => coordinate - point[at]!);
    const turn = nextSlope.map((coordinate, at) => coordinate - slope[at]!);
    const curvature = dot(step, turn);
    if (curvature > 1e-12) history.push({ step, turn, scale: 1 / curvature });
    if (history.length > memory) history.shift();
    const gain = value - nextValue;
    point = next;
    slope = nextSlope;
    value = nextValue;
    if (gain < tolerance * tolerance * Math.max(1, Math.abs(value))) break;
  }
  return point;
}

/** The two-loop recursion: the slope turned and scaled by what the last steps said of the curvature. */
function descend(
  slope: Float64Array,
  history: readonly { readonly step: Float64Array; readonly turn: Float64Array; readonly scale: number }[],
): Float64Array {
  const direction = slope.map((coordinate) => -coordinate);
  const shares: number[] = [];
  for (const { step, turn, scale } of history.toReversed()) {
    const share = scale * dot(step, direction);
    shares.push(share);
    add(direction, turn, -share);
  }
  const last = history.at(-1);
  if (last !== undefined) {
    const factor = 1 / (last.scale * dot(last.turn, last.turn));
    for (let at = 0; at < direction.length; at++) direction[at]! *= factor;
  }
  for (const { step, turn, scale } of history)
    add(direction, step, shares.pop()! - scale * dot(turn, direction));
  return direction;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += left[at]! * right[at]!;
  return sum;
}

function add(into: Float64Array, column: Float64Array, factor: number): void {
  for (let at = 0; at < into.length; at++) into[at]! += factor * column[at]!;
}
