/** A relay between a client and a daemon that can spoil the connection. */
import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go. */
export type Way = 'to-server' | 'to-client';

export interface RelayOptions {
  /** Both ends are reset after that many bytes in one direction. */
  readonly cutAfter?: { readonly way: Way; readonly bytes: number };
  /** Nothing more is read from either side after that many bytes, and nobody is told. */
  readonly stallAfter?: { readonly way: Way; readonly bytes: number };
  /** The first one for a direction is what happens there. */
  readonly replace?: readonly Replacement[];
}

/** Occurrences of `from` become `to`, at most `times` in each direction. */
export interface Replacement {
  /** @default both */
  readonly way?: Way;
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

export interface Relay extends AsyncDisposable {
  /** `rsync://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Occurrences that were replaced. */
  readonly replaced: number;
}

/** Listen on a free port and pass everything on to another one. */
export async function startRelay(port: number, options: RelayOptions): Promise<Relay> {
  const sockets = new Set<Socket>();
  const state: State = { replaced: 0, stalled: false };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    const cut = (): void => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    pass(near, far, 'to-server', options, state, cut);
    pass(far, near, 'to-client', options, state, cut);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as { port: number };
  return {
    url: `rsync://127.0.0.1:${own}/`,
    get replaced() {
      return state.replaced;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface State {
  replaced: number;
  stalled: boolean;
}

function pass(
  from: Socket,
  to: Socket,
  way: Way,
  options: RelayOptions,
  state: State,
  cut: () => void,
): void {
  const { cutAfter, stallAfter } = options;
  const replace = options.replace?.find((one) => (one.way ?? way) === way);
  let bytes = 0;
  let left = replace?.times ?? 0;
  // The end of what arrived is held back as long as it may be the beginning of `replace.from`.
  let held: Buffer = Buffer.alloc(0);
  const replaceIn = (chunk: Buffer): Buffer => {
    let data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = Buffer.alloc(0);
    if (replace === undefined) return data;
    const done: Buffer[] = [];
    for (let at = data.indexOf(replace.from); at >= 0 && left > 0; left--) {
      done.push(data.subarray(0, at), Buffer.from(replace.to));
      data = data.subarray(at + replace.from.length);
      at = data.indexOf(replace.from);
      state.replaced++;
    }
    const keep = left > 0 ? partialMatch(data, replace.from) : 0;
    held = data.subarray(data.length - keep);
    return Buffer.concat([...done, data.subarray(0, data.length - keep)]);
  };
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (cutAfter?.way === way && bytes > cutAfter.bytes) return cut();
    if (stallAfter?.way === way && bytes > stallAfter.bytes) state.stalled = true;
    if (state.stalled) {
      from.pause();
      to.pause();
      return;
    }
    if (!to.write(replaceIn(chunk))) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => {
    if (!state.stalled) to.end(held);
  });
}

/** Length of the longest end of `data` that is a beginning of `text`. */
function partialMatch(data: Buffer, text: string): number {
  for (let length = Math.min(text.length - 1, data.length); length > 0; length--) {
    if (data.subarray(data.length - length).equals(Buffer.from(text.slice(0, length))))
      return length;
  }
  return 0;
}
