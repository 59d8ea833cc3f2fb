/** A relay between a client and a daemon that can spoil the connection. */
import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go. */
export type Way = 'to-server' | 'to-client';

export interface RelayOptions {
  /** Both ends are reset after that many bytes in one direction. */
  readonly cutAfter?: { readonly way: Way; readonly bytes: number };
  /** Nothing more is read from either side after that many bytes, and nobody is told. */
  readonly stallAfter?: { readonly way: Way; readonly bytes: number };
  /** Every occurrence of `from` becomes `to` (of the same length), at most `times`. */
  readonly replace?: {
    readonly way: Way;
    readonly from: string;
    readonly to: string;
    readonly times: number;
  };
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
  const { cutAfter, stallAfter, replace } = options;
  let bytes = 0;
  // The end of what arrived is held back as long as it may be the beginning of `replace.from`.
  let held: Buffer = Buffer.alloc(0);
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (cutAfter?.way === way && bytes > cutAfter.bytes) return cut();
    if (stallAfter?.way === way && bytes > stallAfter.bytes) state.stalled = true;
    if (state.stalled) {
      from.pause();
      to.pause();
      return;
    }
    let data = chunk;
    if (replace?.way === way && state.replaced < replace.times) {
      data = Buffer.concat([held, chunk]);
      for (let at = data.indexOf(replace.from); at >= 0; at = data.indexOf(replace.from, at)) {
        if (state.replaced === replace.times) break;
        data.write(replace.to, at, 'latin1');
        state.replaced++;
      }
      const keep = partialMatch(data, replace.from);
      held = data.subarray(data.length - keep);
      data = data.subarray(0, data.length - keep);
    } else if (held.length > 0) {
      data = Buffer.concat([held, chunk]);
      held = Buffer.alloc(0);
    }
    if (!to.write(data)) {
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
