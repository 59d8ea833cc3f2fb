import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { ChecksumName } from '@deltawire/checksums';
import { measure, type Usage } from '../measure/command.ts';
import { type MeasuredDaemon, startMeasuredDaemon } from '../measure/daemon.ts';
import { realCommand } from '../measure/machine.ts';

/** CPU time a program's client spent, its start taken off. */
export interface ClientWork {
  readonly userMs: number;
  readonly systemMs: number;
  readonly literalBytes: number;
}

/**
 * Jobs that are nearly all generator, or nearly all sender, seen from outside: what a client of the
 * real daemon takes to sign a large basis for a tiny new file, and to send a large file. The other
 * end is another process and is not counted; the client's start is measured with tiny files and
 * taken off. A file that is replaced is only a link to the original.
 */
export class RsyncWork {
  readonly #directory: string;
  readonly #cpu: number;
  readonly #daemon: MeasuredDaemon;
  readonly #starts: Map<string, Usage> = new Map();

  private constructor(directory: string, cpu: number, daemon: MeasuredDaemon) {
    this.#directory = directory;
    this.#cpu = cpu;
    this.#daemon = daemon;
  }

  static async start(directory: string, cpu: number): Promise<RsyncWork> {
    for (const name of ['tiny', 'far', 'near']) mkdirSync(`${directory}/${name}`);
    writeFileSync(`${directory}/tiny/file`, '1');
    writeFileSync(`${directory}/other`, '2\n');
    const modules = { tiny: `${directory}/tiny`, far: `${directory}/far` };
    return new RsyncWork(directory, cpu, await startMeasuredDaemon(realCommand(), modules));
  }

  /** Sign `basis`, as the generator of a client that pulls. */
  async sign(
    program: readonly string[],
    name: ChecksumName,
    block: number,
    basis: string,
  ): Promise<ClientWork> {
    const pull = (file: string): Promise<ClientWork> => {
      const near = this.#place(file, 'near');
      return this.#run(program, name, block, [`${this.#url('tiny')}/file`, near]);
    };
    return this.#aboveStart(`sign ${program.join(' ')}`, pull, basis);
  }

  /** Search `target` for the blocks of `basis`, as a client that pushes. */
  async search(
    program: readonly string[],
    name: ChecksumName,
    block: number,
    basis: string,
    target: string,
  ): Promise<ClientWork> {
    const push = (file: string): Promise<ClientWork> => {
      this.#place(file === target ? basis : `${this.#directory}/other`, 'far');
      return this.#run(program, name, block, [file, `${this.#url('far')}/file`]);
    };
    return this.#aboveStart(`search ${program.join(' ')}`, push, target);
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #url(module: string): string {
    return `rsync://127.0.0.1:${this.#daemon.port}/${module}`;
  }

  #place(file: string, where: 'near' | 'far'): string {
    const path = `${this.#directory}/${where}/file`;
    rmSync(path, { force: true });
    linkSync(file, path);
    return path;
  }

  async #aboveStart(
    key: string,
    run: (file: string) => Promise<ClientWork>,
    file: string,
  ): Promise<ClientWork> {
    const known = this.#starts.get(key);
    const start = known ?? (await run(`${this.#directory}/other`));
    if (known === undefined) this.#starts.set(key, { ...start, peakBytes: 0 });
    const whole = await run(file);
    return {
      userMs: whole.userMs - start.userMs,
      systemMs: whole.systemMs - start.systemMs,
      literalBytes: whole.literalBytes,
    };
  }

  async #run(
    program: readonly string[],
    name: ChecksumName,
    block: number,
    ends: readonly string[],
  ): Promise<ClientWork> {
    const options = ['-I', '--no-W', `--block-size=${block}`, `--checksum-choice=${name}`];
    const argv = [...program, ...options, '--stats', ...ends];
    const { userMs, systemMs, output } = await measure(argv, { cpu: this.#cpu, precise: true });
    const literal = /^Literal data: ([\d,]+)/m.exec(output)?.[1] ?? '';
    return { userMs, systemMs, literalBytes: Number(literal.replaceAll(',', '')) };
  }
}
