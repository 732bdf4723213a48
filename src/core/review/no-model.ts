import type { ModelPart } from "../../contracts/review.ts";

/** A review's part of a model where none was asked. */
export const noModel: ModelPart = {
  state: "off",
  message: null,
  summary: null,
  walkthrough: [],
  name: null,
  calls: 0,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  dropped: 0,
};
