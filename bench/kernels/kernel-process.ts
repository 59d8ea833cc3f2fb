import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinned } from '../measure/command.ts';
import type { KernelJob, KernelTime } from './worker.ts';

/** Our kernels, in a process of their own that keeps to one processor. */
export interface KernelProcess {
  /** One job at a time; undefined when there is no such implementation. */
  run(job: KernelJob): Promise<KernelTime | undefined>;
  stop(): void;
}

/** Start the process. */
export function startKernelProcess(cpu: number): KernelProcess {
  const script = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const [program = '', ...args] = pinned([process.execPath, script], cpu);
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let answer: PromiseWithResolvers<KernelTime | undefined> | undefined;
  child.on('message', (time) => answer?.resolve((time as KernelTime | null) ?? undefined));
  child.on('exit', () => answer?.reject(new Error('the kernel process ended')));
  return {
    run: async (job) => {
      answer = Promise.withResolvers();
      child.send(job);
      return answer.promise;
    },
    stop: () => {
      answer = undefined;
      child.kill();
    },
  };
}
