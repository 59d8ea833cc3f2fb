/** A connection whose peer has made up its mind. */
export interface ScriptedConnection {
  readonly input: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void>;
  end(): Promise<void>;
  close(): Promise<void>;
  /** Everything that was written. */
  sent(): Buffer;
}

/**
 * A connection whose peer says `script` and closes; what it is told is collected.
 *
 * @param script Bytes, or a byte string.
 * @param chunkLength Bytes that arrive at once. @default all of them
 */
export function scriptedConnection(
  script: string | Uint8Array,
  chunkLength?: number,
): ScriptedConnection {
  const bytes = typeof script === 'string' ? Buffer.from(script, 'latin1') : script;
  const size = chunkLength ?? Math.max(1, bytes.length);
  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return collecting(input());
}

/** A connection whose peer says nothing and stays. */
export function silentConnection(): ScriptedConnection {
  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    await new Promise(() => {});
    yield new Uint8Array(0);
  }
  return collecting(input());
}

function collecting(input: AsyncIterable<Uint8Array>): ScriptedConnection {
  const sent: Uint8Array[] = [];
  return {
    input,
    write: async (bytes) => {
      if (bytes instanceof Uint8Array) sent.push(bytes);
      else sent.push(...bytes);
    },
    end: async () => {},
    close: async () => {},
    sent: () => Buffer.concat(sent),
  };
}

/** Everything a connection still says, as a byte string. */
export async function readAll(input: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of input) text += Buffer.from(chunk).toString('latin1');
  return text;
}
