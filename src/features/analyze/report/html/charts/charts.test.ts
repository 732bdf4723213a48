import { array, assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedGroups, couplingArcs } from "./arcs.ts";
import { distinctNames } from "./distinct-names.ts";
import { releaseMarks, versionRank } from "./release-marks.ts";
import { chartWidths, heatStep, niceTicks, placeLabels } from "./scale.ts";
import { squarify } from "./squarify.ts";
import { stackedBar } from "./stacked-bar.ts";
import { timeTicks } from "./time-axis.ts";
import { bucketActivity, withoutWrongClocks } from "./time-buckets.ts";

const weekMs = 7 * 86_400_000;

function weeks(from: string, count: number, commits = 1): { week: string; commits: number }[] {
  return Array.from({ length: count }, (_, index) => ({
    week: new Date(Date.parse(from) + index * weekMs).toISOString().slice(0, 10),
    commits,
  }));
}

describe("squarify", () => {
  test("tiles have the areas of their values, stay inside and do not overlap", () => {
    assert(
      property(array(integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 60 }), (values) => {
        const tiles = squarify(values, (value) => value, 960, 420);
        const total = values.reduce((sum, value) => sum + value, 0);
        expect(tiles).toHaveLength(values.length);
        for (const tile of tiles) {
          expect(tile.width * tile.height).toBeCloseTo((tile.item / total) * 960 * 420, 3);
          expect(tile.x).toBeGreaterThanOrEqual(-1e-6);
          expect(tile.x + tile.width).toBeLessThanOrEqual(960 + 1e-6);
          expect(tile.y + tile.height).toBeLessThanOrEqual(420 + 1e-6);
        }
        for (const [index, a] of tiles.entries())
          for (const b of tiles.slice(index + 1)) {
            const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            expect(Math.min(across, down)).toBeLessThan(1e-6);
          }
      }),
      { numRuns: 50 },
    );
  });

  test("equal values become near squares, and nothing comes of nothing", () => {
    const tiles = squarify([1, 1, 1, 1], (value) => value, 100, 100);
    expect(tiles.map((tile) => tile.width / tile.height)).toEqual([1, 1, 1, 1]);
    expect(squarify([0, -1, Number.NaN], (value) => value, 10, 10)).toEqual([]);
  });
});

describe("time buckets", () => {
  test.each([
    ["2024-01-01", 100, "week"],
    ["2010-01-04", 800, "month"],
    ["1980-01-07", 60 * 52, "quarter"],
    ["1900-01-01", 120 * 52, "year"],
    ["1000-01-06", 1000 * 52, "5 years"],
  ])("from %s %i weeks become bars of a %s", (from, count, unit) => {
    const grouped = bucketActivity(weeks(from, count));
    expect(grouped.unit).toBe(unit);
    expect(grouped.buckets.length).toBeLessThanOrEqual(240);
    expect(grouped.buckets.reduce((sum, bucket) => sum + bucket.commits, 0)).toBe(count);
    for (const [index, bucket] of grouped.buckets.entries())
      expect(grouped.buckets[index + 1]?.fromMs ?? bucket.toMs).toBe(bucket.toMs);
  });

  test("no week and unreadable weeks", () => {
    expect(bucketActivity([]).buckets).toEqual([]);
    expect(bucketActivity([{ week: "soon", commits: 3 }]).buckets).toEqual([]);
    expect(bucketActivity([{ week: "2024-01-01", commits: 3 }]).buckets).toHaveLength(1);
  });

  test("a few commits decades apart are a wrong clock; a long pause is not", () => {
    const real = weeks("2010-01-04", 300, 5);
    const stray = [{ week: "1970-01-05", commits: 2 }, ...real, { week: "2038-01-18", commits: 1 }];
    expect(withoutWrongClocks(stray)).toEqual({ activity: real, leftOut: 3 });
    const paused = [...weeks("2000-01-03", 50, 5), ...real];
    expect(withoutWrongClocks(paused).leftOut).toBe(0);
    expect(withoutWrongClocks([])).toEqual({ activity: [], leftOut: 0 });
  });

  test("axis marks are few at any length", () => {
    const from = Date.UTC(2000, 0, 1);
    for (const days of [0, 1, 7, 40, 70, 400, 3000, 30_000, 400_000]) {
      const ticks = timeTicks(from, from + days * 86_400_000);
      expect(ticks.length).toBeLessThanOrEqual(14);
      for (const tick of ticks) expect(tick.at).toBeLessThan(1);
    }
    expect(timeTicks(from, Date.UTC(2010, 0, 1)).map((tick) => tick.text)).toContain("2005");
  });
});

