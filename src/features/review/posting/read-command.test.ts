import { expect, test } from "vitest";
import { isCommand } from "../../../extensions/hosts/reading/fields.ts";
import { readCommand } from "./read-command.ts";

const print = "0123456789abcdef0123456789abcdef";
const dismiss = (fingerprint: string | null, reason: string) => ({ name: "dismiss", fingerprint, reason });

test.each([
  ["/repowright help", { name: "help" }],
  ["/repowright", { name: "help" }],
  ["  /RepoWright   REVIEW  ", { name: "review" }],
  ["/repowright review please", { name: "review" }],
  ["\n/repowright\treview\r\nthanks", { name: "review" }],
  ["/repowright ask why is it\nso slow?", { name: "ask", question: "why is it\nso slow?" }],
  ["/repowright dismiss", dismiss(null, "")],
  ["/repowright dismiss it is\na  fixture", dismiss(null, "it is a fixture")],
  [`/repowright dismiss ${print} a fixture`, dismiss(print, "a fixture")],
  ["/repowright dismiss 01234567 a fixture", dismiss("01234567", "a fixture")],
  ["/repowright dismiss `01234567`: a fixture", dismiss("01234567", "a fixture")],
  ["/repowright dismiss <0123ABCD> a fixture", dismiss("0123abcd", "a fixture")],
  ["/repowright dismiss 01234567\na fixture", dismiss("01234567", "a fixture")],
  ["/repowright dismiss 01234567", dismiss("01234567", "")],
  // Too short, too long, or the beginning of a word: part of the reason.
  ["/repowright dismiss dead code", dismiss(null, "dead code")],
  [`/repowright dismiss ${print}${print}0 x`, dismiss(null, `${print}${print}0 x`)],
  ["/repowright dismiss deadbeef-like values", dismiss(null, "deadbeef-like values")],
  [`/repowright dismiss ${"x".repeat(2_000)}`, dismiss(null, "x".repeat(1_000))],
  ["/repowright restore 01234567", { name: "restore", fingerprint: "01234567" }],
  ["/repowright restore", { name: "restore", fingerprint: null }],
  ["/repowright\nreview", { name: "help" }],
  ["/repowright merge", { name: "unknown", word: "merge" }],
  ["/repowright __proto__", { name: "unknown", word: "__proto__" }],
  ["/repowright-bot review", null],
  ["/repowrights review", null],
  ["please /repowright review", null],
  ["> /repowright review", null],
  ["", null],
])("%j", (text, expected) => {
  expect(readCommand(text)).toEqual(expected);
  // What hosts hand on is what is read here.
  expect(isCommand(text)).toBe(expected !== null);
});
