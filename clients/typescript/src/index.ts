export { PasswordlessEdge, type Options } from "./client.js";
export { Problem, SignedOut, UnexpectedAnswer, type Challenge, type ProblemCode } from "./problem.js";
export type { Tokens, TokenStorage } from "./tokens.js";
