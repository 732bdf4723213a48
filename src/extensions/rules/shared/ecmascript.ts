/** Ids of the languages whose grammars name JavaScript's syntax the same way. */
export const ecmascript = ["javascript", "typescript", "tsx"] as const;
