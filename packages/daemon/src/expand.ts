/** Variables that `%NAME%` may name; values are byte strings or text in ASCII. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replace `%VAR%`, whose name starts with an upper-case letter, by the variable's value; unknown
 * ones stay as they are, and so does `%%` (docs/spec/session.md §11.1).
 */
export const expandVariables = (value: string, env: Environment): string =>
  value.replaceAll(/%([A-Z][A-Za-z0-9_]*)%/g, (whole, name: string) => env[name] ?? whole);
