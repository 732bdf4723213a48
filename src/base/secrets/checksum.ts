import { crc32 } from "node:zlib";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** GitHub and npm: the last six characters are the CRC-32 of those before, in base 62. */
export function hasBase62Checksum(secret: string): boolean {
  let rest = crc32(secret.slice(0, -6));
  let sum = "";
  for (let place = 0; place < 6; place++) {
    sum = digits[rest % 62]! + sum;
    rest = Math.floor(rest / 62);
  }
  return secret.endsWith(sum);
}
