import { AppError } from "../../base/errors.ts";

const cent = 0.01;

/** `$1.23`, `$0.00042`; `unknown` is not nothing. */
export function formatCost(costUsd: number | null): string {
  if (costUsd === null) return "unknown";
  return costUsd === 0 || costUsd >= cent ? `$${costUsd.toFixed(2)}` : `$${costUsd.toPrecision(2)}`;
}

/** A whole number from 1 to `most`. @throws AppError `usage` */
export function readCount(option: string, text: string | undefined, usual: number, most: number): number {
  const count = text === undefined ? usual : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new AppError(
    "usage",
    `${option} takes a whole number from 1 to ${most}, not ${JSON.stringify(text)}.`,
  );
}
