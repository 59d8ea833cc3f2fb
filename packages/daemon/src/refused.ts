/** The answer that ends a connection: `@ERROR: …` and a line in the log. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
  /** For the log; undefined logs nothing more. */
  readonly logged: string | undefined;

  constructor(message: string, logged?: string) {
    super(message);
    this.logged = logged;
  }
}
