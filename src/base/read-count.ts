import { AppError } from "./errors.ts";

/** The value of an option that takes a whole number from 1 to `most`; `usual` where it was not given. @throws AppError `usage` */
export function readCount(option: string, text: string | undefined, usual: number, most: number): number {
  const count = text === undefined ? usual : /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new AppError(
    "usage",
    `${option} takes a whole number from 1 to ${most}, not ${JSON.stringify(text)}.`,
  );
}
