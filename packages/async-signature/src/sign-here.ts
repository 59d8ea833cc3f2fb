import { readSync } from 'node:fs';
import { type Signature, signSync } from '@deltawire/signature';
import { publish } from './diagnostics.ts';
import type { SignRequest } from './request.ts';

/** Sign a file on the calling thread; `count` gets the bytes that were read, once it is signed. */
export function signHere(request: SignRequest, count: (bytes: number) => void): Signature {
  const { fd, layout, checksum, ndx } = request;
  const started = performance.now();
  let bytesRead = 0;
  const signature = signSync(
    (target, position) => {
      const bytes = readSync(fd, target, 0, target.length, position);
      bytesRead += bytes;
      return bytes;
    },
    layout,
    checksum,
  );
  count(bytesRead);
  const { fileLength } = layout;
  const outcome = 'inline';
  publish(() => {
    const totalMs = performance.now() - started;
    return { kind: 'settled', ndx, outcome, fileLength, totalMs };
  });
  return signature;
}