describe("scales", () => {
  test("ticks are round and cover the largest value", () => {
    expect(niceTicks(942, 4)).toEqual([0, 500, 1000]);
    expect(niceTicks(3, 4)).toEqual([0, 1, 2, 3]);
    expect(niceTicks(0, 4)).toEqual([0, 1]);
  });

  test("heat steps", () => {
    expect([0, 1, 25, 100].map((value) => heatStep(value, 100, 6))).toEqual([0, 0, 3, 5]);
    expect(heatStep(5, 0, 6)).toBe(0);
  });

  test("labels never touch at the width they are meant for", () => {
    const labels = Array.from({ length: 200 }, (_, index) => ({
      text: `v${index}.0.0`,
      at: index / 200,
      rank: index % 5 === 0 ? 0 : 1,
    }));
    const placed = placeLabels(labels);
    const onPhone = placed
      .filter((label) => label.size === "s")
      .map((label) => label.at * chartWidths.s)
      .sort((a, b) => a - b);
    expect(onPhone.length).toBeGreaterThan(2);
    const gaps = onPhone.slice(1).map((x, index) => x - onPhone[index]!);
    expect(Math.min(...gaps)).toBeGreaterThan(30);
  });

  test("a stacked bar puts slivers together", () => {
    const parts = [1000, ...Array.from({ length: 50 }, () => 0.1)].map((value, index) => ({
      label: `l${index}`,
      value,
      color: null,
      className: "x",
    }));
    expect(stackedBar({ id: "a", title: "t", description: "d" }, parts)!.markup.match(/<rect/g)).toHaveLength(
      2,
    );
    expect(stackedBar({ id: "a", title: "t", description: "d" }, [])).toBeNull();
  });
});

describe("releases and coupling", () => {
  test("version ranks", () => {
    expect(
      ["v1.0.0", "2.0", "release-3.0.0", "v1.2.0", "v1.2.3", "v1.0.0-rc.1", "nightly"].map(versionRank),
    ).toEqual([0, 0, 0, 1, null, null, null]);
  });

  test("ten thousand tags are few marks", () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => ({
      name: `v${index}.0.0`,
      commit: "a",
      at: new Date(index * 3_600_000).toISOString(),
    }));
    const { marks, labels } = releaseMarks(tags, 0, 10_000 * 3_600_000);
    expect(marks.length).toBeLessThanOrEqual(501);
    expect(labels.length).toBeLessThan(40);
  });

  test("connected files stand together", () => {
    expect(connectedGroups([pair("c", "a"), pair("x", "y"), pair("b", "c"), pair("q", "q")])).toEqual([
      ["a", "b", "c"],
      ["x", "y"],
      ["q"],
    ]);
    expect(couplingArcs([])).toBeNull();
    expect(couplingArcs([pair("q", "q")])!.markup).toContain("<path");
  });

  test("names that repeat get their folder", () => {
    expect([...distinctNames(["a/x.ts", "b/x.ts", "b/y.ts", "z"]).values()]).toEqual([
      "a/x.ts",
      "b/x.ts",
      "y.ts",
      "z",
    ]);
  });
});

function pair(a: string, b: string): { a: string; b: string; together: number; degree: number } {
  return { a, b, together: 5, degree: 0.5 };
}
