import { z } from "zod";

const byteUnits: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A size in bytes: a number, or text such as `512KB`, `2GiB` (units are powers of 1024). */
export const byteSize = () =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(String(value).trim());
    const bytes = match ? Math.round(Number(match[1]) * byteUnits[match[2]!.toLowerCase()]!) : NaN;
    if (Number.isSafeInteger(bytes)) return bytes;
    context.addIssue({ code: "custom", message: "expected a size such as 1048576, 512KB or 2GB" });
    return z.NEVER;
  });

/** A duration in milliseconds: a number of milliseconds, or text such as `500ms`, `30s`, `10m`, `2h`. */
export const duration = () =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(String(value).trim());
    const milliseconds = match ? Math.round(Number(match[1]) * durationUnits[match[2] ?? "ms"]!) : NaN;
    if (Number.isSafeInteger(milliseconds)) return milliseconds;
    context.addIssue({ code: "custom", message: "expected a duration such as 500ms, 30s, 10m or 2h" });
    return z.NEVER;
  });

/** A whole number of at least `least`, as a number or as text. */
export const count = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const number = /^\d+$/.test(String(value).trim()) ? Number(value) : NaN;
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    context.addIssue({
      code: "custom",
      message: `expected a whole number of at least ${least}${most < Number.MAX_SAFE_INTEGER ? ` and at most ${most}` : ""}`,
    });
    return z.NEVER;
  });

/** True or false; from text also `1`, `0`, `yes`, `no`. */
export const flag = () =>
  z.union([z.boolean(), z.string()]).transform((value, context) => {
    if (typeof value === "boolean") return value;
    if (/^(true|1|yes|on)$/i.test(value)) return true;
    if (/^(false|0|no|off)$/i.test(value)) return false;
    context.addIssue({ code: "custom", message: "expected true or false" });
    return z.NEVER;
  });

/** A list; from text, separated by commas. With `choices`, of these only. */
export const list = (choices?: readonly string[]) =>
  z.union([z.array(z.string()), z.string()]).transform((value, context) => {
    const items = Array.isArray(value)
      ? value
      : value
          .split(",")
          .map((item) => item.trim())
          .filter((item) => item !== "");
    if (!choices || (items.length > 0 && items.every((item) => choices.includes(item)))) return items;
    context.addIssue({ code: "custom", message: `expected one or more of ${choices.join(", ")}` });
    return z.NEVER;
  });

/** A table of text values; from text, `key=value` pairs separated by commas. */
export const table = () =>
  z.union([z.record(z.string(), z.string()), z.string()]).transform((value, context) => {
    if (typeof value !== "string") return value;
    const entries: [string, string][] = [];
    for (const pair of value.split(",").filter((part) => part.trim() !== "")) {
      const at = pair.indexOf("=");
      if (at < 1) {
        context.addIssue({ code: "custom", message: "expected key=value pairs separated by commas" });
        return z.NEVER;
      }
      entries.push([pair.slice(0, at).trim(), pair.slice(at + 1).trim()]);
    }
    return Object.fromEntries(entries);
  });

/** A table of whole numbers of at least `least`; from text, `key=number` pairs separated by commas. */
export const counts = (least: number) =>
  z
    .union([z.record(z.string(), z.union([z.number(), z.string()])), z.string()])
    .transform((value, context) => {
      const entries = typeof value === "string" ? table().safeParse(value).data : value;
      const numbers = Object.entries(entries ?? { "": "" }).map(
        ([key, text]) => [key, /^\d+$/.test(String(text).trim()) ? Number(text) : NaN] as const,
      );
      if (numbers.every(([, number]) => Number.isSafeInteger(number) && number >= least))
        return Object.fromEntries(numbers);
      context.addIssue({
        code: "custom",
        message: `expected key=number pairs with whole numbers of at least ${least}`,
      });
      return z.NEVER;
    });

/** An amount of money: a number of at least 0, as a number or as text. */
export const amount = () =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const number = /^\d+(\.\d+)?$/.test(String(value).trim()) ? Number(value) : NaN;
    if (Number.isFinite(number)) return number;
    context.addIssue({ code: "custom", message: "expected an amount such as 0.5 or 20" });
    return z.NEVER;
  });

/**
 * A table of lists; from text, `key=item,item,key=item`: an item without a key belongs to the last one, or to `default`.
 * A value of the table may be a list, or text with commas.
 */
export const chains = () =>
  z
    .union([z.record(z.string(), z.union([z.array(z.string()), z.string()])), z.string()])
    .transform((value): Readonly<Record<string, readonly string[]>> => {
      const split = (text: string): string[] =>
        text
          .split(",")
          .map((item) => item.trim())
          .filter((item) => item !== "");
      if (typeof value !== "string")
        return Object.fromEntries(
          Object.entries(value).map(([key, items]) => [
            key,
            typeof items === "string" ? split(items) : items,
          ]),
        );
      const result: Record<string, string[]> = {};
      let key = "default";
      for (const part of split(value)) {
        const at = part.indexOf("=");
        if (at > 0) key = part.slice(0, at).trim();
        const item = part.slice(at > 0 ? at + 1 : 0).trim();
        if (item !== "") (result[key] ??= []).push(item);
      }
      return result;
    });
