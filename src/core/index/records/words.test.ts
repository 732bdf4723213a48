import { describe, expect, test } from "vitest";
import { createWordReader, hashTerm, splitWord } from "./words.ts";

describe("parts of a word", () => {
  const cases: readonly (readonly [word: string, terms: readonly string[]])[] = [
    ["parse", ["pars"]],
    ["parseConfigFile", ["pars", "config", "file", "parseconfigfile"]],
    ["XMLHttpRequest2", ["xml", "http", "request2", "xmlhttprequest2"]],
    ["HTTPServer", ["http", "server", "httpserver"]],
    ["getX", ["get", "getx"]],
    ["MAX_RETRY_COUNT", ["max", "retri", "count", "maxretrycount"]],
    ["__init__", ["init"]],
    ["sha256sum", ["sha256", "sum", "sha256sum"]],
    ["x", ["x"]],
    ["i18n", ["i18", "i18n"]],
    ["_", []],
    ["🙂", []],
    ["имяФайла", ["имя", "файла", "имяфайла"]],
    ["größe", ["größe"]],
    ["Straße", ["straße"]],
    ["名前", ["名前"]],
    ["設定ファイル", ["設定", "定フ", "ファ", "ァイ", "イル"]],
    ["名", ["名"]],
    ["使用Fastify框架", ["使用", "fastifi", "框架"]],
    ["한국어", ["한국", "국어"]],
  ];
  test.each(cases)("%s", (word, terms) => {
    expect(splitWord(word)).toEqual(terms);
  });

  test("a letter and its accent are the letter with the accent", () => {
    expect(splitWord("cafe\u0301")).toEqual(splitWord("café"));
  });
});

test("noise is not read: long numbers, hashes, what is longer than a name", () => {
  const read = createWordReader();
  for (const noise of ["12345", "0xdeadbeefdeadbeef0", "e3b0c44298fc1c149afbf4c8996fb924", "a".repeat(65)])
    expect(read(noise)).toEqual({ exact: 0, terms: [] });
  expect(read("1234").terms).toEqual([hashTerm("1234")]);
  expect(read("deadbeef").terms).toEqual([hashTerm("deadbeef")]);
  expect(read("abcdefabcdefabcdef").terms).toHaveLength(1);
});

test("a sentence without spaces is read, however long", () => {
  const read = createWordReader();
  const sentence = "設定".repeat(50);
  expect(new Set(read(sentence).terms)).toEqual(new Set([hashTerm("設定"), hashTerm("定設")]));
});

test("the same word is the same object, and words that look alike are told apart", () => {
  const read = createWordReader();
  expect(read("parseFile")).toBe(read("parseFile"));
  expect(read("parseFile").exact).not.toBe(read("ParseFile").exact);
  expect(read("parseFile").terms).toEqual(read("ParseFile").terms);
});
